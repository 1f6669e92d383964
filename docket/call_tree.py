"""Whom to ask, and when, about people of whose hearing nobody knows what came. The order is data (`data/call_tree.csv`)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from core.look import Pill, Tone
from hearings.models import FollowUp

DATA = Path(__file__).with_name("data") / "call_tree.csv"
# Nobody knows anything so long after the hearing began: then they are asked about.
SILENCE = timedelta(hours=2)
GRAVE = timedelta(hours=12)

Answer = FollowUp.Answer
WELFARE = (Answer.SAFE, Answer.IN_DANGER)
ANSWERS: dict[Answer, tuple[Tone, str]] = {
    Answer.SAFE: ("ok", "circle-check"),
    Answer.IN_DANGER: ("stop", "alert-triangle"),
    Answer.NO_NEWS: ("warn", "minus"),
    Answer.NO_ANSWER: ("warn", "phone-off"),
    Answer.LOOKING: ("calm", "search"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody to ask, so long after the silence began."""

    contact: FollowUp.Contact
    after: timedelta
    icon: str


@dataclass(frozen=True, slots=True)
class Call:
    """A rung for one family: what was asked there, newest last, and from when on it is its turn."""

    rung: Rung
    asked: Sequence[FollowUp]
    turn_at: datetime
    is_due: bool

    @property
    def told(self) -> list[tuple[FollowUp, Pill]]:
        """What was asked there, each with what it came to."""
        return [(each, answer_pill(each)) for each in self.asked]

    @property
    def is_next(self) -> bool:
        """Whether nobody has asked there although it is time."""
        return self.is_due and not self.asked


@cache
def rungs() -> tuple[Rung, ...]:
    """The rungs in order."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rung(FollowUp.Contact(line["contact"]), timedelta(minutes=int(line["after_minutes"])), line["icon"])
            for line in csv.DictReader(file)
        )


def calls_of(asked: Sequence[FollowUp], *, silent_since: datetime, now: datetime) -> list[Call]:
    """The rungs for a family of which nothing is known since `silent_since`, with who was `asked`, as they stand at `now`."""
    return [
        Call(
            rung=rung,
            asked=[each for each in asked if each.contact == rung.contact],
            turn_at=silent_since + rung.after,
            is_due=silent_since + rung.after <= now,
        )
        for rung in rungs()
    ]


def next_call(calls: Sequence[Call]) -> Call | None:
    """The first one to make now; None while everybody whose turn it is was asked."""
    return next((call for call in calls if call.is_next), None)


def answer_pill(asked: FollowUp) -> Pill:
    """What somebody said."""
    tone, icon = ANSWERS[Answer(asked.answer)]
    return Pill(tone, icon, asked.get_answer_display())


def welfare_of(asked: Sequence[FollowUp]) -> Pill:
    """How they are, by the last who knew."""
    known = [each for each in asked if each.answer in WELFARE]
    return answer_pill(known[-1]) if known else Pill("warn", "heartbeat", _("Nobody knows how they are"))
