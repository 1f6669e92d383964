"""A family that sleeps in Nogales and must stand in Ciudad Juárez at 04:30: one way, told alike wherever it is asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.roles import Role
from cases.states import Step
from dashboard.night import coming_night
from hearings.models import Hearing
from journey import reminders
from journey.coming import next_appearance
from journey.families import family_of
from journey.plan import plan_of
from journey.run_sheet import run_sheets
from tests.factories.cases import ConsentFactory, HouseholdFactory
from tests.factories.hearings import HearingFactory, TripFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import ShelterFactory, ShelterSiteFactory, StayFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
REPORT_AT = datetime(
    2022, 7, 16, 10, 30, tzinfo=UTC
)  # 04:30 in Juárez, 03:30 in Nogales: its clocks are an hour behind all summer
LEAVE_AT = datetime(2022, 7, 15, 15, 0, tzinfo=UTC)  # 08:00 in Nogales the day before
NOW = datetime(2022, 7, 14, 18, 0, tzinfo=UTC)


@pytest.fixture
def shelter():
    return ShelterFactory(name="Casa del Norte", site=ShelterSiteFactory(code="NG-S1", parent=SiteFactory(code="NG")))


@pytest.fixture
def hearing(shelter):
    site = SiteFactory(code="NG")
    household = HouseholdFactory(people=2, site=site, step=Step.PLACED, guest_site=shelter.site)
    room = UnitFactory(shelter=shelter, name="Cuarto 7")
    for person in household.people.all():
        StayFactory(person=person, unit=room, begins_at=NOW - timedelta(days=3))
    return HearingFactory(household=household, court_on=date(2022, 7, 16))


def planned(hearing: Hearing) -> dict[str, datetime]:
    found = reminders.with_planning(Hearing.objects.filter(pk=hearing.pk)).get()
    return dict(reminders.steps_of(found, at=NOW))


class TestPlan:
    def test_says_each_step_by_the_clock_of_its_city(self, hearing):
        steps = plan_of(family_of(hearing.household, now=NOW))
        assert [step.time for step in steps] == ["07:15", "07:50", "08:00", "17:00", "02:45", "03:30", "04:30", "08:30"]
        clocks = [str(step.clock) for step in steps]
        assert all("Nogales" in clock for clock in clocks[:3])
        assert all("Ciudad Juárez" in clock for clock in clocks[3:7])
        assert "El Paso" in clocks[7]
        assert [step.moment for step in steps] == sorted(step.moment for step in steps)
        assert all(step.day for step in steps)

    def test_says_what_the_hours_rest_on(self, hearing):
        steps = plan_of(family_of(hearing.household, now=NOW))
        assert "563" in str(steps[2].note)
        assert "40" in str(steps[5].note)

    def test_follows_the_hour_that_somebody_noted(self, hearing):
        TripFactory(hearing=hearing, leaves_at=LEAVE_AT - timedelta(hours=1))
        steps = plan_of(family_of(hearing.household, now=NOW))
        assert [step.time for step in steps][:4] == ["06:15", "06:50", "07:00", "16:00"]
        assert "van blanca 2" in str(steps[2].note)

    def test_follows_no_hour_noted_for_another_date(self, hearing):
        TripFactory(hearing=hearing, leaves_at=LEAVE_AT - timedelta(hours=1), present_at=REPORT_AT + timedelta(days=9))
        assert plan_of(family_of(hearing.household, now=NOW))[2].time == "08:00"


class TestReminders:
    def test_reminds_of_the_departure_when_they_leave(self, hearing):
        assert planned(hearing)["departure"] == LEAVE_AT

    def test_moves_the_departure_to_the_hour_that_somebody_noted(self, hearing):
        told = LEAVE_AT + timedelta(hours=1)
        TripFactory(hearing=hearing, leaves_at=told)
        assert planned(hearing)["departure"] == told

    def test_needs_no_query_more(self, hearing, django_assert_num_queries):
        ConsentFactory(household=hearing.household, purpose="messages")
        found = reminders.with_planning(Hearing.objects.filter(pk=hearing.pk)).get()
        with django_assert_num_queries(0):
            reminders.steps_of(found, at=NOW)


class TestRunSheet:
    def test_has_them_on_the_day_they_leave_by_its_own_clocks(self, hearing, shelter, actor_in):
        desk = actor_in(Role.SHELTER, shelter.site)
        (sheet,), _households = run_sheets(day=date(2022, 7, 15), actor=desk, now=NOW, shelter=shelter)
        (departure,) = sheet.departures
        assert (departure.wake, departure.leave) == ("07:15", "08:00")
        assert departure.meet.endswith("03:30")
        assert "16" in departure.meet
        assert "04:30" in departure.place
        assert departure.problem

    def test_has_them_no_more_on_the_day_of_the_bridge(self, hearing, shelter, actor_in):
        desk = actor_in(Role.SHELTER, shelter.site)
        assert run_sheets(day=date(2022, 7, 16), actor=desk, now=NOW, shelter=shelter) == ([], [])

    def test_asks_for_no_trip_that_was_noted(self, hearing, shelter, actor_in):
        TripFactory(hearing=hearing)
        desk = actor_in(Role.SHELTER, shelter.site)
        (sheet,), _households = run_sheets(day=date(2022, 7, 15), actor=desk, now=NOW, shelter=shelter)
        assert sheet.departures[0].problem == ""

    def test_costs_the_same(self, hearing, shelter, actor_in, django_assert_max_num_queries):
        desk = actor_in(Role.SHELTER, shelter.site)
        with django_assert_max_num_queries(5):
            run_sheets(day=date(2022, 7, 15), actor=desk, now=NOW, shelter=shelter)


class TestNight:
    def test_shows_the_last_stretch_from_where_they_spend_it(self, hearing, actor_in):
        eve = datetime(2022, 7, 16, 2, 0, tzinfo=UTC)
        (lane,) = coming_night(actor=actor_in(Role.COORDINATOR, "NG"), now=eve, zone="America/Hermosillo").lanes
        assert [mark.time for mark in lane.marks] == ["02:45", "03:30", "04:30", "08:30"]
        assert "Casa del Norte" in lane.place
        assert "Ciudad Juárez" in lane.place


class TestComing:
    def test_looks_for_a_place_in_the_city_of_the_bridge(self, hearing):
        found = next_appearance([hearing.household_id], NOW)[hearing.household_id]
        assert found.leaves_at == REPORT_AT - timedelta(hours=1)
