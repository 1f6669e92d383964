"""Wall clocks and moments, one IANA zone name per place (docs/adr/zones.md).

A moment is an aware datetime in UTC. A wall time is what a clock on the wall says, a naive datetime, and means nothing
without the zone of the wall. Everything here reads the tzdata package that requirements.txt pins.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class UnknownZone(DomainError):
    """No clock table goes by this name."""

    code = "unknown_zone"
    message = _("This time zone does not exist. Use a name such as America/Ciudad_Juarez.")
    http_status = 422


class NonexistentTime(DomainError):
    """The clocks jump over this wall time when summer time begins, or no calendar reaches it."""

    code = "nonexistent_time"
    message = _("The clocks skip this time on that day. Check the date and the time.")
    http_status = 422


def pin() -> None:
    """Make `zoneinfo` read the pinned tzdata package and never the machine's own tables.

    A system package older than 2022g lacks America/Ciudad_Juarez, and one that lags shows returnees a wrong hour.
    """
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()


@cache
def edition() -> str:
    """The edition of the pinned zone tables, as its package numbers it: "2026.6" is the IANA edition 2026f."""
    return version("tzdata")


def zone_named(name: str) -> ZoneInfo:
    """The clock table called `name`. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone() from error


def local(moment: datetime, zone: str) -> datetime:
    """`moment` (aware) as the clocks in `zone` show it."""
    return moment.astimezone(zone_named(zone))


def exists(wall: datetime, zone: str) -> bool:
    """Whether the clocks in `zone` ever show `wall` (naive)."""
    return _back(wall, zone, fold=0) == wall


def is_ambiguous(wall: datetime, zone: str) -> bool:
    """Whether the clocks in `zone` show `wall` (naive) twice, as they do in the hour when summer time ends."""
    return exists(wall, zone) and _utc(wall, zone, fold=0) != _utc(wall, zone, fold=1)


def wall_to_utc(wall: datetime, zone: str, *, later: bool = False) -> datetime:
    """The moment at which the clocks in `zone` show `wall` (naive).

    Of an ambiguous hour it is the earlier moment, because who comes early misses nothing, or the other one if `later`.
    Raises NonexistentTime, UnknownZone.
    """
    try:
        if not exists(wall, zone):
            raise NonexistentTime()
        return _utc(wall, zone, fold=1 if later else 0)
    except OverflowError:  # the last hours of the year 9999, or the first of the year 1
        raise NonexistentTime() from None


def day_begins(day: date, zone: str) -> datetime:
    """The moment at which `day` begins on the clocks in `zone`. Raises NonexistentTime where they skip midnight."""
    return wall_to_utc(datetime.combine(day, time()), zone)


def difference_minutes(moment: datetime, here: str, there: str) -> int:
    """How many minutes the clocks `here` are ahead of those `there` at `moment` (negative: behind)."""
    offset_here, offset_there = local(moment, here).utcoffset(), local(moment, there).utcoffset()
    return round(((offset_here or timedelta()) - (offset_there or timedelta())).total_seconds() / 60)


def _utc(wall: datetime, zone: str, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone_named(zone), fold=fold).astimezone(UTC)


def _back(wall: datetime, zone: str, *, fold: int) -> datetime:
    return local(_utc(wall, zone, fold=fold), zone).replace(tzinfo=None, fold=0)
