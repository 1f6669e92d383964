"""The days on which people present."""

from datetime import date, datetime

from core.actors import Actor
from hearings.models import Hearing

DAYS_AT_HAND = 5


def days_at_hand(*, actor: Actor, now: datetime, day: date | None = None) -> list[tuple[date, int]]:
    """The next days on which people present, with how many, and `day` among them; never empty."""
    ahead = Hearing.objects.visible_to(actor).ahead_of(now)
    days = dict(list(ahead.people_by_day().items())[:DAYS_AT_HAND])
    if day is not None:
        days.setdefault(day, 0)
    return sorted(days.items()) or [(now.date(), 0)]
