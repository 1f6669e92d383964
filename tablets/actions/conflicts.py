"""Deciding which of two words holds."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.covid import correct_result, note_results
from cases.actions.papers import correct_document, give_documents
from cases.actions.steps import take_step
from cases.models import CovidTest, Household, Person
from core.actors import Actor
from core.errors import DomainError
from tablets.facts import STEP_OF, facts_of, newest_paper, standing_value, steps_of
from tablets.models import HEALTH_CONFLICTS, Conflict, Fact


class AlreadyDecided(DomainError):
    """Somebody else decided it first."""

    code = "already_decided"
    message = _("Somebody has decided this already.")


class StandsOtherwise(DomainError):
    """What stands has changed since it was shown."""

    code = "stands_otherwise"
    message = _("Something else was noted meanwhile. Look at it again.")


@transaction.atomic
def decide_conflict(
    *,
    conflict: Conflict,
    choice: Conflict.Choice,
    seen: Any,
    reason: CovidTest.Correction = CovidTest.Correction.TYPED,
    actor: Actor,
    at: datetime,
) -> Conflict:
    """Let what stands hold, or what the tablet brought, which is then noted as on the pages.

    `seen` is what stood when the two were shown. A result that was brought corrects the standing one for `reason`. Raises NotAllowed,
    AlreadyDecided, StandsOtherwise and what the deeds raise.
    """
    standing = conflict.person.standing
    household = Household.objects.select_for_update(no_key=True).get(pk=standing.household_id)
    person = Person.objects.prefetch_related("documents", "tests").get(pk=standing.pk)
    policies.check_can_edit(actor, household)
    if conflict.fact in HEALTH_CONFLICTS:
        policies.check_can_note_health(actor, household)
    open_one = Conflict.objects.open().filter(pk=conflict.pk)
    if not open_one.update(choice=choice, decided_at=at, decided_by=actor.id):
        raise AlreadyDecided()
    facts = facts_of(person, household, steps_of([household]))
    if standing_value(conflict, person, facts) != seen:
        raise StandsOtherwise()
    if choice == Conflict.Choice.BROUGHT:
        _note(conflict, person, household, reason, actor=actor, at=at)
    record(EventType.CONFLICT_DECIDED, subject=conflict, actor=actor, at=at, household=household.uid, choice=choice)
    conflict.refresh_from_db()
    return conflict


def _note(
    conflict: Conflict,
    person: Person,
    household: Household,
    reason: CovidTest.Correction,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Note what the tablet brought, as if it had been noted now."""
    brought = conflict.brought_value
    if conflict.fact == Fact.RESULT:
        _note_result(person, household, CovidTest.Result(brought), reason, actor=actor, at=at)
    elif conflict.fact == Fact.DOCUMENTED:
        _note_paper(person, household, brought, actor, at)
    else:
        take_step(household=household, step=STEP_OF[Fact(conflict.fact)], people=[person], actor=actor, at=at)


def _note_result(
    person: Person,
    household: Household,
    result: CovidTest.Result,
    reason: CovidTest.Correction,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    test = next(iter(person.tests.all()))
    if test.result:
        correct_result(test=test, result=result, reason=reason, actor=actor, at=at)
    else:
        note_results(household=household, results={test.pk: result}, actor=actor, at=at)


def _note_paper(person: Person, household: Household, brought: Any, actor: Actor, at: datetime) -> None:
    ends = brought["valid_until"]
    dates: dict[str, Any] = {
        "issued_on": date.fromisoformat(brought["issued_on"]),
        "valid_until": date.fromisoformat(ends) if ends else None,
    }
    paper = newest_paper(person, brought["kind"])
    if paper is not None:
        correct_document(document=paper, **dates, actor=actor, at=at)
    else:
        give_documents(household=household, kind=brought["kind"], people=[person], **dates, actor=actor, at=at)
