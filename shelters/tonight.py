"""Every shelter of an actor's sites counted in three queries, as plain facts: what the board, the map and the day read.

A page about one shelter reads its units with `UnitQuerySet.with_figures`. Both ask the same questions (`open`, `standing_at`,
`begun_by`) and put the answers into the one formula; here they are grouped, since 600 rooms asked one by one cost three
times as much, and objects of them as much again.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)

from core.actors import Actor
from core.questions import question
from places.models import Site
from shelters import rules
from shelters.models import Block, Capacity, Hold, Shelter, Stay, Unit
from shelters.models.houses import receives_at
from shelters.rules import Places


class FieldSite(NamedTuple):
    """The field site of a city, as a list of shelters names it; `point` is the (latitude, longitude) of the city."""

    pk: int
    code: str
    name: str
    city: int
    zone: str
    point: tuple[float, float] | None


class Room(NamedTuple):
    """A unit and its figures. `is_lgbtq_safe` is for those who may see needs."""

    pk: int
    name: str
    kind: str
    is_accessible: bool
    is_lgbtq_safe: bool
    is_closed_for_works: bool
    places: Places


@dataclass(frozen=True)
class House:
    """A shelter, its rules and its rooms, counted."""

    pk: int
    uid: UUID
    name: str
    operator: str
    site: FieldSite
    opened_at: datetime | None
    closed_at: datetime | None
    counted_at: datetime | None
    counted_basis: str
    count_off: int
    takes_pets: bool | None
    languages: tuple[str, ...]
    max_stay_days: int | None
    min_stay_days: int | None
    test_within_days: int | None
    rooms: tuple[Room, ...]

    @cached_property
    def places(self) -> Places:
        """The figures of all its rooms."""
        return rules.in_shelter(room.places for room in self.rooms)

    @cached_property
    def free_by_kind(self) -> dict[str, int]:
        """Free places by the kind of its rooms; zeros stay."""
        return rules.free_by_kind((room.kind, room.places) for room in self.rooms)

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it receives people at `moment`."""
        return not (self.opened_at and self.opened_at > moment) and not (self.closed_at and self.closed_at <= moment)


HOUSE = (
    *("pk", "uid", "name", "operator", "opened_at", "closed_at", "counted_at", "counted_basis", "count_off"),
    *("takes_pets", "languages", "max_stay_days", "min_stay_days", "test_within_days"),
)
SITE = ("pk", "code", "name", "city_id", "city__zone", "city__latitude", "city__longitude")


def houses_tonight(*, actor: Actor, now: datetime) -> list[House]:
    """The shelters `actor` sees that are open at `now` or still have guests, by city and name. Three queries."""
    rooms = _rooms(actor, now)
    houses = (_house(row, rooms) for row in _shelters(actor=actor))
    return [house for house in houses if house.is_open_at(now) or house.places.occupied]


@question
def _shelters(*, actor: Actor) -> QuerySet[Shelter, tuple[Any, ...]]:
    seen = Shelter.objects.visible_to(actor).order_by("site__parent__name", "name")
    return seen.values_list(*HOUSE, *(f"site__parent__{field}" for field in SITE))


def house_of(shelter: Shelter) -> House:
    """`shelter`, as read by `ShelterQuerySet.with_figures`."""
    rooms = tuple(
        Room(
            *(unit.pk, unit.name, unit.kind, unit.is_accessible, unit.is_lgbtq_safe),
            unit.is_closed_for_works,
            unit.figures,
        )
        for unit in shelter.units.all()
    )
    facts = {field: getattr(shelter, field) for field in HOUSE} | {"languages": tuple(shelter.languages)}
    return House(**facts, site=_site_of(shelter.site), rooms=rooms)


def _site_of(site: Site) -> FieldSite:
    """The field site over the site of a shelter: both stand in one city, and that one has been read."""
    field, city = site.parent or site, site.city
    return _field_site((field.pk, field.code, field.name, city.pk, city.zone), city.latitude, city.longitude)


def _house(row: tuple[Any, ...], rooms: dict[int, list[Room]]) -> House:
    facts = dict(zip(HOUSE, row, strict=False))
    site, code, name, city, zone, latitude, longitude = row[len(HOUSE) :]
    facts["languages"] = tuple(facts["languages"])
    where = _field_site((site, code, name, city, zone), latitude, longitude)
    return House(**facts, site=where, rooms=tuple(rooms.get(facts["pk"], ())))


@lru_cache(maxsize=64)
def _field_site(
    names: tuple[int, str, str, int, str], latitude: Decimal | None, longitude: Decimal | None
) -> FieldSite:
    return FieldSite(*names, None if latitude is None or longitude is None else (float(latitude), float(longitude)))


def _rooms(actor: Actor, now: datetime) -> dict[int, list[Room]]:
    """The rooms by shelter, each counted. Two queries."""
    counts = _counts(now)
    stays, at_court, out, unseen, holds, blocks, capacities, in_works = (counts[what] for what in COUNTED)
    found: dict[int, list[Room]] = {}
    for shelter, is_open, pk, name, kind, has_ramp, is_safe in _units(actor=actor, now=now):
        places = _figures(
            capacity=capacities.get(pk),
            occupied=stays.get(pk, 0),
            held=holds.get(pk, 0),
            blocked=blocks.get(pk, 0),
            away=at_court.get(pk, 0) + out.get(pk, 0),
            unseen=unseen.get(pk, 0),
            receives=is_open,
        )
        found.setdefault(shelter, []).append(Room(pk, name, kind, has_ramp, is_safe, pk in in_works, places))
    return found


@question
def _units(*, actor: Actor, now: datetime) -> QuerySet[Unit, tuple[int, bool, int, str, str, bool, bool]]:
    seen = Unit.objects.visible_to(actor).order_by("shelter", "name")
    receives = ExpressionWrapper(receives_at(now, of="shelter__"), BooleanField())
    return seen.values_list("shelter", receives, "pk", "name", "kind", "is_accessible", "is_lgbtq_safe")


# Most rooms have the figures that they had a minute ago.
_figures = lru_cache(maxsize=8192)(rules.in_unit)
COUNTED = ("stays", "at_court", "out", "unseen", "holds", "blocks", "capacity", "works")


def _counts(now: datetime) -> dict[str, dict[int, int]]:
    """What is counted of each unit, by `COUNTED`, in one query over all of them."""
    found: dict[str, dict[int, int]] = {what: {} for what in COUNTED}
    for what, unit, number in _numbers(now=now):
        found[what][unit] = number
    found["capacity"] |= found["works"]
    return found


@question
def _numbers(*, now: datetime) -> QuerySet[Any, tuple[str, int, int]]:
    in_force = Capacity.objects.begun_by(now).order_by("unit", "-valid_from", "-pk").distinct("unit")
    is_closed = Case(When(basis=Capacity.Basis.CLOSED, then=Value("works")), default=Value("capacity"))
    counts = (
        _grouped("stays", Stay.objects.open(), Count("*")),
        _grouped("at_court", Stay.objects.open().at_court(), Count("*")),
        _grouped("out", Stay.objects.open().out(), Count("*")),
        _grouped("unseen", Stay.objects.open().unseen(), Count("*")),
        _grouped("holds", Hold.objects.standing_at(now), Sum("places")),
        _grouped("blocks", Block.objects.standing_at(now), Sum("places")),
        in_force.values_list(is_closed, "unit", "places"),
    )
    united: QuerySet[Any, tuple[str, int, int]] = counts[0].union(*counts[1:], all=True)
    return united


def _grouped(what: str, rows: Any, number: Aggregate) -> Any:
    return rows.order_by().values_list(Value(what, TextField()), "unit").annotate(n=number)
