"""COVID-19 tests, which decide whether a household goes on to a shelter or to isolation."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.isolation import end_if_nobody_is_positive
from cases.actions.steps import move_with_deed
from cases.actions.taps import Move, note_tap
from cases.kinds import test_kinds
from cases.models import Arrival, CovidTest, Household, Person, Tap
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations


class AlreadyResulted(DomainError):
    """The test has a result; a different one needs a correction or a new test."""

    code = "already_resulted"
    message = _("This test already has a result. Correct it with its reason, or take a new test.")


class ResultBeforeTest(DomainError):
    """The result would be older than the test."""

    code = "result_before_test"
    message = _("The result cannot be older than the test. Check the times.")
    http_status = 422


class UnknownTest(DomainError):
    """The code stands for no kind of test."""

    code = "unknown_test"
    message = _("This kind of test is not known here. Choose one of the list.")
    http_status = 422


class NothingToCorrect(DomainError):
    """The test has no result yet, says the same, or was corrected already."""

    code = "nothing_to_correct"
    message = _("There is nothing to correct: this result says the same, or was corrected already.")


@transaction.atomic
def take_tests(
    *,
    household: Household,
    people: Iterable[Person],
    kind: str,
    taken_at: datetime,
    device: str = "",
    lot: str = "",
    actor: Actor,
    at: datetime,
) -> list[CovidTest]:
    """Note that `people` of `household` were tested at `taken_at` with the kit `device` of `lot`, where these are known.

    Someone who waits for a result is not tested again. Raises NotAllowed, UnknownTest.
    """
    policies.check_can_note_health(actor, household)
    if kind not in test_kinds():
        raise UnknownTest()
    before = Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # a second tap waits
    asked = [CovidTest(person=person, kind=kind, device=device, lot=lot, taken_at=taken_at) for person in people]
    awaited = CovidTest.objects.filter(person__in=[test.person for test in asked], result="")
    waiting = set(awaited.values_list("person_id", flat=True))
    tests = CovidTest.objects.bulk_create(test for test in asked if test.person_id not in waiting)
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
        note_tap(
            household=household,
            kind=Tap.Kind.TESTS,
            people=len(tests),
            move=Move.none_of(before),
            tests=tests,
            actor=actor,
            at=at,
        )
    return tests


def note_result(
    *, test: CovidTest, result: CovidTest.Result, resulted_at: datetime | None = None, actor: Actor, at: datetime
) -> CovidTest:
    """Note the result of one test, as `note_results` does."""
    household = Household.objects.get(people=test.person_id)
    note_results(household=household, results={test.pk: result}, resulted_at=resulted_at, actor=actor, at=at)
    test.refresh_from_db()
    return test


@transaction.atomic
def note_results(
    *,
    household: Household,
    results: Mapping[int, CovidTest.Result],
    resulted_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> list[CovidTest]:
    """Note the results of tests of `household` by the tests' keys, read at `resulted_at` (now unless told), and move it on.

    Detected isolates the person. When every adult has a result and nobody waits for one, the household is tested: minors are tested
    only with symptoms, as the filter shelter of Ciudad Juárez did (`shelters/data/shelters_public.csv`). The events do not tell the
    results. All of them are noted, or none. Raises NotAllowed, AlreadyResulted, ResultBeforeTest.
    """
    before = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    policies.check_can_note_health(actor, before)
    read_at = resulted_at or at
    tests = list(CovidTest.objects.filter(person__household=before, pk__in=list(results)).select_related("person"))
    if any(read_at < test.taken_at for test in tests):
        raise ResultBeforeTest()
    for test in tests:
        fresh = CovidTest.objects.filter(pk=test.pk, result="")
        if not fresh.update(result=results[test.pk], resulted_at=read_at):
            raise AlreadyResulted()
        record(EventType.TEST_RESULTED, subject=test, actor=actor, at=at, household=before.uid)
    positive = [test.person for test in tests if results[test.pk] == CovidTest.Result.DETECTED]
    move = _follow(household, positive, Move.none_of(before), actor, at)
    if tests:
        note_tap(
            household=household,
            kind=Tap.Kind.RESULTS,
            people=len(tests),
            move=move,
            results=tests,
            actor=actor,
            at=at,
        )
    return tests


@transaction.atomic
def correct_result(
    *, test: CovidTest, result: CovidTest.Result, reason: CovidTest.Correction, actor: Actor, at: datetime
) -> CovidTest:
    """Note that `test` showed `result`, and why something else was written: a row of its own, which counts from now on.

    Someone who is positive after all is isolated; when nobody of the household is positive any more, the isolation that rested on it
    ends. The event does not tell the result. Raises NotAllowed, NothingToCorrect.
    """
    household = Household.objects.select_for_update(no_key=True).get(people=test.person_id)
    policies.check_can_note_health(actor, household)
    test.refresh_from_db()
    if not test.result or test.result == result:
        raise NothingToCorrect()
    with naming_violations({"cases_covidtest_corrects_id_key": NothingToCorrect}):
        right = CovidTest.objects.create(
            person=test.person,
            kind=test.kind,
            device=test.device,
            lot=test.lot,
            taken_at=test.taken_at,
            result=result,
            resulted_at=at,
            corrects=test,
            correction_reason=reason,
        )
    record(EventType.TEST_CORRECTED, subject=right, actor=actor, at=at, household=household.uid, reason=reason)
    if result == CovidTest.Result.DETECTED:
        move_with_deed(household=household, step=Step.ISOLATED, people=[test.person], actor=actor, at=at)
    else:
        end_if_nobody_is_positive(household=household, actor=actor, at=at)
    return right


def _follow(household: Household, positive: list[Person], move: Move, actor: Actor, at: datetime) -> Move:
    """What follows from results: isolation of those who are `positive`, and that the household is tested."""
    if positive:
        isolated = move_with_deed(household=household, step=Step.ISOLATED, people=positive, actor=actor, at=at)
        move = move.then(isolated) if isolated else move
    people = list(household.people.prefetch_related("tests"))
    arrival = Arrival.objects.last_of(household)
    since = arrival.occurred_at if arrival.kind == Arrival.Kind.COURT_RETURN else None
    day = household.day_at(at)
    if all(_is_cleared(person, day, since) for person in people):
        tested = move_with_deed(household=household, step=Step.TESTED, people=people, actor=actor, at=at)
        move = move.then(tested) if tested else move
    return move


def _is_cleared(person: Person, day: date, since: datetime | None) -> bool:
    """Whether nobody waits for a result of this person, and an adult has one: since `since`, where they came back from court."""
    tests = [test for test in person.tests.all() if since is None or test.taken_at >= since]
    if any(not test.result for test in tests):
        return False
    return bool(tests) or person.is_minor_on(day)
