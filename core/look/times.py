"""Steps of a plan, ages of figures, waits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.look.parts import Text
from core.look.words import duration, short_day_of_year

FRESH, HOURS_OLD = timedelta(hours=1), timedelta(hours=12)
WAIT_WARNS, WAIT_STOPS = timedelta(minutes=90), timedelta(hours=3)


@dataclass(frozen=True)
class PlanStep:
    """One step of the plan read backwards from the bridge, its anchor. `time` is already local ("02:45").

    `moment` is the same, aware; `clock` names the city whose clocks show it and `day` its date, where the plan has several.
    """

    time: str
    title: Text
    note: Text = ""
    anchor: bool = False
    estimated: bool = False
    done: bool = False
    moment: datetime | None = None
    clock: Text = ""
    day: Text = ""

    @property
    def css(self) -> str:
        """Class of the step."""
        return "anchor" if self.anchor else "done" if self.done else ""


@dataclass(frozen=True)
class Age:
    """How old a figure is: `moment` (aware) when someone last saw it true. Built by `age_of`."""

    moment: datetime
    words: str
    tone: Literal["fresh", "hours", "old"] = "fresh"

    @property
    def disc(self) -> str:
        """Path of the filled part of the disc: whole, half or quarter."""
        paths = {
            "fresh": "M6 6V1A5 5 0 1 1 6 11A5 5 0 1 1 6 1Z",
            "hours": "M6 6V1A5 5 0 0 1 6 11Z",
            "old": "M6 6V1A5 5 0 0 1 11 6Z",
        }
        return paths[self.tone]


def age_of(moment: datetime, now: datetime, zone: str = "UTC") -> Age:
    """How old what was seen at `moment` is at `now`; clock times and days are said in `zone`."""
    past = max(timedelta(0), now - moment)
    minutes = int(past.total_seconds() // 60)
    if past < FRESH:
        return Age(moment, _("just now") if minutes < 1 else _("%(gap)s ago") % {"gap": duration(minutes)}, "fresh")
    if past < HOURS_OLD:
        return Age(moment, _("%(gap)s ago") % {"gap": duration(minutes // 60 * 60)}, "hours")
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return Age(moment, _("today %(time)s") % {"time": f"{local:%H:%M}"}, "old")
    if local.date() == today - timedelta(days=1):
        return Age(moment, _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}, "old")
    return Age(moment, short_day_of_year(local), "old")


@dataclass(frozen=True)
class Wait:
    """How long a family has waited: amber from an hour and a half, brick from three hours."""

    minutes: int
    css: Literal["", "warn", "stop"] = field(default="")

    @property
    def words(self) -> str:
        """The wait, "1 h 55"."""
        return duration(self.minutes)

    @property
    def icon(self) -> str:
        """A clock, or a clock that asks for attention."""
        return "clock-exclamation" if self.css else "clock"


def wait_of(since: datetime, now: datetime) -> Wait:
    """The wait from `since` to `now`, both aware."""
    past = max(timedelta(0), now - since)
    return Wait(int(past.total_seconds() // 60), "stop" if past >= WAIT_STOPS else "warn" if past >= WAIT_WARNS else "")
