"""How each language says a day and an hour. Data, not translations of the application: messages are read by returnees, not staff."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "tongues.toml"
SPOKEN_FILE = FILE.with_name("spoken.toml")
FEW_MINUTES = 10
FALLBACK = "spa"


class Surety(StrEnum):
    """How sure the hour is: an estimate is never told as a fact, and the court's hour never as the hour to be there."""

    SURE = "sure"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How a language says a day, an hour and a phone in words, without digits: a voice reads "04:30" as it likes."""

    numbers: tuple[str, ...]
    days: tuple[str, ...]
    hours: tuple[str, ...]
    date: str
    even: str
    few: str
    minutes: str
    time: Mapping[str, str]

    def hour_of(self, wall: datetime) -> str:
        """The hour of a local moment: "a las cuatro y treinta de la mañana"."""
        how = self.even if not wall.minute else self.few if wall.minute < FEW_MINUTES else self.minutes
        return self.hours[wall.hour].format(m=how.format(minutes=self.numbers[wall.minute]))

    def phone_of(self, phone: str) -> str:
        """Digit by digit, with a breath where it is written with a space."""
        groups = [[self.numbers[int(each)] for each in group if each.isdecimal()] for group in phone.split()]
        return ", ".join(" ".join(group) for group in groups if group)


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
    spoken: Spoken

    def weekday_of(self, wall: datetime) -> str:
        """The weekday of a local moment."""
        return self.weekdays[wall.weekday()]

    def date_of(self, wall: datetime) -> str:
        """Day and month of a local moment."""
        return self.date.format(number=wall.day, month=self.months[wall.month - 1])

    def time_of(self, wall: datetime, surety: Surety) -> str:
        """The hour of a local moment with how sure it is, or the advice to ask for it."""
        return self.time[surety].format(time=f"{wall:%H:%M}")

    def spoken_date_of(self, wall: datetime) -> str:
        """Day and month of a local moment in words."""
        return self.spoken.date.format(day=self.spoken.days[wall.day - 1], month=self.months[wall.month - 1])

    def spoken_time_of(self, wall: datetime, surety: Surety) -> str:
        """As `time_of`, in words."""
        return self.spoken.time[surety].format(time=self.spoken.hour_of(wall))


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language of messages by its ISO 639-3 code, in the order of the file."""
    spoken = tomllib.loads(SPOKEN_FILE.read_text())
    return {
        code: Tongue(
            code=code,
            is_signed=said["signed"],
            weekdays=tuple(said["weekdays"]),
            months=tuple(said["months"]),
            date=said["date"],
            title=said["title"],
            time=said["time"],
            spoken=_spoken(spoken[code]),
        )
        for code, said in tomllib.loads(FILE.read_text()).items()
    }


def tongue_for(language: str) -> Tongue:
    """The tongue of `language`; Spanish for those that have no words yet."""
    return tongues().get(language, tongues()[FALLBACK])


def _spoken(said: Mapping[str, Any]) -> Spoken:
    lists: dict[str, Any] = {name: tuple(said[name]) for name in ("numbers", "days", "hours")}
    return Spoken(**lists, **{name: said[name] for name in ("date", "even", "few", "minutes", "time")})
