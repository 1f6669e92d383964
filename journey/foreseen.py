"""Tells shelters how many leave for their hearing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from core.actors import Capability
from hearings.models import Hearing
from shelters.foreseen import Asked, foresees


@foresees("departures")
def summoned(asked: Asked) -> Mapping[date, int] | None:
    """How many people of the site must present at a bridge, by its calendar; their places stay theirs. One query."""
    if not asked.actor.can(Capability.SEE_PEOPLE):
        return None
    begins = datetime.combine(asked.first, time(), UTC) - timedelta(days=1)
    ends = datetime.combine(asked.last, time(), UTC) + timedelta(days=2)
    seen = Hearing.objects.visible_to(asked.actor).filter(household__site=asked.site)
    return seen.presenting_in(begins, ends).people_by_day()
