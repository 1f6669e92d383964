"""Moving through reception."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.consent import note_consent
from cases.actions.covid import AlreadyResulted, ResultBeforeTest, note_result, take_tests
from cases.actions.guests import host_at
from cases.actions.papers import ExpiredBeforeIssue, give_documents
from cases.actions.steps import StepCannotFollow, take_step
from cases.kinds import ANTIGEN, FMM, RNA
from cases.models import Consent, CovidTest, Document, Household
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import CovidTestFactory, HouseholdFactory
from tests.factories.places import ShelterSiteFactory

TODAY = date(2021, 12, 8)
NEGATIVE, POSITIVE = CovidTest.Result.NOT_DETECTED, CovidTest.Result.DETECTED


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


@pytest.mark.django_db
class TestTakeStep:
    def test_moves_the_household_when_all_took_it(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        first, second = household.people.all()
        take_step(household=household, step=Step.DOCUMENTED, people=[first], actor=actor, at=now)
        assert household.step == Step.RECEIVED
        take_step(household=household, step=Step.DOCUMENTED, people=[second], actor=actor, at=now)
        assert (household.step, household.step_at) == (Step.DOCUMENTED, now)

    def test_does_not_force_an_order(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        take_step(household=household, step=Step.TESTED, actor=actor, at=now)
        assert household.step == Step.TESTED
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        assert household.step == Step.TESTED

    def test_twice_changes_nothing_and_records_nothing(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now + timedelta(hours=1))
        assert household.step_at == now
        assert Event.objects.filter(type=EventType.STEP_TAKEN).count() == 1

    def test_a_closed_case_reopens(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1, step=Step.REMOVED)
        take_step(household=household, step=Step.SUMMONED, actor=actor, at=now)
        assert household.step == Step.SUMMONED

    def test_refuses_what_cannot_be(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1, step=Step.DECEASED)
        with pytest.raises(StepCannotFollow):
            take_step(household=household, step=Step.SUMMONED, actor=actor, at=now)

    def test_refuses_a_shelter_desk(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        with pytest.raises(NotAllowed):
            take_step(household=HouseholdFactory(people=1), step=Step.DOCUMENTED, actor=actor_in("shelter"), at=now)


@pytest.mark.django_db
class TestGiveDocuments:
    def give(
        self, household: Household, actor: Actor, now: datetime, valid_until: date = date(2022, 4, 7)
    ) -> list[Document]:
        return give_documents(
            household=household, kind=FMM, issued_on=TODAY, valid_until=valid_until, actor=actor, at=now
        )

    def test_gives_one_to_each_and_documents_the_household(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=3)
        assert len(self.give(household, actor, now)) == 3
        assert household.step == Step.DOCUMENTED

    def test_twice_gives_no_second_one(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        self.give(household, actor, now)
        assert self.give(household, actor, now) == []

    def test_refuses_one_that_expires_before_its_issue(self, actor: Actor, now: datetime) -> None:
        with pytest.raises(ExpiredBeforeIssue):
            self.give(HouseholdFactory(people=1), actor, now, valid_until=date(2021, 12, 7))


@pytest.mark.django_db
class TestNoteResult:
    def test_the_last_adult_clears_the_household_with_its_minors(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        (test,) = take_tests(
            household=household,
            people=[household.people.all()[0]],
            kind=ANTIGEN,
            taken_at=now,
            actor=actor,
            at=now,
        )
        note_result(test=test, result=NEGATIVE, actor=actor, at=now + timedelta(minutes=20))
        household.refresh_from_db()
        assert household.step == Step.TESTED

    def test_detected_isolates_and_the_log_does_not_tell(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        test = CovidTestFactory(person=household.people.all()[0])
        note_result(test=test, result=POSITIVE, actor=actor, at=now)
        household.refresh_from_db()
        assert household.step == Step.ISOLATED
        assert POSITIVE not in str(Event.objects.get(type=EventType.TEST_RESULTED).facts)

    def test_refuses_a_second_result(self, actor: Actor, now: datetime) -> None:
        test = CovidTestFactory(person=HouseholdFactory(people=1).people.get())
        note_result(test=test, result=NEGATIVE, actor=actor, at=now)
        with pytest.raises(AlreadyResulted):
            note_result(test=test, result=POSITIVE, actor=actor, at=now)

    def test_refuses_a_result_before_the_test(self, actor: Actor, now: datetime) -> None:
        test = CovidTestFactory(person=HouseholdFactory(people=1).people.get(), taken_at=now)
        with pytest.raises(ResultBeforeTest):
            note_result(test=test, result=NEGATIVE, actor=actor, at=now - timedelta(minutes=1))

    def test_somebody_who_waits_is_not_tested_again(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        people = household.people.all()
        for _ in range(2):
            take_tests(household=household, people=people, kind=RNA, taken_at=now, actor=actor, at=now)
        assert CovidTest.objects.count() == 1


@pytest.mark.django_db
class TestNoteConsent:
    def test_a_later_answer_ends_the_earlier(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        for answer, moment in ((True, now), (False, now + timedelta(days=1))):
            note_consent(
                household=household, answers={Consent.Purpose.MESSAGES: answer}, language="spa", actor=actor, at=moment
            )
        standing = Consent.objects.get(withdrawn_at=None)
        assert not standing.is_given


@pytest.mark.django_db
class TestVisibleTo:
    def test_a_shelter_sees_its_guests_and_nobody_else(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        shelter_site = ShelterSiteFactory()
        guest, _stranger = HouseholdFactory(people=1), HouseholdFactory(people=1)
        host_at(household=guest, site=shelter_site, actor=actor_in("coordinator"), at=now)
        desk = actor_in("shelter", shelter_site)
        assert list(Household.objects.visible_to(desk)) == [guest]

    def test_another_city_sees_nobody(self, actor_in: Callable[..., Actor]) -> None:
        HouseholdFactory(people=1)
        assert not Household.objects.visible_to(actor_in("coordinator", "TJ")).exists()

    def test_overseers_see_no_people(self, actor_in: Callable[..., Actor]) -> None:
        HouseholdFactory(people=1)
        assert not Household.objects.visible_to(actor_in("dpo")).exists()

    def test_a_shelter_desk_sees_no_tests(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        site = ShelterSiteFactory()
        household = HouseholdFactory(people=1, guest_site=site)
        CovidTestFactory(person=household.people.get())
        assert not CovidTest.objects.visible_to(actor_in("shelter", site)).exists()
        assert CovidTest.objects.visible_to(actor_in("reception")).exists()
