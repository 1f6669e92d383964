"""The page of a shelter that closes: who sleeps there and must go elsewhere, and what was promised there to others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from core.actors import Actor
from shelters.house_page import Due, due_at, with_what_is_due
from shelters.models import Shelter, ShelterQuerySet, Stay


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """Guests by room, and those who are to come: held for, asked for, on the way."""

    rooms: list[Any]
    households: int
    promised: tuple[Due, ...]
    is_open: bool

    @property
    def people(self) -> int:
        """How many sleep there."""
        return sum(room["people"] for room in self.rooms)

    @property
    def promised_people(self) -> int:
        """How many are to come."""
        return sum(due.people for due in self.promised)

    @property
    def named(self) -> list[UUID]:
        """Whose codes stand on the page."""
        return [UUID(due.household_uid) for due in self.promised if due.household_uid]


def houses_to_close(actor: Actor, now: datetime) -> ShelterQuerySet:
    """The shelters of `actor` with all that `closing_page` says of one."""
    seen = Shelter.objects.visible_to(actor).select_related("site__city")
    return with_what_is_due(seen, actor=actor, now=now)


def closing_page(house: Shelter, *, now: datetime) -> ClosingPage:
    """The page of `house`, one of `houses_to_close`. Two queries."""
    guests = Stay.objects.open().filter(unit__shelter=house)
    rooms = guests.order_by("unit__name").values("unit__name")
    return ClosingPage(
        rooms=list(rooms.annotate(people=Count("pk"), households=Count("household", distinct=True))),
        households=guests.values("household").distinct().count(),
        promised=due_at(house),
        is_open=house.is_open_at(now),
    )
