"""How full the shelters of a city were at a moment that is past: the same figures, asked of the same dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from core import look
from shelters import rules
from shelters.board import bar_of
from shelters.models import Shelter, Unit
from shelters.rules import Places


@dataclass(frozen=True)
class HouseThen:
    """A shelter at that moment, with its rooms."""

    shelter: Shelter
    units: Sequence[Unit]

    @cached_property
    def places(self) -> Places:
        """The figures of all its rooms."""
        return rules.in_shelter(unit.figures for unit in self.units)

    @property
    def bar(self) -> look.Occupancy | None:
        """The bar to scale; none where nobody had said the capacity."""
        return bar_of(self.places)


@dataclass(frozen=True)
class Then:
    """Shelters of a city at that moment."""

    moment: datetime
    houses: Sequence[HouseThen]

    @cached_property
    def known(self) -> list[HouseThen]:
        """Those that had guests, or were open with a capacity that somebody had said."""
        return [
            house
            for house in self.houses
            if house.places.occupied or (house.places.capacity is not None and house.shelter.is_open_at(self.moment))
        ]

    @cached_property
    def places(self) -> Places:
        """The figures of those that are known: who was closed then adds no places."""
        return rules.in_city(house.places for house in self.known)

    @property
    def bar(self) -> look.Occupancy | None:
        """All of them in one bar."""
        return bar_of(self.places)


def at_moment(shelters: Sequence[Shelter], moment: datetime) -> Then:
    """`shelters` as they were at `moment`, one that is past. One query."""
    units = Unit.objects.filter(shelter__in=shelters).with_figures(moment, as_it_was=True).order_by("name")
    rooms: dict[int, list[Unit]] = {}
    for unit in units:
        rooms.setdefault(unit.shelter_id, []).append(unit)
    houses = [HouseThen(shelter, rooms.get(shelter.pk, ())) for shelter in shelters]
    return Then(moment, houses)
