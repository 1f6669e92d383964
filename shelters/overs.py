"""Rooms in which more people sleep than there are places: how many, on whose word and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from core.actors import Actor
from shelters.models import Stay
from shelters.tonight import House, Room


@dataclass(frozen=True, slots=True)
class Reason:
    """Who let a family sleep beyond the capacity, when and why."""

    household: UUID
    code: str
    people: int
    reason: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OverRoom:
    """A room that is over now. `unnamed` of those beyond the capacity nobody let in: it shrank after they came."""

    house: House
    room: Room
    reasons: tuple[Reason, ...]

    @property
    def over(self) -> int:
        """How many sleep beyond the capacity."""
        return self.room.places.over

    @property
    def unnamed(self) -> int:
        """For how many of them nobody named a reason."""
        return max(0, self.over - sum(reason.people for reason in self.reasons))


def over_capacity(houses: Iterable[House], *, actor: Actor) -> list[OverRoom]:
    """The rooms of `houses` that are over, the worst first, with the standing reasons of families that `actor` may see.

    One query. Who was let in beyond a capacity that has room again is not told: nobody is over any more.
    """
    rooms = [(house, room) for house in houses for room in house.rooms if room.places.over]
    reasons = _reasons([room.pk for _, room in rooms], actor)
    over = [OverRoom(house, room, tuple(reasons.get(room.pk, ()))) for house, room in rooms]
    return sorted(over, key=lambda one: (-one.over, one.house.name, one.room.name))


def _reasons(units: list[int], actor: Actor) -> dict[int, list[Reason]]:
    if not units:
        return {}
    named = Stay.objects.open().visible_to(actor).filter(unit__in=units).exclude(over_capacity_reason="")
    fields = ("unit", "household__uid", "household__prefix", "household", "over_capacity_reason", "over_capacity_by")
    rows = named.order_by().values_list(*fields).annotate(n=Count("*"), since=Min("begins_at")).order_by("since")
    found: dict[int, list[Reason]] = {}
    for unit, uid, prefix, key, reason, by, people, since in rows:
        found.setdefault(unit, []).append(Reason(uid, f"{prefix}-{key:04d}", people, reason, by, since))
    return found
