"""Isolation: how it begins, is planned and ends, and a wrong result corrected."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.covid import (
    NothingToCorrect,
    ResultBeforeTest,
    UnknownTest,
    correct_result,
    note_result,
    note_results,
    take_tests,
)
from cases.actions.guests import host_at
from cases.actions.isolation import IsolationOver, RetestBeforeIsolation, end_isolation, plan_isolation
from cases.actions.steps import take_step, take_step_with_deed
from cases.kinds import RNA
from cases.models import CovidTest, Household, Isolation
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import CovidTestFactory, HouseholdFactory
from tests.factories.places import ShelterSiteFactory

NEGATIVE, POSITIVE = CovidTest.Result.NOT_DETECTED, CovidTest.Result.DETECTED
TYPED = CovidTest.Correction.TYPED


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


def positive(household: Household, actor: Actor, at: datetime) -> CovidTest:
    test = CovidTestFactory(person=household.people.first())
    note_result(test=test, result=POSITIVE, actor=actor, at=at)
    household.refresh_from_db()
    return test


@pytest.mark.django_db
class TestBegin:
    def test_a_detected_result_opens_one_with_its_last_day_ahead(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        positive(household, actor, now)
        isolation = Isolation.objects.get()
        assert (isolation.household, isolation.begun_at, isolation.ended_at) == (household, now, None)
        assert isolation.retest_on == date(2021, 12, 22)
        assert household.step == Step.ISOLATED

    def test_a_second_positive_joins_it(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        positive(household, actor, now)
        test = CovidTestFactory(person=household.people.last())
        note_result(test=test, result=POSITIVE, actor=actor, at=now + timedelta(hours=1))
        assert Isolation.objects.count() == 1

    def test_the_step_marked_by_hand_opens_it_too(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        take_step(household=household, step=Step.ISOLATED, actor=actor, at=now)
        assert Isolation.objects.get().household == household

    def test_somebody_placed_who_turns_positive_stands_in_isolation(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        take_step_with_deed(household=household, step=Step.PLACED, actor=actor, at=now)
        positive(household, actor, now + timedelta(days=1))
        assert household.step == Step.ISOLATED
        take_step_with_deed(household=household, step=Step.PLACED, actor=actor, at=now + timedelta(days=1, hours=1))
        assert household.step == Step.PLACED


@pytest.mark.django_db
class TestPlanIsolation:
    def test_keeps_the_way_and_the_day(self, actor: Actor, now: datetime) -> None:
        positive(HouseholdFactory(people=1), actor, now)
        day = date(2021, 12, 15)
        isolation = plan_isolation(
            isolation=Isolation.objects.get(), way=Isolation.Way.TOGETHER, retest_on=day, actor=actor, at=now
        )
        assert (isolation.way, isolation.retest_on) == ("together", day)
        assert Event.objects.filter(type=EventType.ISOLATION_PLANNED).count() == 1

    def test_refuses_a_day_before_it_began(self, actor: Actor, now: datetime) -> None:
        positive(HouseholdFactory(people=1), actor, now)
        with pytest.raises(RetestBeforeIsolation):
            plan_isolation(
                isolation=Isolation.objects.get(),
                way=Isolation.Way.TOGETHER,
                retest_on=date(2021, 12, 7),
                actor=actor,
                at=now,
            )

    def test_refuses_who_may_not_see_health(self, actor: Actor, actor_in: Callable[..., Actor], now: datetime) -> None:
        positive(HouseholdFactory(people=1), actor, now)
        with pytest.raises(NotAllowed):
            plan_isolation(
                isolation=Isolation.objects.get(),
                way=Isolation.Way.TOGETHER,
                retest_on=date(2021, 12, 20),
                actor=actor_in("hearings"),
                at=now,
            )


@pytest.mark.django_db
class TestEndIsolation:
    def end(self, actor: Actor, at: datetime) -> Isolation:
        return end_isolation(isolation=Isolation.objects.get(), ending=Isolation.Ending.NEGATIVE, actor=actor, at=at)

    def test_lets_who_has_no_place_wait_for_one(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        positive(household, actor, now)
        self.end(actor, now + timedelta(days=7))
        household.refresh_from_db()
        assert (household.step, household.step_at) == (Step.TESTED, now + timedelta(days=7))
        assert household in Household.objects.at_reception()

    def test_leaves_who_sleeps_in_the_filter_hotel_placed(
        self, actor: Actor, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=1)
        positive(household, actor, now)
        host_at(household=household, site=ShelterSiteFactory(), actor=actor_in("coordinator"), at=now)
        take_step_with_deed(household=household, step=Step.PLACED, actor=actor, at=now)
        self.end(actor, now + timedelta(days=7))
        household.refresh_from_db()
        assert (household.step, household.step_at) == (Step.PLACED, now)

    def test_refuses_twice(self, actor: Actor, now: datetime) -> None:
        positive(HouseholdFactory(people=1), actor, now)
        self.end(actor, now + timedelta(days=7))
        with pytest.raises(IsolationOver):
            self.end(actor, now + timedelta(days=8))

    def test_they_can_be_isolated_again(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        positive(household, actor, now)
        self.end(actor, now + timedelta(days=7))
        take_step(household=household, step=Step.ISOLATED, actor=actor, at=now + timedelta(days=9))
        assert household.step == Step.ISOLATED
        assert Isolation.objects.count() == 2


@pytest.mark.django_db
class TestNoteResults:
    def test_notes_those_of_a_household_at_once_with_the_hour_they_were_read(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        tests = [CovidTestFactory(person=person) for person in household.people.all()]
        read_at = now - timedelta(minutes=5)
        note_results(
            household=household,
            results={tests[0].pk: NEGATIVE, tests[1].pk: POSITIVE},
            resulted_at=read_at,
            actor=actor,
            at=now,
        )
        assert {test.resulted_at for test in CovidTest.objects.all()} == {read_at}
        household.refresh_from_db()
        assert household.step == Step.ISOLATED

    def test_notes_all_or_none(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        tests = [CovidTestFactory(person=person) for person in household.people.all()]
        CovidTest.objects.filter(pk=tests[1].pk).update(taken_at=now + timedelta(hours=1))
        with pytest.raises(ResultBeforeTest):
            note_results(household=household, results={test.pk: NEGATIVE for test in tests}, actor=actor, at=now)
        assert CovidTest.objects.filter(result="").count() == 2

    def test_takes_another_code_for_the_same_finding(self) -> None:
        assert CovidTest.Result("10828004") is POSITIVE
        assert CovidTest.Result("260385009") is NEGATIVE
        with pytest.raises(ValueError, match="not a valid"):
            CovidTest.Result("1")


@pytest.mark.django_db
class TestTakeTests:
    def test_keeps_the_kit(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        (test,) = take_tests(
            household=household,
            people=household.people.all(),
            kind=RNA,
            device="Panbio",
            lot="41ADG",
            taken_at=now,
            actor=actor,
            at=now,
        )
        assert (test.kind, test.device, test.lot) == (RNA, "Panbio", "41ADG")

    def test_refuses_a_code_of_nothing(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        with pytest.raises(UnknownTest):
            take_tests(
                household=household, people=household.people.all(), kind="1-1", taken_at=now, actor=actor, at=now
            )


@pytest.mark.django_db
class TestCorrectResult:
    def test_keeps_the_wrong_one_and_lets_the_right_one_count(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        wrong = positive(household, actor, now)
        right = correct_result(test=wrong, result=NEGATIVE, reason=TYPED, actor=actor, at=now + timedelta(hours=1))
        wrong.refresh_from_db()
        assert (wrong.result, right.result, right.taken_at) == (POSITIVE, NEGATIVE, wrong.taken_at)
        assert list(CovidTest.objects.standing()) == [right]
        assert CovidTest.objects.first() == right

    def test_ends_the_isolation_that_rested_on_it(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        correct_result(test=positive(household, actor, now), result=NEGATIVE, reason=TYPED, actor=actor, at=now)
        household.refresh_from_db()
        assert Isolation.objects.get().ending == Isolation.Ending.CORRECTED
        assert household.step == Step.TESTED

    def test_leaves_it_open_while_somebody_else_is_positive(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        wrong = positive(household, actor, now)
        other = CovidTestFactory(person=household.people.last())
        note_result(test=other, result=POSITIVE, actor=actor, at=now)
        correct_result(test=wrong, result=NEGATIVE, reason=TYPED, actor=actor, at=now)
        assert Isolation.objects.get().ended_at is None

    def test_isolates_who_is_positive_after_all(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        test = CovidTestFactory(person=household.people.get())
        note_result(test=test, result=NEGATIVE, actor=actor, at=now)
        correct_result(test=test, result=POSITIVE, reason=TYPED, actor=actor, at=now)
        household.refresh_from_db()
        assert household.step == Step.ISOLATED

    def test_refuses_the_same_none_and_twice(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        test = CovidTestFactory(person=household.people.get())
        with pytest.raises(NothingToCorrect):
            correct_result(test=test, result=NEGATIVE, reason=TYPED, actor=actor, at=now)
        note_result(test=test, result=POSITIVE, actor=actor, at=now)
        with pytest.raises(NothingToCorrect):
            correct_result(test=test, result=POSITIVE, reason=TYPED, actor=actor, at=now)
        correct_result(test=test, result=NEGATIVE, reason=TYPED, actor=actor, at=now)
        with pytest.raises(NothingToCorrect):
            correct_result(test=test, result=NEGATIVE, reason=TYPED, actor=actor, at=now)
