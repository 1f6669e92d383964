"""Taking back a slip."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.covid import note_result, note_results, take_tests
from cases.actions.isolation import plan_isolation
from cases.actions.papers import give_documents
from cases.actions.steps import take_step
from cases.actions.taps import SomethingFollowed, TooLateToTakeBack, take_back
from cases.kinds import ANTIGEN, FMM
from cases.models import CovidTest, Document, Household, Isolation, StepTaken, Tap
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory

TODAY = date(2021, 12, 8)
NEGATIVE, POSITIVE = CovidTest.Result.NOT_DETECTED, CovidTest.Result.DETECTED


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


def document(household: Household, actor: Actor, at: datetime, **more: object) -> Tap:
    give_documents(household=household, kind=FMM, issued_on=TODAY, valid_until=None, actor=actor, at=at, **more)
    return newest(household)


def newest(household: Household) -> Tap:
    tap = Tap.objects.filter(household=household).standing().first()
    assert tap is not None
    return tap


@pytest.mark.django_db
class TestTakeBack:
    def test_takes_exactly_what_the_tap_wrote(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        had_one = household.people.first()
        old = DocumentFactory(person=had_one, issued_on=TODAY)
        take_step(household=household, step=Step.DOCUMENTED, people=[had_one], actor=actor, at=now - timedelta(hours=1))
        tap = document(household, actor, now)
        assert household.step == Step.DOCUMENTED
        take_back(tap=tap, actor=actor, at=now + timedelta(minutes=1))
        household.refresh_from_db()
        assert list(Document.objects.all()) == [old]
        assert [step.person for step in StepTaken.objects.filter(step=Step.DOCUMENTED)] == [had_one]
        assert (household.step, household.step_at) == (Step.RECEIVED, tap.stood_since)

    def test_keeps_both_deeds_in_the_log(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        take_back(tap=document(household, actor, now), actor=actor, at=now)
        kinds = list(Event.objects.order_by("pk").values_list("type", flat=True))
        assert kinds == [EventType.DOCUMENT_GIVEN, EventType.STEP_TAKEN, EventType.TAKEN_BACK]

    def test_opens_a_result_again_and_takes_the_isolation_back(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1, step=Step.DOCUMENTED)
        test = CovidTestFactory(person=household.people.get())
        note_result(test=test, result=POSITIVE, actor=actor, at=now)
        take_back(tap=newest(household), actor=actor, at=now)
        test.refresh_from_db()
        household.refresh_from_db()
        assert (test.result, test.resulted_at, household.step) == ("", None, Step.DOCUMENTED)
        assert not Isolation.objects.exists()
        note_result(test=test, result=NEGATIVE, actor=actor, at=now)
        household.refresh_from_db()
        assert household.step == Step.TESTED

    def test_takes_tests_back_that_nobody_read(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        take_tests(household=household, people=household.people.all(), kind=ANTIGEN, taken_at=now, actor=actor, at=now)
        take_back(tap=newest(household), actor=actor, at=now)
        assert not CovidTest.objects.exists()

    def test_refuses_when_something_followed(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        tap = document(household, actor, now)
        take_step(household=household, step=Step.TESTED, actor=actor, at=now)
        with pytest.raises(SomethingFollowed):
            take_back(tap=tap, actor=actor, at=now)
        assert Document.objects.exists()

    def test_refuses_when_the_test_was_read(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        tests = take_tests(
            household=household, people=household.people.all(), kind=ANTIGEN, taken_at=now, actor=actor, at=now
        )
        tap = newest(household)
        CovidTest.objects.filter(pk=tests[0].pk).update(result=NEGATIVE, resulted_at=now)
        with pytest.raises(SomethingFollowed):
            take_back(tap=tap, actor=actor, at=now)

    def test_refuses_when_the_isolation_was_planned(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        note_result(test=CovidTestFactory(person=household.people.get()), result=POSITIVE, actor=actor, at=now)
        plan_isolation(
            isolation=Isolation.objects.get(),
            way=Isolation.Way.TOGETHER,
            retest_on=TODAY + timedelta(days=7),
            actor=actor,
            at=now,
        )
        with pytest.raises(SomethingFollowed):
            take_back(tap=newest(household), actor=actor, at=now)

    def test_refuses_twice(self, actor: Actor, now: datetime) -> None:
        tap = document(HouseholdFactory(people=1), actor, now)
        take_back(tap=tap, actor=actor, at=now)
        with pytest.raises(SomethingFollowed):
            take_back(tap=tap, actor=actor, at=now)

    def test_refuses_after_ten_minutes(self, actor: Actor, now: datetime) -> None:
        tap = document(HouseholdFactory(people=1), actor, now)
        with pytest.raises(TooLateToTakeBack):
            take_back(tap=tap, actor=actor, at=now + timedelta(minutes=10, seconds=1))

    def test_is_for_whoever_did_it_and_for_a_coordinator(
        self, actor: Actor, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        from accounts.actors import actor_of

        household = HouseholdFactory(people=1)
        tap = document(household, actor, now)
        other = actor_of(MembershipFactory(user=UserFactory(), role="reception", site=household.site).user)
        with pytest.raises(NotAllowed):
            take_back(tap=tap, actor=other, at=now)
        take_back(tap=tap, actor=actor_in("coordinator"), at=now)

    def test_follows_several_results_as_one(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        tests = [CovidTestFactory(person=person) for person in household.people.all()]
        note_results(household=household, results={test.pk: NEGATIVE for test in tests}, actor=actor, at=now)
        assert Tap.objects.get().people == 2
        take_back(tap=newest(household), actor=actor, at=now)
        assert CovidTest.objects.filter(result="").count() == 2
        assert not StepTaken.objects.filter(step=Step.TESTED).exists()


@pytest.mark.django_db
class TestVisible:
    def test_that_somebody_was_tested_is_told_to_those_who_see_health(
        self, actor: Actor, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=1)
        document(household, actor, now)
        take_tests(household=household, people=household.people.all(), kind=ANTIGEN, taken_at=now, actor=actor, at=now)
        assert Tap.objects.visible_to(actor).count() == 2
        assert Tap.objects.visible_to(actor_in("hearings")).get().kind == Tap.Kind.DOCUMENTS
        assert not Tap.objects.visible_to(actor_in("reception", "TJ")).exists()
