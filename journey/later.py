"""The hearings of a family after its next one, as its page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.look import Pill, TwoClocks, long_day, long_day_of_year
from hearings.clocks import two_clocks
from hearings.models import Hearing, Trip, trip_of
from journey.families import Family
from journey.reached import Word
from journey.timeline import days_until


@dataclass(frozen=True, slots=True)
class Later:
    """One more hearing: when, in both clocks, whether they were told of it, and how they get there if somebody noted it."""

    hearing: Hearing
    day: str
    left: str
    clocks: TwoClocks
    told: Pill | None
    trip: Trip | None


def day_of(hearing: Hearing, now: datetime) -> str:
    """The day on which they must be there, in words; with its year where that is another one."""
    day = hearing.report_on or hearing.court_on
    return long_day(day) if day.year == now.year else long_day_of_year(day)


def later_of(family: Family, *, words: Mapping[int, Word], now: datetime) -> list[Later]:
    """The later hearings of `family` (`family_of`); `words` say how each was told, by its key."""
    return [_later(hearing, family, words.get(hearing.pk), now) for hearing in family.later]


def _later(hearing: Hearing, family: Family, word: Word | None, now: datetime) -> Later:
    return Later(
        hearing=hearing,
        day=day_of(hearing, now),
        left=days_until(hearing.present_at, now, family.zone),
        clocks=two_clocks(hearing, sleeps_in=family.sleeps_in, with_sources=False),
        told=word.pill if word else None,
        trip=trip_of(hearing),
    )
