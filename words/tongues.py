"""How each language says a day and an hour. Data, not translations of the application: messages are read by returnees, not staff."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "tongues.toml"
FALLBACK = "spa"


class Surety(StrEnum):
    """How sure the hour is: an estimate is never told as a fact, and the court's hour never as the hour to be there."""

    SURE = "sure"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language of messages. `is_signed` says whether people who speak it wrote the product's own texts."""

    code: str
    is_signed: bool
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    title: str
    time: Mapping[str, str]

    def weekday_of(self, wall: datetime) -> str:
        """The weekday of a local moment."""
        return self.weekdays[wall.weekday()]

    def date_of(self, wall: datetime) -> str:
        """Day and month of a local moment."""
        return self.date.format(number=wall.day, month=self.months[wall.month - 1])

    def time_of(self, wall: datetime, surety: Surety) -> str:
        """The hour of a local moment with how sure it is, or the advice to ask for it."""
        return self.time[surety].format(time=f"{wall:%H:%M}")


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language of messages by its ISO 639-3 code, in the order of the file."""
    return {
        code: Tongue(
            code=code,
            is_signed=said["signed"],
            weekdays=tuple(said["weekdays"]),
            months=tuple(said["months"]),
            date=said["date"],
            title=said["title"],
            time=said["time"],
        )
        for code, said in tomllib.loads(FILE.read_text()).items()
    }


def tongue_for(language: str) -> Tongue:
    """The tongue of `language`; Spanish for those that have no words yet."""
    return tongues().get(language, tongues()[FALLBACK])
