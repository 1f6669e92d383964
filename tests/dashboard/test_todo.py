"""What needs a person, as Today lists it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from cases.models import CovidTest
from dashboard import figures, night
from dashboard.todo import Facts, rows_of
from journey.belonging import Unattended
from journey.worklists import Due
from shelters.models import Transfer
from tablets.models import Conflict
from tests.dashboard.evening import EVE, ZONE, sleeping_family
from tests.factories.cases import (
    AccessRequestFactory,
    CovidTestFactory,
    DocumentFactory,
    HouseholdFactory,
    IsolationFactory,
)
from tests.factories.messaging import HeartbeatFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    ShelterFactory,
    ShelterSiteFactory,
    StayFactory,
    TransferFactory,
    UnitFactory,
)
from tests.factories.tablets import ConflictFactory

pytestmark = pytest.mark.django_db


class TestRowsOf:
    def facts(self, actor, now, **changes):
        parts = {
            "night": night.coming_night(actor=actor, now=now, zone=ZONE),
            "reception": figures.reception_now(actor=actor, now=now, zone=ZONE),
            "free": figures.free_tonight(actor=actor, now=now),
            "reminders": figures.reminders_today(actor=actor, now=now, zone=ZONE),
        }
        return Facts(actor, has_second_factor=True, **parts | changes)

    def test_put_a_family_that_cannot_leave_first_and_name_it_by_its_code(self, coordinator):
        HeartbeatFactory(ran_at=EVE)
        household = sleeping_family()
        first = rows_of(self.facts(coordinator, EVE))[0]
        assert (first.tone, first.uid) == ("stop", household.uid)
        assert household.code in first.title
        assert household.people.first().surnames not in first.title + first.why

    def test_are_at_most_seven_and_three_families_by_name(self, coordinator):
        HeartbeatFactory(ran_at=EVE)
        for _ in range(9):
            sleeping_family()
        rows = rows_of(self.facts(coordinator, EVE))
        assert len(rows) <= 7
        assert len([row for row in rows if row.uid]) == 3

    def test_never_hide_a_transfer_that_waits_for_an_answer(self, actor_in):
        lists = dict.fromkeys(("within_1", "outcomes", "conflicts", "replies", "zones"), 1)
        lost = [Unattended(HouseholdFactory(people=1), is_missing=True) for _ in range(3)]
        facts = Facts(actor_in(Role.COORDINATOR), True, children=lost, worklists=lists)
        usual = rows_of(facts)
        rows = rows_of(replace(facts, worklists={**lists, "transfers_asked": 1}))
        assert [row.place for row in rows] == [*(row.place for row in usual[:6]), "shelters:transfers"]
        assert len(usual) == 7

    def test_say_when_reminders_have_stopped(self, coordinator):
        assert rows_of(self.facts(coordinator, EVE))[0].icon == "bell-off"

    def test_say_who_waits_too_long(self, coordinator, now):
        HeartbeatFactory(ran_at=now)
        HouseholdFactory(step_at=now - timedelta(hours=3, minutes=42))
        assert [row.icon for row in rows_of(self.facts(coordinator, now))] == ["clock-exclamation"]

    def test_name_those_who_leave_within_a_day_before_all_other_lists(self, coordinator, now):
        HeartbeatFactory(ran_at=now)
        counts = {"within_1": 2, "not_reached": 3, "outcomes": 1, "checks": 4, "zones": 0}
        rows = rows_of(self.facts(coordinator, now, worklists=counts))
        assert [(row.tone, row.place) for row in rows] == [
            ("stop", "docket:not_reached"),
            ("warn", "docket:outcomes"),
            ("", "docket:checks"),
        ]

    def test_say_who_was_not_told_though_time_is_left(self, coordinator, now):
        HeartbeatFactory(ran_at=now)
        (row,) = rows_of(self.facts(coordinator, now, worklists={"not_reached": 1}))
        assert (row.tone, row.place) == ("warn", "docket:not_reached")

    def test_offer_the_second_factor_last(self, coordinator, now):
        HeartbeatFactory(ran_at=now)
        facts = self.facts(coordinator, now)
        assert rows_of(facts) == []
        assert [row.place for row in rows_of(Facts(coordinator, has_second_factor=False))] == ["mfa_index"]

    def test_say_in_which_rooms_a_shelter_is_over_that_has_places_in_another(self, actor_in, now):
        HeartbeatFactory(ran_at=now)
        shelter = ShelterFactory(site=ShelterSiteFactory(parent=SiteFactory(code="JZ")), name="Casa Peregrina")
        full, _roomy = UnitFactory(shelter=shelter, places=1), UnitFactory(shelter=shelter, places=4)
        StayFactory.create_batch(3, unit=full, over_capacity_reason="llegó de noche", over_capacity_by="1")
        with translation.override("en"):
            titles = [row.title for row in rows_of(self.facts(actor_in(Role.COORDINATOR), now))]
        assert "Casa Peregrina: 2 over in 1 room" in titles

    def test_leave_places_to_those_who_place(self, actor_in, now):
        HeartbeatFactory(ran_at=now)
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=SiteFactory(code="JZ"))), places=1)
        StayFactory.create_batch(2, unit=unit, over_capacity_reason="llegó de noche", over_capacity_by="1")
        assert [row.place for row in rows_of(self.facts(actor_in(Role.COORDINATOR), now))] == [
            "shelters:shelter",
            "shelters:board",
        ]
        assert rows_of(self.facts(actor_in(Role.HEARINGS), now)) == []


class TestConflicts:
    def test_with_tablets_ask_for_a_decision(self, client_of):
        conflict = ConflictFactory()
        assert "/tablet/conflicts/" in client_of(Role.RECEPTION).get("/").content.decode()
        for role in (Role.HEARINGS, Role.SHELTER):
            assert "/tablet/conflicts/" not in client_of(role).get("/").content.decode()
        Conflict.objects.update(choice="stands", decided_at=conflict.delivery.delivered_at, decided_by="1")
        assert "/tablet/conflicts/" not in client_of(Role.RECEPTION).get("/").content.decode()


class TestAsked:
    def test_to_see_a_record_stands_before_those_who_decide(self, client_of):
        AccessRequestFactory(household=HouseholdFactory())
        assert "/access/" in client_of(Role.COORDINATOR).get("/").content.decode()
        assert "/access/" not in client_of(Role.RECEPTION).get("/").content.decode()


class TestTransfers:
    @pytest.fixture
    def asked(self):
        household = sleeping_family(people=1)
        origin = household.people.get().stays.get().unit.shelter
        return TransferFactory(household=household, from_shelter=origin, to_shelter=ShelterFactory(name="Casa Dos"))

    def today(self, client_of, role, site=None):
        client = client_of(role, site)
        User.objects.update(language="en")
        return client.get("/").content.decode()

    @time_machine.travel(EVE, tick=False)
    def test_ask_the_desk_of_the_shelter_that_is_to_answer_and_no_other(self, asked, client_of):
        assert "A shelter is asked to take 1 family" in self.today(client_of, "shelter", asked.to_shelter.site)
        assert "is asked to take" not in self.today(client_of, "shelter", asked.from_shelter.site)
        assert "A shelter is asked to take 1 family" in self.today(client_of, "coordinator")

    @time_machine.travel(EVE, tick=False)
    def test_that_came_to_nothing_are_told_to_who_places_until_another_shelter_is_asked(self, asked, client_of):
        Transfer.objects.update(
            state="declined",
            decline_reason="full",
            requested_at=EVE,
            answered_at=EVE,
            ended_at=EVE - timedelta(hours=1),
        )
        assert "1 transfer came to nothing" in self.today(client_of, "coordinator")
        assert "came to nothing" not in self.today(client_of, "shelter", asked.from_shelter.site)
        TransferFactory(
            household=asked.household,
            from_shelter=asked.from_shelter,
            to_shelter=ShelterFactory(name="Casa Tres"),
            requested_at=EVE + timedelta(minutes=1),
        )
        assert "came to nothing" not in self.today(client_of, "coordinator")


class TestDue:
    def test_papers_of_this_week_and_retests_by_today_ask_for_a_person(self, client_of, coordinator):
        with time_machine.travel(datetime(2021, 12, 8, 18, 0, tzinfo=UTC), tick=False):
            for days in (0, 7, 8):
                person = HouseholdFactory(people=1).people.get()
                DocumentFactory(person=person, valid_until=date(2021, 12, 8) + timedelta(days=days))
            IsolationFactory(household=HouseholdFactory(people=1), retest_on=date(2021, 12, 8))
            IsolationFactory(household=HouseholdFactory(people=1), retest_on=date(2021, 12, 9))
            page = client_of(Role.COORDINATOR).get("/").content.decode()
            assert "/documents/expiring/" in page
            assert "/isolation/" in page
            assert "/isolation/" not in client_of(Role.HEARINGS).get("/").content.decode()
            reception = figures.reception_now(actor=coordinator, now=timezone.now(), zone=ZONE)
            assert reception.due == Due(papers=2, retests=1)

    def test_who_is_negative_again_is_no_longer_to_be_tested_but_to_be_let_go(self, client_of, coordinator):
        due = lambda: figures.reception_now(actor=coordinator, now=timezone.now(), zone=ZONE).due  # noqa: E731
        noon = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
        with time_machine.travel(noon, tick=False):
            household = HouseholdFactory(people=2)
            IsolationFactory(household=household, retest_on=date(2021, 12, 8))
            sick, well = household.people.all()
            CovidTestFactory(person=sick, taken_at=noon - timedelta(days=9), result=CovidTest.Result.DETECTED)
            CovidTestFactory(person=well, taken_at=noon, result=CovidTest.Result.NOT_DETECTED)
            assert due() == Due(retests=1)
            unclear = CovidTestFactory(person=sick, taken_at=noon, result=CovidTest.Result.INCONCLUSIVE)
            assert due() == Due(retests=1)
            unclear.delete()
            CovidTestFactory(person=sick, taken_at=noon, result=CovidTest.Result.NOT_DETECTED)
            assert due() == Due(cleared=1)
            page = client_of(Role.COORDINATOR).get("/").content.decode()
            words = translation.ngettext("%(n)d family may leave isolation", "%(n)d families may leave isolation", 1)
            assert words % {"n": 1} in page

    def test_symptoms_are_not_over_by_a_negative_test(self, coordinator, now):
        household = HouseholdFactory(people=1)
        IsolationFactory(household=household, cause="symptoms", retest_on=now.date())
        for result in CovidTest.Result:
            CovidTestFactory(person=household.people.get(), taken_at=now, result=result)
        assert figures.reception_now(actor=coordinator, now=now, zone=ZONE).due == Due(retests=1)

    def test_costs_one_query(self, coordinator, now, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert figures.reception_now(actor=coordinator, now=now, zone=ZONE).due == Due()
