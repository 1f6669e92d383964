"""The coordinator's fourteen days: who comes against what is free, who is over, whose longest stay ends, who has not counted,
who is on the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Min, Q, Sum, TextField, Value
from django.db.models.functions import Cast

from core.actors import Actor
from core.look import short_day
from places.zones import day_begins, local
from shelters.asking import Owed, unanswered
from shelters.board import City, Line
from shelters.foreseen import Asked, foreseen
from shelters.freshness import Basis, basis
from shelters.models import Stay, Transfer
from shelters.moves import State
from shelters.overs import OverRoom, over_capacity
from shelters.tonight import House

DAYS = 14
A_DAY = timedelta(days=1)
HEIGHT, COLUMN = 400, 40


@dataclass(frozen=True, slots=True)
class Ending:
    """A shelter in which somebody's longest stay is over or ends within the days: how many people, the first on which day."""

    house: House
    people: int
    past: int
    first: date

    @property
    def words(self) -> str:
        """The first day, in words."""
        return short_day(self.first)


@dataclass(frozen=True, slots=True)
class Word:
    """A reason to sleep beyond the capacity, who gave it, and for how many people."""

    reason: str
    by: str
    people: int


@dataclass(frozen=True, slots=True)
class Over:
    """A room that is over, and why: each reason once, however many families it was given for."""

    room: OverRoom
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class Silent:
    """A shelter whose count is old, or was never made, and since when it has been asked for one."""

    house: House
    basis: Basis
    owed: Owed | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Transfers in one state."""

    state: State
    families: int
    people: int


@dataclass(frozen=True, slots=True)
class Day:
    """One of the days: None where nobody knows or this reader is not told. `left` is what is free tonight less all who are
    announced until then; below nought there are too few places.
    """

    on: date
    arrivals: int | None
    departures: int | None
    ending: int
    left: int

    @property
    def words(self) -> str:
        """The day."""
        return short_day(self.on)


@dataclass(frozen=True)
class Fortnight:
    """The days in a picture: columns of those who come and those who leave for a date, and a stair of the places left."""

    days: tuple[Day, ...]

    @property
    def width(self) -> int:
        """Units of the drawing."""
        return COLUMN * len(self.days)

    @cached_property
    def _top(self) -> int:
        """Where the picture ends: a stair far above all columns is cut there, and said in words."""
        highest = max(10, *(max(day.arrivals or 0, day.departures or 0) for day in self.days))
        return min(max(highest, *(day.left for day in self.days)), 2 * highest)

    @cached_property
    def _bottom(self) -> int:
        return min(0, *(day.left for day in self.days))

    def _y(self, people: int) -> float:
        return (self._top - people) * HEIGHT / (self._top - self._bottom)

    @property
    def zero(self) -> str:
        """Where nought stands."""
        return f"{self._y(0):.1f}"

    @property
    def stair(self) -> str:
        """Path of the places left."""
        steps = (
            f"{self._y(min(day.left, self._top)):.1f}H{COLUMN * place}" for place, day in enumerate(self.days, start=1)
        )
        return "M0 " + "V".join(steps)

    @property
    def is_cut(self) -> bool:
        """Whether the stair stands higher than the picture."""
        return any(day.left > self._top for day in self.days)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """What is drawn of each day."""
        return [self._column(place, day) for place, day in enumerate(self.days)]

    def _column(self, place: int, day: Day) -> dict[str, Any]:
        left = COLUMN * place
        come, leave, lack = self._y(day.arrivals or 0), self._y(day.departures or 0), self._y(min(0, day.left))
        zero = self._y(0)
        numbers = {
            "x": left + 7,
            "x2": left + 21,
            "middle": left + COLUMN / 2,
            "come": come,
            "come_height": zero - come,
            "leave": leave,
            "leave_height": zero - leave,
            "lack_height": lack - zero,
            "left": left,
        }
        return {name: f"{number:.1f}" for name, number in numbers.items()} | {"on": day.on}


@dataclass(frozen=True)
class Outlook:
    """All of it for one city."""

    city: City
    fortnight: Fortnight
    over: Sequence[Over]
    endings: Sequence[Ending]
    silent: Sequence[Silent]
    ways: Sequence[Way]
    sees_arrivals: bool
    sees_departures: bool

    @property
    def first_lack(self) -> Day | None:
        """The first day on which places are too few."""
        return next((day for day in self.fortnight.days if day.left < 0), None)

    @property
    def coming(self) -> int:
        """How many are announced for all the days."""
        return sum(day.arrivals or 0 for day in self.fortnight.days)

    @property
    def on_the_way(self) -> int:
        """How many people are being transferred."""
        return sum(way.people for way in self.ways)


def outlook(city: City, *, actor: Actor, now: datetime) -> Outlook:
    """The days from today for `city`, on its own calendar. At most four queries beyond those of the shelters."""
    zone = city.site.zone
    today = local(now, zone).date()
    dates = [today + place * A_DAY for place in range(DAYS)]
    asked = Asked(actor, city.site.pk, dates[0], dates[-1])
    arrivals, departures = foreseen("arrivals", asked), foreseen("departures", asked)
    houses = [line.house for line in city.lines]
    ends, ways, asked_for = _ends_ways_and_owed(houses, day_begins(dates[-1] + A_DAY, zone), zone, actor)
    fortnight = Fortnight(tuple(_days(dates, city.places.free, arrivals, departures, ends)))
    return Outlook(
        city=city,
        fortnight=fortnight,
        over=[Over(room, _words_of(room)) for room in over_capacity(houses, actor=actor)],
        endings=_endings(houses, ends, today),
        silent=_silent(city.lines, asked_for, now),
        ways=ways,
        sees_arrivals=arrivals is not None,
        sees_departures=departures is not None,
    )


Ends = Mapping[int, Mapping[date, int]]


def _days(
    dates: Sequence[date],
    free: int,
    arrivals: Mapping[date, int] | None,
    departures: Mapping[date, int] | None,
    ends: Ends,
) -> Iterable[Day]:
    coming = [(arrivals or {}).get(day, 0) for day in dates]
    for day, announced, so_far in zip(dates, coming, accumulate(coming), strict=True):
        yield Day(
            on=day,
            arrivals=None if arrivals is None else announced,
            departures=None if departures is None else departures.get(day, 0),
            ending=sum(of.get(day, 0) for of in ends.values()),
            left=free - so_far,
        )


def _ends_ways_and_owed(
    houses: Sequence[House], until: datetime, zone: str, actor: Actor
) -> tuple[Ends, list[Way], dict[int, Owed]]:
    """On which day how many longest stays end in each shelter before `until`, the transfers by state, and the counts owed. One query."""
    keys = [house.pk for house in houses]
    longest = {house.pk: house.max_stay_days for house in houses if house.max_stay_days is not None}
    lasts = ExpressionWrapper(F("unit__shelter__max_stay_days") * Value(A_DAY, DurationField()), DurationField())
    stays = (
        Stay.objects.open()
        .filter(unit__shelter__in=list(longest))
        .with_came_at()
        .annotate(ends=ExpressionWrapper(F("came_at") + lasts, DateTimeField()))
        .filter(ends__lt=until)
        .order_by()
    )
    ends_of = stays.values_list(Value("ends", TextField()), Cast("unit__shelter", TextField()), "ends").annotate(
        families=Value(0), people=Count("*")
    )
    moving = Transfer.objects.visible_to(actor).open().filter(Q(from_shelter__in=keys) | Q(to_shelter__in=keys))
    ways_of = (
        moving.order_by()
        .values_list(Value("way", TextField()), Cast("state", TextField()), Value(None, DateTimeField()))
        .annotate(families=Count("*"), people=Sum("people"))
    )
    owed_of = (
        unanswered(keys)
        .values_list(Value("owed", TextField()), Cast("shelter", TextField()))
        .annotate(first=Min("asked_at"), families=Count("*"), people=Value(0))
    )
    ends: dict[int, dict[date, int]] = {}
    ways: list[Way] = []
    owed: dict[int, Owed] = {}
    rows: Iterable[Any] = ends_of.union(ways_of, owed_of, all=True)
    for what, key, moment, families, people in rows:
        if what == "way":
            ways.append(Way(State(key), families, people))
        elif what == "owed":
            owed[int(key)] = Owed(local(moment, zone).date(), families)
        else:
            of, day = ends.setdefault(int(key), {}), local(moment, zone).date()
            of[day] = of.get(day, 0) + people
    return ends, sorted(ways, key=lambda way: list(State).index(way.state)), owed


def _words_of(room: OverRoom) -> list[Word]:
    people: dict[tuple[str, str], int] = {}
    for each in room.reasons:
        people[each.reason, each.by] = people.get((each.reason, each.by), 0) + each.people
    return [Word(reason, by, number) for (reason, by), number in people.items()]


def _endings(houses: Iterable[House], ends: Ends, today: date) -> list[Ending]:
    found = [
        Ending(house, sum(of.values()), sum(n for day, n in of.items() if day < today), min(of))
        for house in houses
        if (of := ends.get(house.pk))
    ]
    return sorted(found, key=lambda ending: (ending.first, -ending.people))


def _silent(lines: Iterable[Line], asked: Mapping[int, Owed], now: datetime) -> list[Silent]:
    told = [
        (line.house, basis(line.house.counted_at, line.house.counted_basis, line.house.count_off, now))
        for line in lines
    ]
    silent = [Silent(house, said, asked.get(house.pk)) for house, said in told if said.is_old]
    return sorted(silent, key=lambda one: (one.basis.at is not None, one.basis.at or now, one.house.name))
