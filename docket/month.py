"""The month as a small calendar, from which any day of the docket is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.utils.formats import date_format, get_format

from core.actors import Actor
from hearings.models import Hearing, HearingQuerySet

ONE_DAY = timedelta(days=1)
DAYS_AT_HAND = 5
# How far the next days with somebody are looked for before all that lies ahead is asked.
AT_HAND = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar and how many people present on it."""

    day: date
    people: int
    is_of_month: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Whole weeks around a month, in the order in which the reader's language writes them."""

    first: date
    weeks: Sequence[Sequence[Day]]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - ONE_DAY).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """The names of the days of the week, short and long."""
        return [(date_format(each.day, "D"), date_format(each.day, "l")) for each in self.weeks[0]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days at hand and the month around the one that is shown."""

    at_hand: Sequence[tuple[date, int]]
    month: Month


def calendar_of(*, day: date | None, month: date | None, today: date, actor: Actor, now: datetime) -> Calendar:
    """The next days on which people present, `day` among them, and the `month` asked for, or that of the day. One query, seldom two."""
    around = (month or day or today).replace(day=1)
    begins, ends = _bounds(around)
    visible = Hearing.objects.visible_to(actor)
    loads = _loads(_between(visible, min(begins, today - ONE_DAY), max(ends, today + AT_HAND)))
    at_hand = _at_hand(loads, now, day)
    if not at_hand:
        at_hand = _at_hand(_loads(visible.ahead_of(now)), now, day) or [(today, 0)]
    if day is None and month is None and at_hand[0][0].replace(day=1) != around:
        return replace(calendar_of(day=at_hand[0][0], month=None, today=today, actor=actor, now=now), at_hand=at_hand)
    return Calendar(at_hand, month_of(around, {each: load.people for each, load in loads.items()}))


def month_of(first: date, people: Mapping[date, int]) -> Month:
    """The weeks around the month that begins on `first`, with how many `people` present on each day."""
    begins, ends = _bounds(first)
    days = [begins + timedelta(days=number) for number in range((ends - begins).days)]
    drawn = [Day(day, people.get(day, 0), day.month == first.month) for day in days]
    return Month(first, [drawn[place : place + 7] for place in range(0, len(drawn), 7)])


def _at_hand(loads: Mapping[date, "_Load"], now: datetime, day: date | None) -> list[tuple[date, int]]:
    """The next days on which somebody must still present, and `day`; nothing where there is none and none was asked for."""
    ahead = [(each, load.people) for each, load in sorted(loads.items()) if load.last_at >= now][:DAYS_AT_HAND]
    if day is not None and day not in dict(ahead):
        ahead.append((day, loads[day].people if day in loads else 0))
    return sorted(ahead)


def _bounds(first: date) -> tuple[date, date]:
    """From the first day of the week in which the month begins to the end of the one in which it ends."""
    week_begins = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7  # Django counts from Sunday, Python from Monday
    begins = first - timedelta(days=(first.weekday() - week_begins) % 7)
    last = (first + timedelta(days=32)).replace(day=1) - ONE_DAY
    return begins, last + timedelta(days=7 - (last.weekday() - week_begins) % 7)


@dataclass(frozen=True, slots=True)
class _Load:
    people: int
    last_at: datetime


def _between(hearings: HearingQuerySet, begins: date, ends: date) -> HearingQuerySet:
    """Those whose people present from `begins` until before `ends`, wall dates; in UTC the bounds lie up to a day further out."""
    midnights = [datetime.combine(each, time(), UTC) for each in (begins - ONE_DAY, ends + ONE_DAY)]
    return hearings.presenting_in(*midnights)


def _loads(hearings: HearingQuerySet) -> dict[date, _Load]:
    """How many present on each wall date, and when the last of them."""
    days = hearings.annotate(day=Coalesce("report_on", "court_on")).order_by().values("day")
    counted = days.annotate(people=Count("summonses"), last_at=Max("present_at"))
    return {row["day"]: _Load(row["people"], row["last_at"]) for row in counted}
