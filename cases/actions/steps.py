"""Moving a household through reception."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Arrival, Household, Person, StepTaken
from cases.rules import household_step
from cases.states import RECEPTION, Step, can_move
from core.actors import Actor
from core.errors import DomainError


class StepCannotFollow(DomainError):
    """The journey has no such move, for example from deceased to summoned."""

    code = "step_cannot_follow"
    message = _("This household cannot take that step now. Check what was noted last.")


@transaction.atomic
def take_step(
    *, household: Household, step: Step, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> Household:
    """Note that `people` of `household` (all of them unless told) took `step` at `at`, whatever came before.

    A step of reception belongs to the last arrival and counts once: taking it again changes nothing. The household stands at the
    furthest step that all its people took. Raises NotAllowed, StepCannotFollow.
    """
    policies.check_can_edit(actor, household)
    return _take(household, step, people, actor, at)


@transaction.atomic
def take_step_with_deed(
    *, household: Household, step: Step, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> Household:
    """As `take_step`, for a deed of this house that has checked its own policy: a place given, a test resulted."""
    return _take(household, step, people, actor, at)


def _take(household: Household, step: Step, people: Iterable[Person] | None, actor: Actor, at: datetime) -> Household:
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    standing = Step(locked.step)
    members = list(Person.objects.filter(household=locked))
    who = members if people is None else list(people)
    if step not in RECEPTION:
        if step != standing and not can_move(standing, step):
            raise StepCannotFollow()
        now_at, taken = step, len(who)
    else:
        arrival = Arrival.objects.filter(household=locked).latest("occurred_at", "pk")
        fresh = StepTaken.objects.filter(arrival=arrival)
        before = set(fresh.filter(step=step).values_list("person_id", flat=True))
        rows = [
            StepTaken(person=person, arrival=arrival, step=step, occurred_at=at)
            for person in who
            if person.pk not in before
        ]
        StepTaken.objects.bulk_create(rows, ignore_conflicts=True)
        taken = len(rows)
        by_person: dict[int, set[Step]] = {person.pk: set() for person in members}
        for person_id, taken_step in fresh.values_list("person_id", "step"):
            by_person.setdefault(person_id, set()).add(Step(taken_step))
        now_at = household_step(frozenset(steps) for steps in by_person.values())
    if taken and now_at != standing:
        if not can_move(standing, now_at):
            raise StepCannotFollow()
        Household.objects.filter(pk=locked.pk).update(step=now_at, step_at=at)
    if taken:
        record(
            EventType.STEP_TAKEN,
            subject=locked,
            actor=actor,
            at=at,
            household=locked.uid,
            step=step,
            people=len(who),
            stands_at=now_at,
        )
    household.refresh_from_db(fields=["step", "step_at"])
    return household
