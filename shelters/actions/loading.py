"""Bringing the public observations in, through the same deeds as everyone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

from django.db import transaction

from core.actors import Actor
from places.models import Site
from places.zones import wall_to_utc
from shelters import sources
from shelters.actions.capacity import set_capacity
from shelters.actions.closing import close_shelter
from shelters.actions.houses import note_observation, open_shelter, open_unit
from shelters.models import Capacity, Shelter, Unit
from shelters.rules import Kind
from shelters.sources import BadSource

Line = Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """How many shelters, rooms, capacities and observations a loading added."""

    shelters: int = 0
    units: int = 0
    capacities: int = 0
    observations: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was new."""
        return not (self.shelters or self.units or self.capacities or self.observations)


@dataclass(slots=True)
class _House:
    """A shelter in the files: what was said of it, oldest first, and its rooms."""

    code: str
    name: str
    city: str
    said: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)


@transaction.atomic
def load_public(*, actor: Actor, at: datetime, folder: Path = sources.DATA) -> Tally:
    """Load the public observations in `folder`, all of them or nothing; what is there already is left alone.

    Raises NotAllowed, BadSource.
    """
    tally = Tally()
    for house in _houses(folder):
        shelter = _shelter(house, tally, actor=actor, at=at)
        units = [_unit(shelter, line, tally, actor=actor, at=at) for line in house.units]
        for line in house.said:
            _note(shelter, line, tally, actor=actor, at=at)
            _note_capacities(shelter, units, line, tally, actor=actor, at=at)
            closes_on = sources.closes_on(line["rules_or_note"])
            if closes_on and shelter.closed_at is None:
                closes_at = wall_to_utc(datetime.combine(closes_on, time()), shelter.site.city.zone)
                close_shelter(shelter=shelter, closes_at=closes_at, actor=actor, at=at)
    return tally


def _houses(folder: Path) -> list[_House]:
    houses: dict[tuple[str, str], _House] = {}
    for line in sources.lines("shelter_units.csv", folder):
        key = (line["name"], line["city"])
        houses.setdefault(key, _House(line["code"], *key)).units.append(line)
    for line in sources.lines("shelters_public.csv", folder):
        try:
            houses[(line["name"], line["city"])].said.append(line)
        except KeyError:
            raise BadSource(f"shelter_units.csv: no {line['name']!r} in {line['city']}") from None
    for house in houses.values():
        house.said.sort(key=lambda line: line["as_of"] if sources.first_day(line["as_of"]) else "")
    return list(houses.values())


def _shelter(house: _House, tally: Tally, *, actor: Actor, at: datetime) -> Shelter:
    known = Shelter.objects.select_related("site__city").filter(site__code=house.code).first()
    if known is not None:
        return known
    parent = Site.objects.field().filter(code=house.code.partition("-")[0], city__name=house.city).first()
    if parent is None:
        raise BadSource(f"shelter_units.csv: {house.code} has no field site in {house.city}; run load_places first")
    if not house.said:
        raise BadSource(f"shelters_public.csv: nothing said of {house.name!r}")
    tally.shelters += 1
    return open_shelter(
        parent=parent,
        code=house.code,
        name=house.name,
        operator=sources.operator_of(house.said[-1]["operator"]),
        opened_at=None,
        actor=actor,
        at=at,
    )


def _unit(shelter: Shelter, line: Line, tally: Tally, *, actor: Actor, at: datetime) -> Unit:
    known = Unit.objects.select_related("shelter").filter(shelter=shelter, name=line["unit"]).first()
    if known is not None:
        return known
    tally.units += 1
    return open_unit(shelter=shelter, name=line["unit"], kind=Kind(line["kind"]), actor=actor, at=at)


def _note(shelter: Shelter, line: Line, tally: Tally, *, actor: Actor, at: datetime) -> None:
    _, is_new = note_observation(
        shelter=shelter,
        as_of=line["as_of"],
        observed_on=sources.first_day(line["as_of"]),
        capacity_said=line["capacity_reported"],
        capacity_places=sources.capacity_said(line["capacity_reported"]).places,
        occupancy_said=line["occupancy_reported"],
        occupancy_people=sources.people_said(line["occupancy_reported"]),
        note=line["rules_or_note"],
        source=line["source"],
        actor=actor,
        at=at,
    )
    tally.observations += is_new


def _note_capacities(
    shelter: Shelter, units: list[Unit], line: Line, tally: Tally, *, actor: Actor, at: datetime
) -> None:
    """Capacities from what one line says: for the only room, or for each room of a kind that it splits the number by."""
    day, said = sources.first_day(line["as_of"]), sources.capacity_said(line["capacity_reported"])
    if day is None:
        return
    is_closed = sources.is_closed_for_works(line["rules_or_note"])
    valid_from = wall_to_utc(datetime.combine(day, time()), shelter.site.city.zone)
    for unit in units:
        places = 0 if is_closed else said.by_kind.get(unit.kind) if len(units) > 1 else said.usable
        if places is None or unit.capacities.filter(valid_from=valid_from).exists():
            continue
        tally.capacities += 1
        set_capacity(
            unit=unit,
            places=places,
            basis=Capacity.Basis.CLOSED if is_closed else Capacity.Basis.NOMINAL,
            source=line["source"][:200],
            valid_from=valid_from,
            actor=actor,
            at=at,
        )
