"""How full a room, a shelter or a city was at any moment that is past, from dated stays, holds, blocks and capacities.

A moment costs what a moment of today costs; a series of days is one query, whose cost grows with what happened in those
days and not with all that ever did. Who was out for a night is not known of the past. Stays entered by mistake never were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Least

from core.look import History, Night
from places.zones import day_begins, local
from shelters import rules
from shelters.models import Block, Capacity, Hold, Stay, Unit
from shelters.rules import Places

DAYS = 90
JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Day:
    """The figures at the end of a day of the local calendar; of the last day, as they are now."""

    on: date
    places: Places


@dataclass(slots=True)
class _Counts:
    """What is known of one room, one number a day."""

    shelter: int
    days: int
    capacity: list[int | None] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    blocked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.capacity = [None] * self.days
        self.people, self.held, self.blocked = ([0] * (self.days + 1) for _ in range(3))

    def at(self, day: int) -> Places:
        """The figures of the room on a day, after `settle`."""
        return rules.in_unit(
            capacity=self.capacity[day], occupied=self.people[day], held=self.held[day], blocked=self.blocked[day]
        )

    def settle(self) -> None:
        """Turn comings and goings into how many there are."""
        self.people, self.held, self.blocked = (
            list(accumulate(counts)) for counts in (self.people, self.held, self.blocked)
        )


def daily(units: QuerySet[Unit], *, zone: str, now: datetime, days: int = DAYS) -> list[Day]:
    """The figures of `units` together on each of the last `days` days on the calendar of `zone`, oldest first. One query.

    Rooms of one shelter stand in for each other, shelters do not (`rules.in_shelter`, `rules.in_city`).
    """
    today = local(now, zone).date()
    calendar = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    moments = [*(night_of(day, zone) for day in calendar[:-1]), now]
    rooms = _rooms(units, moments)
    return [Day(day, _together(rooms, place)) for place, day in enumerate(calendar)]


def night_of(day: date, zone: str) -> datetime:
    """The last moment of `day` on the calendar of `zone`."""
    return day_begins(day + timedelta(days=1), zone) - JUST_BEFORE


def drawn(days: Sequence[Day]) -> History:
    """The picture of a series, from the first day on which anything is known."""
    known = (place for place, day in enumerate(days) if day.places.capacity is not None or day.places.occupied)
    begins = next(known, len(days))
    counts = ((day.on, day.places.occupied, day.places.capacity, day.places.over) for day in days[begins:])
    return History(tuple(Night(*count) for count in counts))


def _together(rooms: Iterable[_Counts], day: int) -> Places:
    by_shelter: dict[int, list[Places]] = {}
    for room in rooms:
        by_shelter.setdefault(room.shelter, []).append(room.at(day))
    return rules.in_city(rules.in_shelter(figures) for figures in by_shelter.values())


def _rooms(units: QuerySet[Unit], moments: Sequence[datetime]) -> list[_Counts]:
    rooms: dict[int, _Counts] = {}
    noted = []
    for what, unit, shelter, begins, ends, number in _spans(units, moments):
        room = rooms.setdefault(unit, _Counts(shelter, len(moments)))
        if what == "unit":
            continue
        if what == "capacity":
            noted.append((begins, room, number))
            continue
        counts: list[int] = getattr(room, what)
        counts[begins] += number
        counts[ends if ends is not None else len(moments)] -= number
    for begins, room, places in sorted(noted, key=lambda one: one[0]):
        room.capacity[begins:] = [places] * (len(moments) - begins)
    for room in rooms.values():
        room.settle()
    return list(rooms.values())


def _spans(units: QuerySet[Unit], moments: Sequence[datetime]) -> QuerySet[Any, Any]:
    """(what, unit, shelter, first day, first day without or None, how many) of all that touches `moments`, in one query.

    A day is the number of moments before it: what begins at a moment is there at it, what ends at it is not.
    """
    first, last = moments[0], moments[-1]
    known = {"unit__in": units.order_by().values("pk")}
    stays = Stay.objects.real().filter(**known, begins_at__lte=last)
    holds = Hold.objects.filter(
        Q(released_at__isnull=True) | Q(released_at__gt=first), **known, begins_at__lte=last, expires_at__gt=first
    )
    blocks = Block.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=first), **known, begins_at__lte=last)
    everyone, places = Count("*"), Sum("places")
    released = Least("expires_at", "released_at")
    nothing = Value(None, IntegerField())
    spans: tuple[QuerySet[Any, Any], ...] = (
        _grouped("people", stays.filter(ends_at__isnull=True), nothing, everyone, moments),
        _grouped("people", stays.filter(ends_at__gt=first), _before("ends_at", moments), everyone, moments),
        _grouped("held", holds, _before(released, moments), places, moments),
        _grouped("blocked", blocks, _before("ends_at", moments), places, moments),
        _capacities(known, moments),
        units.order_by().values_list(Value("unit", TextField()), "pk", "shelter", nothing, nothing, Value(0)),
    )
    together: QuerySet[Any, Any] = spans[0].union(*spans[1:], all=True)
    return together


def _grouped(what: str, rows: QuerySet[Any], ends: Any, number: Any, moments: Sequence[datetime]) -> QuerySet[Any, Any]:
    spans = rows.order_by().annotate(what=Value(what, TextField()), first=_before("begins_at", moments), past=ends)
    told: QuerySet[Any, Any] = spans.values_list("what", "unit", "unit__shelter", "first", "past").annotate(n=number)
    return told


def _capacities(known: dict[str, Any], moments: Sequence[datetime]) -> QuerySet[Any, Any]:
    """Each capacity that was in force on a day: of several noted in one day, the last."""
    noted = Capacity.objects.filter(**known, valid_from__lte=moments[-1]).annotate(
        what=Value("capacity", TextField()),
        first=_before("valid_from", moments),
        past=Value(None, IntegerField()),
    )
    last = noted.order_by("unit", "first", "-valid_from", "-pk").distinct("unit", "first")
    return last.values_list("what", "unit", "unit__shelter", "first", "past", "places")


def _before(moment: Any, moments: Sequence[datetime]) -> Func:
    """How many of `moments` stand before `moment`."""
    said = F(moment) if isinstance(moment, str) else moment
    just_before = ExpressionWrapper(said - Value(JUST_BEFORE, DurationField()), DateTimeField())
    listed = Value(list(moments), ArrayField(DateTimeField()))
    return Func(just_before, listed, function="width_bucket", output_field=IntegerField())
