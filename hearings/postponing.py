"""The arithmetic of a postponement by rule: which hearings it is about, and on which day each lands. No database, no clock.

The rule of 10 May 2020 (https://www.justice.gov/opa, joint statement of DHS and EOIR): hearings before 22 June present one month after the
date that their papers give, at the same port; on a weekend, on the Monday after. Those from 22 June on stay.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MONTHS_A_YEAR = 12


class Unit(models.TextChoices):
    """By what a hearing is shifted."""

    MONTHS = "months", _("calendar months")
    WEEKS = "weeks", _("weeks")
    DAYS = "days", _("days")
    DAY = "day", _("all to one day")


class Base(models.TextChoices):
    """The date that is counted from."""

    PAPERS = "papers", _("the date on their papers")
    SHOWN = "shown", _("the date that holds today")


class Adjusted(models.TextChoices):
    """Why a hearing lands on another day than the plain one."""

    NO = "", _("as counted")
    WEEKEND = "weekend", _("from a weekend to the Monday after")
    HOLIDAY = "holiday", _("from a holiday to the next working day")


class Refusal(models.TextChoices):
    """Why a hearing that the rule is about stays where it is."""

    OVER = "over", _("Their time to present is past")
    PAST = "past", _("The new date would be past already")
    ALREADY = "already", _("They have the new date already")
    EARLIER = "earlier", _("The new date would be earlier than the one that holds")
    NEWER_WORD = "newer", _("A source newer than the announcement gives their date")
    NO_SUCH_TIME = "no_time", _("The clocks skip this hour on the new day")
    COLLIDES = "collides", _("They have another hearing at that very moment")


IsHoliday = Callable[[date], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Hearings on days in `[from_on, before_on)` (open where None) of the court's calendar, and by how much they move.

    `courts`, `crossings` are keys and `kinds` codes; none of them means all. With `Unit.DAY` all land on `to_on`.
    """

    unit: Unit
    count: int = 0
    to_on: date | None = None
    from_on: date | None = None
    before_on: date | None = None
    base: Base = Base.PAPERS
    skips_holidays: bool = False
    courts: frozenset[int] = frozenset()
    crossings: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()

    def covers(self, day: date) -> bool:
        """Whether the rule is about a hearing on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.before_on is None or day < self.before_on)

    def plain_day(self, day: date) -> date:
        """Where a hearing on `day` lands before anybody looks at the calendar of the court. Raises OverflowError."""
        if self.unit == Unit.MONTHS:
            return months_later(day, self.count)
        if self.unit == Unit.DAY:
            return self.to_on or day
        return day + timedelta(weeks=self.count) if self.unit == Unit.WEEKS else day + timedelta(days=self.count)

    def new_day(self, day: date, is_holiday: IsHoliday) -> tuple[date, Adjusted]:
        """Where a hearing on `day` lands, never on a weekend, and why that is not the plain day. Raises OverflowError."""
        landed, adjusted = self.plain_day(day), Adjusted.NO
        while True:
            if landed.weekday() >= SATURDAY:
                adjusted = adjusted or Adjusted.WEEKEND
            elif self.skips_holidays and is_holiday(landed):
                adjusted = Adjusted.HOLIDAY
            else:
                return landed, adjusted
            landed += ONE_DAY

    def as_json(self) -> dict[str, Any]:
        """The rule as its row keeps it."""
        return {
            "unit": str(self.unit),
            "count": self.count,
            "base": str(self.base),
            "skips_holidays": self.skips_holidays,
            "courts": sorted(self.courts),
            "crossings": sorted(self.crossings),
            "kinds": sorted(self.kinds),
        } | {name: day.isoformat() for name in _DAYS if (day := getattr(self, name)) is not None}


_DAYS = ("to_on", "from_on", "before_on")


def rule_of(said: Mapping[str, Any]) -> Rule:
    """The rule that `Rule.as_json` wrote."""
    days = {name: date.fromisoformat(said[name]) for name in _DAYS if name in said}
    return Rule(
        unit=Unit(said["unit"]),
        count=said["count"],
        base=Base(said["base"]),
        skips_holidays=said["skips_holidays"],
        courts=frozenset(said["courts"]),
        crossings=frozenset(said["crossings"]),
        kinds=frozenset(said["kinds"]),
        **days,
    )


def months_later(day: date, months: int) -> date:
    """The same day `months` calendar months later; where that month is too short, its last day: 31 January and one month is 28 or
    29 February (an assumption: the announcement of 2020 does not say). Raises OverflowError."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not date.min.year <= year < date.max.year:
        raise OverflowError("no calendar reaches that month")
    first = date(year, month + 1, 1)
    last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    return first.replace(day=min(day.day, last.day))
