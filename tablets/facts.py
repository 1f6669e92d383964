"""What a tablet knows and says of a person at reception, in the one shape in which it travels: JSON values, None for nothing.

documented  {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07"}
tested      {"kind": "94558-4", "taken_at": "2021-12-08T17:45:00+00:00"}
result      "260415000"
received, isolated, placed    true
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.models import CovidTest, Document, Household, Person, StepTaken
from cases.states import Step
from core.actors import Actor, Capability
from tablets.models import HEALTH_FACTS, Conflict, Fact

Facts = dict[str, Any]

STEP_OF = {Fact.RECEIVED: Step.RECEIVED, Fact.ISOLATED: Step.ISOLATED, Fact.PLACED: Step.PLACED}


def steps_of(households: Iterable[Household]) -> Mapping[int, frozenset[Step]]:
    """The steps that each person took since the last arrival of their household, by the person's key. One query.

    A household that parted from another came by the arrival that the steps of its people tell of.
    """
    taken = StepTaken.objects.filter(person__household__in=list(households), person__merged_into=None)
    rows = list(taken.select_related("arrival", "person").only("step", "arrival__occurred_at", "person__household"))
    last: dict[int, tuple[datetime, int]] = {}
    for row in rows:
        came = (row.arrival.occurred_at, row.arrival_id)
        last[row.person.household_id] = max(came, last.get(row.person.household_id, came))
    found: dict[int, set[Step]] = defaultdict(set)
    for row in rows:
        if last[row.person.household_id][1] == row.arrival_id:
            found[row.person_id].add(Step(row.step))
    return {person_id: frozenset(steps) for person_id, steps in found.items()}


def facts_of(person: Person, household: Household, steps: Mapping[int, frozenset[Step]]) -> Facts:
    """Every fact of `person`, whose papers and tests are fetched already."""
    test = next(iter(person.tests.all()), None)
    taken = steps.get(person.pk, frozenset())
    return {
        Fact.RECEIVED: Step.RECEIVED in taken or None,
        Fact.DOCUMENTED: paper_value(next(iter(person.documents.all()), None)),
        Fact.TESTED: test_value(test),
        Fact.RESULT: (test.result or None) if test else None,
        Fact.ISOLATED: household.step == Step.ISOLATED or None,
        Fact.PLACED: Step.PLACED in taken or None,
    }


def told_to(actor: Actor, facts: Facts) -> Facts:
    """`facts` as far as `actor` may know them."""
    if actor.can(Capability.SEE_HEALTH):
        return facts
    return {fact: value for fact, value in facts.items() if fact not in HEALTH_FACTS}


def whereabouts(facts: Mapping[str, Any]) -> str | None:
    """Where somebody of whom `facts` are known sleeps: isolated, placed, or nobody knows yet."""
    return next((fact.value for fact in (Fact.ISOLATED, Fact.PLACED) if facts.get(fact)), None)


def paper_value(paper: Document | None) -> dict[str, Any] | None:
    """A document as it travels."""
    if paper is None:
        return None
    ends = paper.valid_until
    return {
        "kind": str(paper.kind),
        "issued_on": paper.issued_on.isoformat(),
        "valid_until": ends.isoformat() if ends else None,
    }


def test_value(test: CovidTest | None) -> dict[str, Any] | None:
    """A test as it travels, without its result."""
    return None if test is None else {"kind": str(test.kind), "taken_at": test.taken_at.isoformat()}


def newest_paper(person: Person, kind: str) -> Document | None:
    """The newest document of `kind` that `person` holds, of those that are fetched already."""
    return next((paper for paper in person.documents.all() if paper.kind == kind), None)


def standing_value(conflict: Conflict, person: Person, facts: Mapping[str, Any]) -> Any:
    """What stands now where `conflict` lies, in the shape of the fact."""
    if conflict.fact == Fact.DOCUMENTED:
        return paper_value(newest_paper(person, conflict.brought_value["kind"]))
    if conflict.fact in (Fact.ISOLATED, Fact.PLACED):
        return whereabouts(facts)
    return facts.get(conflict.fact)
