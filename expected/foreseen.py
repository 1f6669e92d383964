"""Tells shelters who is announced and has not come."""

from collections.abc import Mapping
from datetime import date

from core.actors import Capability
from expected.models import ExpectedDay
from shelters.foreseen import Asked, foresees


@foresees("arrivals")
def announced(asked: Asked) -> Mapping[date, int] | None:
    """How many announced people are still to come, by day. One query."""
    if not asked.actor.can(Capability.LOG_ARRIVAL):
        return None
    days = ExpectedDay.objects.visible_to(asked.actor).filter(site=asked.site, day__range=(asked.first, asked.last))
    return {day.day: max(0, day.people - day.people_came) for day in days.with_counts()}
