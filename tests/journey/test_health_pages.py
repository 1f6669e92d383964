"""Isolation and corrected tests, as pages."""

import gzip
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from audit.models import Read
from cases.actions.isolation import AlreadyIsolated, RetestBeforeIsolation, begin_isolation
from cases.models import CovidTest, Household, Isolation, StepTaken
from cases.states import Step
from core.actors import Actor
from journey.actions.isolation import isolate_apart
from journey.families import family_of
from journey.household_page import for_page
from journey.worklists import IsolationRow, contacts_of
from shelters.parties import party_of_household
from tests.factories.cases import CovidTestFactory, HouseholdFactory, IsolationFactory
from tests.factories.shelters import StayFactory, UnitFactory

NEGATIVE, POSITIVE = CovidTest.Result.NOT_DETECTED, CovidTest.Result.DETECTED


@pytest.mark.django_db
class TestIsolationPage:
    def url(self, household: Household) -> str:
        return f"/households/{household.uid}/isolation/"

    def test_begins_for_symptoms_plans_and_ends(self, officer: Client) -> None:
        household = HouseholdFactory(people=2)
        officer.post(self.url(household), {"cause": "symptoms"})
        household.refresh_from_db()
        assert household.step == Step.ISOLATED
        officer.post(self.url(household), {"way": "together", "retest_on": "2021-12-15"})
        isolation = Isolation.objects.get()
        assert (isolation.cause, isolation.way, isolation.retest_on) == ("symptoms", "together", date(2021, 12, 15))
        officer.post(f"{self.url(household)}end/", {"ending": "days_done"})
        isolation.refresh_from_db()
        household.refresh_from_db()
        assert isolation.ending == Isolation.Ending.DAYS_DONE
        assert household.step == Step.RECEIVED

    def test_says_positive_until_everybody_who_was_is_negative_again(self, officer: Client) -> None:
        household = HouseholdFactory(people=2)
        first, second = household.people.all()
        isolation = IsolationFactory(household=household)

        def page() -> IsolationRow:
            row: IsolationRow = officer.get(self.url(household)).context["row"]
            assert Isolation.objects.negative_again().exists() is (row.retest.tone == "ok")
            return row

        for person in (first, second):
            CovidTestFactory(person=person, taken_at=isolation.begun_at, result=POSITIVE)
        assert page().why
        later = isolation.begun_at + timedelta(hours=1)
        CovidTestFactory(person=first, taken_at=later, result=NEGATIVE)
        assert page().why
        assert page().retest.tone != "ok"
        CovidTestFactory(person=second, taken_at=later, result=NEGATIVE)
        assert (page().why, page().retest.tone) == ("", "ok")
        CovidTestFactory(person=second, taken_at=later + timedelta(hours=1), result=POSITIVE)
        assert page().why

    def test_apart_leaves_the_file_to_those_who_isolate(self, officer: Client, now: datetime) -> None:
        household = HouseholdFactory(people=3)
        IsolationFactory(household=household, begun_at=now)
        head = household.people.first()
        officer.post(self.url(household), {"way": "split", "apart": [head.pk], "retest_on": "2021-12-15"})
        assert list(household.people.all()) == [head]
        other = Household.objects.exclude(pk=household.pk).get()
        assert other.people.count() == 2
        assert Isolation.objects.get().household == household

    @pytest.mark.parametrize("apart", ["nobody", "everybody"])
    def test_apart_asks_who(self, officer: Client, apart: str) -> None:
        household = HouseholdFactory(people=2)
        IsolationFactory(household=household)
        who = [person.pk for person in household.people.all()] if apart == "everybody" else []
        sent = {"way": "split", "apart": who, "retest_on": "2021-12-15"}
        assert officer.post(self.url(household), sent).status_code == 422
        assert household.people.count() == 2

    def test_names_who_slept_in_the_same_room_and_records_that_they_were_seen(
        self, officer: Client, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        unit, elsewhere = UnitFactory(), UnitFactory(name="2")
        household, near, far, before = (HouseholdFactory(people=1) for _ in range(4))
        for who, where, begins in ((household, unit, 5), (near, unit, 4), (far, elsewhere, 4)):
            StayFactory(person=who.people.get(), household=who, unit=where, begins_at=now - timedelta(days=begins))
        StayFactory(
            person=before.people.get(),
            household=before,
            unit=unit,
            begins_at=now - timedelta(days=9),
            ends_at=now - timedelta(days=6),
            leaving_reason="left",
        )
        IsolationFactory(household=household, begun_at=now)
        family = family_of(for_page(Household.objects.all()).get(pk=household.pk), now=now)
        assert [contact.uid for contact in contacts_of(family, actor=actor_in("coordinator"), now=now)] == [near.uid]
        assert f"{near.code}</span> <small>·" in officer.get(self.url(household)).content.decode()
        assert set(Read.objects.latest("pk").households) == {household.uid, near.uid}

    def test_lists_the_next_retest_first_within_ten_queries(
        self, officer: Client, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for place in range(40):
            household = HouseholdFactory(people=2, step=Step.ISOLATED)
            IsolationFactory(household=household, retest_on=date(2021, 12, 20) - timedelta(days=place % 10))
        with django_assert_max_num_queries(10):
            page = officer.get("/isolation/").content
        assert len(gzip.compress(page)) < 30_000
        assert page.decode().count('<tr><th scope="row">') == 40

    def test_shows_on_the_file_to_those_who_may_see_health_only(
        self, officer: Client, client_of: Callable[..., Client], now: datetime
    ) -> None:
        household = HouseholdFactory(people=1, step=Step.PLACED)
        IsolationFactory(household=household, begun_at=now)
        url = f"/households/{household.uid}/"
        assert "#virus" in officer.get(url).content.decode()
        assert "#virus" not in client_of("hearings").get(url).content.decode()

    def test_holds_for_who_sleeps_in_the_filter_hotel_until_it_is_over(self, now: datetime) -> None:
        household = HouseholdFactory(people=1, step=Step.PLACED)
        isolation = IsolationFactory(household=household)
        assert party_of_household(household, household.people.all(), now).is_isolated
        Isolation.objects.filter(pk=isolation.pk).update(ended_at=now, ending=Isolation.Ending.NEGATIVE)
        assert not party_of_household(household, household.people.all(), now).is_isolated

    def test_begins_once(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, actor = HouseholdFactory(people=1), actor_in("reception")
        begin_isolation(household=household, cause=Isolation.Cause.CONTACT, actor=actor, at=now)
        with pytest.raises(AlreadyIsolated):
            begin_isolation(household=household, cause=Isolation.Cause.CONTACT, actor=actor, at=now)

    def test_apart_is_all_or_nothing(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=2)
        isolation = IsolationFactory(household=household, begun_at=now)
        with pytest.raises(RetestBeforeIsolation):
            isolate_apart(
                isolation=isolation,
                going_on=[household.people.last()],
                retest_on=date(2021, 12, 1),
                actor=actor_in("reception"),
                at=now,
            )
        assert household.people.count() == 2


@pytest.mark.django_db
class TestCorrectTest:
    def test_a_wrong_result_is_corrected_from_the_file(self, officer: Client, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        test = CovidTestFactory(person=household.people.get(), result=NEGATIVE, resulted_at=now)
        url = f"/households/{household.uid}/tests/{test.pk}/correct/"
        assert url in officer.get(f"/households/{household.uid}/").content.decode()
        officer.post(url, {"result": POSITIVE, "reason": "typed"})
        household.refresh_from_db()
        assert household.step == Step.ISOLATED
        assert officer.get(url).status_code == 404  # what was corrected is not corrected again

    def test_several_results_at_once(self, officer: Client, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        tests = [CovidTestFactory(person=person) for person in household.people.all()]
        sent = {f"result-{test.pk}": NEGATIVE for test in tests}
        officer.post(
            f"/households/{household.uid}/results/new/", {**sent, "read_on": "2021-12-08", "read_time": "11:00"}
        )
        assert not CovidTest.objects.filter(result="").exists()
        assert StepTaken.objects.filter(step=Step.TESTED).count() == 2

    def test_where_nobody_waits_for_a_result_nothing_is_asked(self, officer: Client) -> None:
        household = HouseholdFactory(people=1)
        page = officer.get(f"/households/{household.uid}/results/new/").content.decode()
        assert "Nadie de esta familia espera un resultado." in page
        assert 'name="read_on"' not in page
