"""Arithmetic of hearings: which of several sources to show, and what to doubt. No database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from places.federal_holidays import federal_holiday

# From the least trusted to the most: what the family remembers, up to what the court's own line says today. A rule of the
# crossing is no source at all: it speaks only where nobody else does.
# An older paper's time that went along with a hearing which was announced to move speaks before that rule, and is as uncertain.
TRUST = ("rule", "moved", "returnee", "lawyer", "nta", "sheet", "notice", "announced", "eoir")
ESTIMATED = frozenset({"rule", "moved"})
# What somebody heard or remembers: shown only where no official word speaks of the fact.
HEARSAY = frozenset({"returnee", "lawyer"})
# What can take a hearing off; a notice to appear only opens a case.
CANCELLING = frozenset({"sheet", "notice", "announced", "eoir"})
# An announcement speaks of all dates given before it: none of them contends with what it says.
SPEAKS_OF_EARLIER = frozenset({"announced"})

# People present within a day or two of their hearing; a report time further off belongs to an earlier date of the hearing.
REPORT_SPAN = timedelta(hours=48)
LONG_GAP = timedelta(hours=24)
SATURDAY = 5


class Statement(Protocol):
    """What a claim is here: who says it, when, and in which order it was noted."""

    @property
    def source(self) -> str: ...

    @property
    def said_on(self) -> date: ...

    @property
    def order(self) -> int: ...

    @property
    def value(self) -> object: ...


Said = TypeVar("Said", bound=Statement)


@dataclass(frozen=True, slots=True)
class Decision:
    """That somebody let one statement count: `order` is the place of the decision itself among what was noted."""

    counts: Statement
    order: int


@dataclass(frozen=True, slots=True)
class Resolution(Generic[Said]):
    """What to show of one fact: the statement that counts, those that say the same, and those that contend with it."""

    shown: Said | None
    agreeing: Sequence[Said] = ()
    contending: Sequence[Said] = ()

    @property
    def is_estimated(self) -> bool:
        """Whether nobody documented it."""
        return self.shown is not None and self.shown.source in ESTIMATED

    @property
    def in_conflict(self) -> bool:
        """Whether a source worth asking says something else."""
        return bool(self.contending)


def trust(source: str) -> int:
    """How much a source is trusted: higher is more. An unknown source is trusted least."""
    return TRUST.index(source) if source in TRUST else -1


def resolve(statements: Iterable[Said], decision: Decision | None = None) -> Resolution[Said]:
    """Which statement counts: official words before hearsay, hearsay before estimates; then the newest said, then the most trusted.

    Of each source only its latest word stands. Of two official words, or of two that are hearsay, another contends when it says
    something else and is either as new as the one that counts, or older but more trusted: a newer hearing notice supersedes the notice
    to appear. An announcement supersedes whatever was said before it. Hearsay never replaces an official word; it contends with one
    that is not newer than itself.

    A `decision` sets aside what said something else until then, and its word counts as an official one from then on; what is noted
    later is weighed by the same rule, so that it opens the matter anew where it contends.
    """
    statements = list(statements)
    if decision is not None and all(each.order != decision.counts.order for each in statements):
        decision = None  # its statement no longer counts among them: it decides nothing
    decided = decision.counts.order if decision else None
    latest: dict[tuple[str, int], Said] = {}
    for each in sorted(_left_by(decision, statements), key=lambda said: (said.said_on, said.order)):
        latest[each.source, _rank(each, decided)] = each
    words = sorted(
        latest.values(),
        key=lambda said: (_rank(said, decided), said.said_on, trust(said.source), said.order),
        reverse=True,
    )
    if not words:
        return Resolution(None)
    shown, others = words[0], [each for each in words[1:] if each.source not in ESTIMATED]
    differing = [each for each in others if each.value != shown.value]
    return Resolution(
        shown=shown,
        agreeing=tuple(each for each in others if each.value == shown.value),
        contending=tuple(
            each for each in differing if _contends(each, shown, is_weaker=_rank(each, decided) < _rank(shown, decided))
        ),
    )


def _rank(said: Statement, decided: int | None) -> int:
    """What kind of word it is: an estimate, hearsay, or official, which is also one that somebody `decided` to let count."""
    if said.source in ESTIMATED:
        return 0
    return 1 if said.source in HEARSAY and said.order != decided else 2


def _left_by(decision: Decision | None, statements: list[Said]) -> list[Said]:
    """What a decision leaves to be weighed."""
    if decision is None:
        return statements
    return [each for each in statements if each.order > decision.order or each.value == decision.counts.value]


def _contends(each: Statement, shown: Statement, *, is_weaker: bool) -> bool:
    """Whether another word than the one shown is worth asking about; `is_weaker` where it is hearsay beside an official one."""
    if each.said_on == shown.said_on:
        return True
    if is_weaker:
        return each.said_on > shown.said_on
    return shown.source not in SPEAKS_OF_EARLIER and trust(each.source) > trust(shown.source)


def fits(report_at: datetime, court_at: datetime) -> bool:
    """Whether a report time can belong to a hearing at `court_at`: not after it and at most `REPORT_SPAN` before."""
    return timedelta(0) <= court_at - report_at <= REPORT_SPAN


class Doubt(StrEnum):
    """What to look at twice before saving, and afterwards. None of it forbids saving."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAST = "past"
    LONG_GAP = "long_gap"
    AT_ONCE = "at_once"
    TWICE = "twice"


def doubts_of(
    *,
    court_on: date,
    court_at: datetime,
    report_at: datetime | None = None,
    now: datetime,
    is_twice: bool = False,
) -> tuple[Doubt, ...]:
    """What is odd about a hearing that somebody is about to note, or has noted; all moments aware.

    `is_twice`: the clocks show one of its wall times twice, as they do in the hour when summer time ends.
    """
    gap = court_at - report_at if report_at is not None else None
    found = {
        Doubt.WEEKEND: court_on.weekday() >= SATURDAY,
        Doubt.HOLIDAY: bool(federal_holiday(court_on)),
        Doubt.PAST: court_at < now,
        Doubt.LONG_GAP: gap is not None and gap > LONG_GAP,
        Doubt.AT_ONCE: gap == timedelta(0),
        Doubt.TWICE: is_twice,
    }
    return tuple(doubt for doubt, is_so in found.items() if is_so)


def wall(day: date, clock: time) -> datetime:
    """The wall time (naive) that a paper writes as a date and a time."""
    return datetime.combine(day, clock)
