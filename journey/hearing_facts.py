"""What the household page says of a hearing besides its two clocks: where the court sits, who must appear, judge and interpreter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.look import Pill
from core.look.parts import Text
from hearings.doubts import doubts_in_words
from hearings.models import Claim, Hearing
from hearings.rules import Doubt
from journey.families import Family
from places import languages

Fact = Claim.Fact


@dataclass(frozen=True, slots=True)
class Line:
    """One fact, in words, with what to know about it."""

    icon: str
    label: Text
    words: str
    pill: Pill | None = None


@dataclass(frozen=True, slots=True)
class HearingFacts:
    """The facts of a hearing as lines, what to look at twice, and whether sources differ on anything."""

    lines: list[Line]
    doubts: list[Text]
    in_conflict: bool


def facts_of(family: Family, *, now: datetime) -> HearingFacts | None:
    """The facts of the hearing ahead, fetched with its sources; for staff alone, never for a message."""
    hearing = family.hearing
    if hearing is None:
        return None
    odd = [doubt for doubt in hearing.doubts_at(now) if doubt is not Doubt.PAST]
    return HearingFacts(
        lines=list(_lines(hearing, family)),
        doubts=doubts_in_words(odd, court_on=hearing.court_on),
        in_conflict=hearing.is_in_conflict,
    )


def _lines(hearing: Hearing, family: Family) -> Iterable[Line]:
    yield _address(hearing)
    called = [family.called(member) for member in family.members if member.person.pk in _summoned(hearing)]
    if len(called) < len(family.members) or Fact.PEOPLE in hearing.conflicts:
        yield Line("users", Fact.PEOPLE.label, ", ".join(called) or "—", _differs(hearing, Fact.PEOPLE))
    if hearing.judge:
        yield Line("user", Fact.JUDGE.label, hearing.judge, _differs(hearing, Fact.JUDGE))
    if hearing.interpreter:
        words = languages.name_of(hearing.interpreter)
        yield Line("language", Fact.INTERPRETER.label, words, _differs(hearing, Fact.INTERPRETER))
    if Fact.KIND in hearing.conflicts:
        yield Line("calendar-event", Fact.KIND.label, hearing.get_kind_display(), _differs(hearing, Fact.KIND))


def _address(hearing: Hearing) -> Line:
    told: dict[str, Any] | None = getattr(hearing, "address", None)
    label = _("Where the court sits")
    if told is None:
        return Line("map-pin", label, _("No address known for that day"))
    pill = None if told["is_verified"] else Pill("warn", "alert-circle", _("address not verified"))
    return Line("map-pin", label, told["words"], pill)


def _summoned(hearing: Hearing) -> list[int]:
    return getattr(hearing, "summoned", [])


def _differs(hearing: Hearing, fact: Claim.Fact) -> Pill | None:
    return Pill("warn", "alert-circle", _("sources do not match")) if fact in hearing.conflicts else None
