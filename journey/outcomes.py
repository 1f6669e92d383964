"""What the household page says of hearings that are over: the last outcome with its deadlines, and one that nobody has noted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from cases.actions.reopening import REOPENABLE
from cases.policies import can_reopen
from core.actors import Actor
from core.look import Pill, long_day, long_day_of_year
from hearings import policies
from hearings.models import Hearing, Outcome
from hearings.outcome_rules import Result, deadline_of
from hearings.outcome_words import deadline_words, result_pill
from journey.families import Family

AT_MOST = 24  # outcomes: those of the last hearing are enough


@dataclass(frozen=True, slots=True)
class Got:
    """What somebody got: a pill, who (nobody named where all got the same), and the deadline that runs from it."""

    pill: Pill
    names: str
    deadline: str


@dataclass(frozen=True, slots=True)
class LastOutcome:
    """What came of the last hearing of which that is known."""

    hearing: UUID
    day: str
    source: str
    results: list[Got]
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A hearing that is over and of which nobody noted what came."""

    hearing: UUID
    day: str


@dataclass(frozen=True, slots=True)
class AfterCourt:
    """All that the page says about it; `is_closed` asks whether the case opens again."""

    last: LastOutcome | None
    unknown: Unknown | None
    may_note: bool
    may_reopen: bool


def outcome_facts() -> dict[str, Any]:
    """Sub-selects for `for_page`: standing outcomes, those of the last hearing first, and standing hearings, the earliest first."""
    outcomes = Outcome.objects.standing().filter(hearing__household=OuterRef("pk"))
    told = {name: name for name in "person_id result source decided_on appeal_reserved".split()}
    hearings = Hearing.objects.standing().filter(household=OuterRef("pk")).order_by("present_at", "pk")
    return {
        "outcome_rows": ArraySubquery(
            outcomes.order_by("-hearing__court_at", "hearing_id", "person__position", "pk").values(
                row=JSONObject(hearing="hearing__uid", court_on="hearing__court_on", **told)
            )[:AT_MOST]
        ),
        "standing_rows": ArraySubquery(
            hearings.values(row=JSONObject(uid="uid", court_at="court_at", court_on="court_on"))[:1]
        ),
    }


def after_court(family: Family, *, actor: Actor, now: datetime) -> AfterCourt:
    """What stands on the page of `family`, whose household was fetched `for_page`. No query."""
    household: Any = family.household
    return AfterCourt(
        last=_last(family, household.outcome_rows, actor, now),
        unknown=_unknown(household.standing_rows, now),
        may_note=policies.can_note(actor, household),
        may_reopen=household.step in REOPENABLE and can_reopen(actor, household),
    )


def _last(family: Family, rows: list[dict[str, Any]], actor: Actor, now: datetime) -> LastOutcome | None:
    if not rows:
        return None
    of_last = [row for row in rows if row["hearing"] == rows[0]["hearing"]]
    alike: dict[tuple[str, str, bool], list[int]] = {}
    for row in of_last:
        alike.setdefault((row["result"], row["decided_on"], row["appeal_reserved"]), []).append(row["person_id"])
    names = {member.person.pk: family.called(member) for member in family.members}
    source = of_last[0]["source"]
    return LastOutcome(
        hearing=UUID(rows[0]["hearing"]),
        day=_day(rows[0]["court_on"], now),
        source=str(Outcome.Source(source).label) if source else "",
        results=[_got(key, people, names, len(alike) > 1) for key, people in alike.items()],
        may_correct=policies.can_change(actor, family.household),
    )


def _got(key: tuple[str, str, bool], people: list[int], names: dict[int, str], differs: bool) -> Got:
    result, decided_on, appeals = key
    deadline = deadline_of(Result(result), decided_on=date.fromisoformat(decided_on), appeal_reserved=appeals)
    called = ", ".join(names[person] for person in people if person in names) if differs else ""
    return Got(result_pill(result), called, deadline_words(deadline) if deadline else "")


def _unknown(rows: list[dict[str, Any]], now: datetime) -> Unknown | None:
    if not rows or datetime.fromisoformat(rows[0]["court_at"]) > now:
        return None
    return Unknown(UUID(rows[0]["uid"]), _day(rows[0]["court_on"], now))


def _day(text: str, now: datetime) -> str:
    day = date.fromisoformat(text)
    return long_day(day) if day.year == now.year else long_day_of_year(day)
