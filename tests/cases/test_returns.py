"""Back from court."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.actions.covid import note_result, take_tests
from cases.actions.returns import ReturnAlreadyLogged, record_return
from cases.actions.steps import take_step
from cases.kinds import ANTIGEN
from cases.models import Arrival, CovidTest, Household, StepTaken
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import HouseholdFactory


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


@pytest.mark.django_db
class TestRecordReturn:
    def back(self, household: Household, actor: Actor, at: datetime, **more: object) -> tuple[Arrival, bool]:
        told = {"uid": uuid.uuid4(), "crossing": None, "occurred_at": at, **more}
        return record_return(household=household, actor=actor, at=at, **told)

    def test_shows_them_at_the_bridge_again_as_the_same_household(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2, step=Step.PRESENTED)
        arrival, is_new = self.back(household, actor, now)
        assert is_new
        assert (arrival.kind, household.step, household.step_at) == (Arrival.Kind.COURT_RETURN, Step.RECEIVED, now)
        assert Household.objects.count() == 1

    def test_steps_start_anew(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        take_tests(household=household, people=household.people.all(), kind=ANTIGEN, taken_at=now, actor=actor, at=now)
        note_result(test=CovidTest.objects.get(), result=CovidTest.Result.NOT_DETECTED, actor=actor, at=now)
        arrival, _ = self.back(household, actor, now + timedelta(days=30))
        assert list(StepTaken.objects.filter(arrival=arrival).values_list("step", flat=True)) == [Step.RECEIVED]
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now + timedelta(days=30, hours=1))
        assert household.step == Step.DOCUMENTED

    def test_an_old_test_does_not_stand_for_a_new_one(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        first, second = household.people.all()
        second.birth_date = first.birth_date
        second.save()
        for person in (first, second):
            (test,) = take_tests(household=household, people=[person], kind=ANTIGEN, taken_at=now, actor=actor, at=now)
            note_result(test=test, result=CovidTest.Result.NOT_DETECTED, actor=actor, at=now)
        later = now + timedelta(days=30)
        self.back(household, actor, later)
        (test,) = take_tests(household=household, people=[first], kind=ANTIGEN, taken_at=later, actor=actor, at=later)
        note_result(test=test, result=CovidTest.Result.NOT_DETECTED, actor=actor, at=later)
        household.refresh_from_db()
        assert household.step == Step.RECEIVED

    def test_once_per_client_made_id(self, actor: Actor, now: datetime) -> None:
        household, uid = HouseholdFactory(people=1), uuid.uuid4()
        first, _ = self.back(household, actor, now, uid=uid)
        second, is_new = self.back(household, actor, now, uid=uid)
        assert (first, is_new) == (second, False)
        with pytest.raises(ReturnAlreadyLogged):
            self.back(HouseholdFactory(people=1), actor, now, uid=uid)

    def test_one_that_is_logged_late_moves_nobody(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        self.back(household, actor, now)
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        self.back(household, actor, now, occurred_at=now - timedelta(minutes=10))
        household.refresh_from_db()
        assert household.step == Step.DOCUMENTED

    def test_refuses_who_does_not_log_arrivals_there(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        for stranger in (actor_in("hearings"), actor_in("reception", "TJ")):
            with pytest.raises(NotAllowed):
                self.back(HouseholdFactory(people=1), stranger, now)

    def test_a_record_of_a_death_can_be_a_mistake(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1, step=Step.DECEASED)
        self.back(household, actor, now)
        assert household.step == Step.RECEIVED
