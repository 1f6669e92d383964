"""The changes of a zone's clocks as calendars are told them (RFC 5545, 3.6.5), from the pinned table.

Written here and not by the calendar library: 7.3 of that says the onset of summer time on the clock that it begins, where the standard
has it on the clock that it ends, and a reader who keeps to the standard is then wrong from three to four in the morning, when people
stand at bridges. Each change is a part of its own, without lists or rules of dates, which not every calendar reads.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from places import zones

ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)


class State(NamedTuple):
    """What the clocks of a zone do for a while."""

    offset: timedelta
    name: str
    is_summer: bool


@cache
def vtimezone(zone: str, first: int, last: int) -> Timezone:
    """All changes of `zone` from the beginning of the year `first` to that of `last`."""
    begins, ends = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    before, table = _state(begins, zone), Timezone()
    table.add("tzid", zone)
    table.add_component(_observance(before, before.offset, begins.replace(tzinfo=None)))
    for moment in _changes(zone, begins, ends):
        after = _state(moment, zone)
        table.add_component(_observance(after, before.offset, (moment + before.offset).replace(tzinfo=None)))
        before = after
    return table


def _observance(state: State, offset_from: timedelta, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks do from `onset` on, a wall time on the clock that ends."""
    part = TimezoneDaylight() if state.is_summer else TimezoneStandard()
    part.add("dtstart", onset)
    part.add("tzoffsetfrom", offset_from)
    part.add("tzoffsetto", state.offset)
    part.add("tzname", state.name)
    return part


def _changes(zone: str, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The moments at which the clocks of `zone` begin to do something else; no zone changes twice within a day."""
    day = begins
    while day < ends:
        if _state(day, zone) != _state(day + ONE_DAY, zone):
            yield _change_within(zone, day, day + ONE_DAY)
        day += ONE_DAY


def _change_within(zone: str, before: datetime, after: datetime) -> datetime:
    was = _state(before, zone)
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2
        before, after = (middle, after) if _state(middle, zone) == was else (before, middle)
    return after.replace(microsecond=0)


def _state(moment: datetime, zone: str) -> State:
    local = zones.local(moment, zone)
    return State(local.utcoffset() or timedelta(), local.tzname() or zone, bool(local.dst()))
