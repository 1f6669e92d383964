"""Rooms as they are offered to a household, made of shelters read with their figures. No query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from places.models import City
from places.zones import local
from shelters.fitting import rules_of
from shelters.models import Shelter, Unit
from shelters.planning.problem import House
from shelters.planning.wishes import Offer
from shelters.rules import RoomRules

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A room with its rules, what it offers, and the places that can be given tonight; None where nobody knows them."""

    unit: Unit
    shelter: Shelter
    rules: RoomRules
    offer: Offer
    free: int | None

    def free_for(self, people: int, *, is_theirs: bool) -> int | None:
        """Places for a household of `people`; those held here for them are theirs."""
        if self.free is None:
            return None
        own = min(people, self.unit.places_held) if is_theirs else 0
        return self.free + own


def vacancies_of(shelters: Iterable[Shelter], *, at: datetime) -> list[Vacancy]:
    """Every room of `shelters` (read by `with_figures`), also of those that are closed, in their order."""
    return [
        Vacancy(unit, shelter, rules_of(_under(unit, shelter), at), _offer(unit, shelter, at), _free(unit, shelter))
        for shelter in shelters
        for unit in shelter.units.all()
    ]


def _under(unit: Unit, shelter: Shelter) -> Unit:
    """`unit` knowing its shelter without asking for it again."""
    unit.shelter = shelter
    return unit


def _free(unit: Unit, shelter: Shelter) -> int | None:
    """Never more than the whole shelter has free: those who are over in another room need these places."""
    return None if unit.capacity_places is None else min(unit.figures.free, shelter.figures.free)


def _offer(unit: Unit, shelter: Shelter, at: datetime) -> Offer:
    city, figures = shelter.site.city, shelter.figures
    return Offer(
        unit=unit.pk,
        shelter=shelter.pk,
        kind=unit.kind,
        city=city.pk,
        city_name=city.name,
        zone=city.zone,
        point=point_of(city),
        is_accessible=unit.is_accessible,
        is_lgbtq_safe=unit.is_lgbtq_safe,
        takes_pets=shelter.takes_pets,
        languages=frozenset(shelter.languages),
        services=frozenset(shelter.services),
        gate_opens=shelter.gate_opens,
        gate_closes=shelter.gate_closes,
        max_stay_days=shelter.max_stay_days,
        closes_on=local(shelter.closed_at, city.zone).date() if shelter.closed_at else None,
        load=(figures.occupied + figures.held) / figures.capacity if figures.capacity else 0.0,
        over=figures.over,
        count_age_days=None if shelter.counted_at is None else (at - shelter.counted_at) / DAY,
    )


def point_of(city: City) -> tuple[float, float] | None:
    """Where `city` is, as (latitude, longitude)."""
    if city.latitude is None or city.longitude is None:
        return None
    return float(city.latitude), float(city.longitude)


def house_of(shelter: Shelter) -> House:
    """A shelter in plain numbers."""
    figures = shelter.figures
    taken = figures.occupied + figures.held
    return House(key=shelter.pk, taken=taken, places=figures.capacity or 0, left=figures.free)
