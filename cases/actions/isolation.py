"""Sleeping apart because of COVID-19: how the family isolates, when it is tested again, and that it is over."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.steps import take_step
from cases.models import Arrival, CovidTest, Household, Isolation, Person
from cases.standing import standing_of
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError


class IsolationOver(DomainError):
    """The isolation has ended."""

    code = "isolation_over"
    message = _("This isolation is already over.")


class RetestBeforeIsolation(DomainError):
    """The retest would be before the isolation began."""

    code = "retest_before_isolation"
    message = _("The retest cannot be before the isolation began.")
    http_status = 422


class AlreadyIsolated(DomainError):
    """The household is in isolation."""

    code = "already_isolated"
    message = _("This family is already in isolation.")


@transaction.atomic
def begin_isolation(*, household: Household, cause: Isolation.Cause, actor: Actor, at: datetime) -> Isolation:
    """Note that all of `household` isolate from `at` on because of `cause`, for `ISOLATION_DAYS` unless planned otherwise.

    A positive test does this by itself. Raises NotAllowed, AlreadyIsolated.
    """
    policies.check_can_note_health(actor, household)
    if Isolation.objects.open().filter(household=household).exists():
        raise AlreadyIsolated()
    take_step(household=household, step=Step.ISOLATED, actor=actor, at=at)
    isolation = Isolation.objects.open().get(household=household)
    Isolation.objects.filter(pk=isolation.pk).update(cause=cause)
    isolation.refresh_from_db()
    return isolation


@transaction.atomic
def plan_isolation(
    *, isolation: Isolation, way: Isolation.Way, retest_on: date, actor: Actor, at: datetime
) -> Isolation:
    """Note how the family isolates and on which day it is tested again. Raises NotAllowed, RetestBeforeIsolation, IsolationOver."""
    household = Household.objects.select_for_update(no_key=True).get(pk=isolation.household_id)
    policies.check_can_note_health(actor, household)
    if retest_on < household.day_at(isolation.begun_at):
        raise RetestBeforeIsolation()
    if not Isolation.objects.open().filter(pk=isolation.pk).update(way=way, retest_on=retest_on):
        raise IsolationOver()
    record(EventType.ISOLATION_PLANNED, subject=isolation, actor=actor, at=at, household=household.uid, way=way)
    isolation.refresh_from_db()
    return isolation


@transaction.atomic
def end_isolation(*, isolation: Isolation, ending: Isolation.Ending, actor: Actor, at: datetime) -> Isolation:
    """End `isolation` at `at` and let the household go on from where its steps say. Raises NotAllowed, IsolationOver."""
    household = Household.objects.select_for_update(no_key=True).get(pk=isolation.household_id)
    policies.check_can_note_health(actor, household)
    _end(household, isolation, ending, actor, at)
    isolation.refresh_from_db()
    return isolation


def end_if_nobody_is_positive(*, household: Household, actor: Actor, at: datetime) -> None:
    """End the isolation of `household`, locked by the deed that asks, where it rests on results and no standing one is positive."""
    isolation = Isolation.objects.open().filter(household=household, cause=Isolation.Cause.DETECTED).first()
    if isolation is None:
        return
    newest = CovidTest.objects.standing().exclude(result="").order_by("person_id", "-taken_at", "-pk")
    results = newest.filter(person__in=Person.objects.filter(household=household)).distinct("person_id")
    if all(test.result != CovidTest.Result.DETECTED for test in results):
        _end(household, isolation, Isolation.Ending.CORRECTED, actor, at)


def _end(household: Household, isolation: Isolation, ending: Isolation.Ending, actor: Actor, at: datetime) -> None:
    if not Isolation.objects.open().filter(pk=isolation.pk).update(ended_at=at, ending=ending):
        raise IsolationOver()
    if household.step == Step.ISOLATED:
        arrival = Arrival.objects.last_of(household)
        household.step, household.step_at = standing_of(household, list(household.people.all()), arrival), at
        Household.objects.filter(pk=household.pk).update(step=household.step, step_at=at)
    record(
        EventType.ISOLATION_ENDED,
        subject=isolation,
        actor=actor,
        at=at,
        household=household.uid,
        stands_at=household.step,
    )
