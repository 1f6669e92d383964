"""COVID-19 tests, which decide whether a household goes on to a shelter or to isolation."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.steps import take_step_with_deed
from cases.models import CovidTest, Household, Person
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError


class AlreadyResulted(DomainError):
    """The test has a result; a different one needs a new test."""

    code = "already_resulted"
    message = _("This test already has a result. Take a new test to note another one.")


class ResultBeforeTest(DomainError):
    """The result would be older than the test."""

    code = "result_before_test"
    message = _("The result cannot be older than the test. Check the times.")
    http_status = 422


@transaction.atomic
def take_tests(
    *,
    household: Household,
    people: Iterable[Person],
    kind: str,
    taken_at: datetime,
    actor: Actor,
    at: datetime,
) -> list[CovidTest]:
    """Note that `people` of `household` were tested at `taken_at`. Someone who waits for a result is not tested again.

    Raises NotAllowed.
    """
    policies.check_can_note_health(actor, household)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # a second tap waits, then finds it done
    who = list(people)
    waiting = set(CovidTest.objects.filter(person__in=who, result="").values_list("person_id", flat=True))
    tests = CovidTest.objects.bulk_create(
        CovidTest(person=person, kind=kind, taken_at=taken_at) for person in who if person.pk not in waiting
    )
    if tests:
        record(
            EventType.TEST_TAKEN,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            kind=kind,
            people=len(tests),
        )
    return tests


@transaction.atomic
def note_result(*, test: CovidTest, result: CovidTest.Result, actor: Actor, at: datetime) -> CovidTest:
    """Note the result of `test`, once, and move the household on.

    Detected isolates the person. When every adult has a result and nobody waits for one, the household is tested: minors are tested
    only with symptoms (domain.md, "The way through"). The event does not tell the result. Raises NotAllowed, AlreadyResulted,
    ResultBeforeTest.
    """
    household = Household.objects.select_for_update(no_key=True).get(people=test.person_id)
    policies.check_can_note_health(actor, household)
    if at < test.taken_at:
        raise ResultBeforeTest()
    if not CovidTest.objects.filter(pk=test.pk, result="").update(result=result, resulted_at=at):
        raise AlreadyResulted()
    record(EventType.TEST_RESULTED, subject=test, actor=actor, at=at, household=household.uid)
    if result == CovidTest.Result.DETECTED:
        take_step_with_deed(household=household, step=Step.ISOLATED, people=[test.person], actor=actor, at=at)
    people = list(household.people.prefetch_related("tests"))
    if all(_is_cleared(person, at) for person in people):
        take_step_with_deed(household=household, step=Step.TESTED, people=people, actor=actor, at=at)
    test.refresh_from_db()
    return test


def _is_cleared(person: Person, at: datetime) -> bool:
    """Whether nobody waits for a result of this person, and an adult has one."""
    tests = list(person.tests.all())
    if any(not test.result for test in tests):
        return False
    return bool(tests) or person.is_minor_on(at.date())
