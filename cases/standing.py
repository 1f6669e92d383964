"""Where a household stands, asked of the steps that its people took since they last came over the bridge."""

from collections.abc import Sequence

from cases.models import Arrival, Household, Isolation, Person, StepTaken
from cases.rules import household_step
from cases.states import Step


def standing_of(household: Household, members: Sequence[Person], arrival: Arrival) -> Step:
    """Where the steps since `arrival` let `household` of `members` stand.

    An isolation is over when its row says so, whatever the steps say; a place given before it began does not lead out of it. Two
    queries.
    """
    isolation = Isolation.objects.open().filter(household=household).first()
    by_person: dict[int, set[Step]] = {person.pk: set() for person in members}
    taken = StepTaken.objects.filter(arrival=arrival, person__in=members)
    for person_id, step, occurred_at in taken.values_list("person_id", "step", "occurred_at"):
        was_before = isolation is not None and step == Step.PLACED and occurred_at < isolation.begun_at
        if not was_before and not (step == Step.ISOLATED and isolation is None):
            by_person[person_id].add(Step(step))
    if isolation is not None and members:
        by_person[members[0].pk].add(Step.ISOLATED)
    return household_step(frozenset(steps) for steps in by_person.values())
