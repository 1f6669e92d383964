"""The hearings of a family after its next one, as its page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.look import Pill, TwoClocks, long_day, long_day_of_year
from hearings.clocks import two_clocks
from hearings.models import Hearing
from journey.families import Family
from journey.reached import Word
from journey.timeline import days_until


@dataclass(frozen=True, slots=True)
class Later:
    """One more hearing: when, in both clocks, and whether they were told of it."""

    hearing: Hearing
    day: str
    left: str
    clocks: TwoClocks
    told: Pill | None


def later_of(family: Family, *, words: Mapping[int, Word], now: datetime) -> list[Later]:
    """The later hearings of `family` (`family_of`); `words` say how each was told, by its key."""
    return [_later(hearing, family, words.get(hearing.pk), now) for hearing in family.later]


def _later(hearing: Hearing, family: Family, word: Word | None, now: datetime) -> Later:
    day = hearing.report_on or hearing.court_on
    return Later(
        hearing=hearing,
        day=long_day(day) if day.year == now.year else long_day_of_year(day),
        left=days_until(hearing.present_at, now, family.zone),
        clocks=two_clocks(hearing, sleeps_in=family.sleeps_in, with_sources=False),
        told=word.pill if word else None,
    )
