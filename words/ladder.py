"""The ladder of reminders and its arithmetic: data, no database, no clock."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from places import zones
from words.models import Purpose

FILE = Path(__file__).parent / "data" / "ladder.toml"
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: so many days before the day of presenting, at a wall time of the place to present at.

    Without an hour it is due when people must leave. `only_far`: for those who sleep in another city than they present in.
    """

    key: str
    days_before: int
    at: time | None
    says: Purpose
    only_far: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs, and from when until when nobody is woken where they sleep."""

    rungs: tuple[Rung, ...]
    quiet_from: time
    quiet_until: time

    def rung(self, key: str) -> Rung | None:
        """The rung called `key`; None for one that is no longer on the ladder."""
        return next((rung for rung in self.rungs if rung.key == key), None)

    def is_quiet(self, moment: datetime, sleeps_zone: str) -> bool:
        """Whether people who sleep in `sleeps_zone` are not to be woken at `moment`."""
        return not self.quiet_until <= zones.local(moment, sleeps_zone).time() < self.quiet_from

    def last_before_quiet(self, moment: datetime, sleeps_zone: str) -> datetime:
        """`moment`, or the last permitted minute before the night into which it falls."""
        if not self.is_quiet(moment, sleeps_zone):
            return moment
        asleep = zones.local(moment, sleeps_zone)
        evening = asleep.date() if asleep.time() >= self.quiet_from else asleep.date() - timedelta(days=1)
        last = datetime.combine(evening, self.quiet_from) - ONE_MINUTE
        return zones.wall_to_utc(last, sleeps_zone)

    def first_after_quiet(self, moment: datetime, sleeps_zone: str) -> datetime:
        """`moment`, or the end of the night into which it falls."""
        if not self.is_quiet(moment, sleeps_zone):
            return moment
        asleep = zones.local(moment, sleeps_zone)
        morning = asleep.date() if asleep.time() < self.quiet_until else asleep.date() + timedelta(days=1)
        return zones.wall_to_utc(datetime.combine(morning, self.quiet_until), sleeps_zone)

    def due_moment(
        self, rung: Rung, *, present_at: datetime, zone: str, sleeps_zone: str, leave_at: datetime | None = None
    ) -> datetime | None:
        """When `rung` is due (UTC) for someone who must present at `present_at` in `zone` and sleeps in `sleeps_zone`.

        None for the departure of those of whom nobody knows when they must leave.
        """
        if rung.at is None:
            return leave_at and self.last_before_quiet(leave_at, sleeps_zone)
        day = zones.local(present_at, zone).date() - timedelta(days=rung.days_before)
        return self.last_before_quiet(zones.wall_to_utc(datetime.combine(day, rung.at), zone), sleeps_zone)


@cache
def ladder() -> Ladder:
    """The ladder of the file."""
    said = tomllib.loads(FILE.read_text())
    rungs = tuple(
        Rung(
            key=rung["key"],
            days_before=rung.get("days_before", 0),
            at=time.fromisoformat(rung["at"]) if "at" in rung else None,
            says=Purpose(rung["says"]),
            only_far=rung.get("only_far", False),
        )
        for rung in said["rungs"]
    )
    return Ladder(rungs, time.fromisoformat(said["quiet"]["from"]), time.fromisoformat(said["quiet"]["until"]))
