"""How they get there and through the gate: what the light asks, who is led where, and the page on which it is noted."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.models import Read
from cases.models import Household
from cases.states import Step
from hearings.models import Hearing, Trip
from journey.readiness import lights
from shelters.models import GateOpening, Shelter
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, SummonsFactory, TripFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import GateOpeningFactory, ShelterFactory, ShelterSiteFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
EVE = datetime(2021, 12, 15, 21, 0, tzinfo=UTC)  # the afternoon before the bridge at 04:30
LEAVES_AT = datetime(2021, 12, 16, 10, 30, tzinfo=UTC)
Means = Trip.Means


@pytest.fixture
def shelter():
    return ShelterFactory(name="Casa Peregrina", gate_opens=time(6), gate_closes=time(22))


@pytest.fixture
def hearing(shelter):
    """Of two people who sleep in the city of the bridge."""
    hearing = HearingFactory(household__step=Step.PLACED)
    room = UnitFactory(shelter=shelter)
    for person in hearing.household.people.all():
        StayFactory(person=person, unit=room)
    return hearing


@pytest.fixture
def far(reference_data):
    """Of two people who sleep in Nogales and must stand in Ciudad Juárez."""
    site = SiteFactory(code="NG")
    shelter = ShelterFactory(
        site=ShelterSiteFactory(code="NG-S1", parent=site), gate_opens=time(5), gate_closes=time(22)
    )
    household = HouseholdFactory(people=2, site=site, step=Step.PLACED, guest_site=shelter.site)
    room = UnitFactory(shelter=shelter)
    for person in household.people.all():
        StayFactory(person=person, unit=room)
    return HearingFactory(household=household)


def condition_of(hearing: Hearing, key: str, now: datetime = EVE):
    household = Household.objects.select_related("site__city").get(pk=hearing.household_id)
    light = lights([household], now=now)[household.pk]
    return next(each for each in light.conditions if each.key == key)


class TestSeat:
    def test_is_missing_while_nobody_noted_how(self, hearing):
        assert condition_of(hearing, "seat").state == "missing"

    def test_is_not_asked_for_days_before(self, hearing):
        found = condition_of(hearing, "seat", now=LEAVES_AT - timedelta(days=5))
        assert found.state == "none"

    @pytest.mark.parametrize("means", Means)
    def test_is_met_when_somebody_noted_how(self, hearing, means):
        TripFactory(hearing=hearing, means=means, vehicle="van 2" if means in ("shelter", "agency") else "")
        assert condition_of(hearing, "seat").state == "met"

    def test_is_to_confirm_when_the_hour_has_changed_since(self, hearing):
        TripFactory(hearing=hearing, present_at=hearing.present_at - timedelta(hours=1))
        assert condition_of(hearing, "seat").state == "confirm"

    def test_is_missing_for_more_people_than_seats(self, hearing):
        TripFactory(hearing=hearing, seats=1)
        assert condition_of(hearing, "seat").state == "missing"
        SummonsFactory(hearing=hearing, person=hearing.household.people.first())
        assert condition_of(hearing, "seat").state == "met"

    def test_is_missing_when_they_would_come_too_late(self, hearing):
        TripFactory(hearing=hearing, leaves_at=hearing.present_at - timedelta(minutes=30))
        found = condition_of(hearing, "seat")
        assert found.state == "missing"
        assert "04:40" in found.reason
        assert "Ciudad Juárez" in found.reason

    def test_says_of_another_city_how_far_it_is(self, far):
        found = condition_of(far, "seat")
        assert found.state == "missing"
        for word in ("Nogales", "Ciudad Juárez", "563", "8 h"):
            assert word in found.reason

    def test_is_asked_for_ten_days_before_where_they_are_far(self, far):
        assert condition_of(far, "seat", now=far.present_at - timedelta(days=9)).state == "missing"
        assert condition_of(far, "seat", now=far.present_at - timedelta(days=11)).state == "none"

    def test_is_never_met_on_foot_from_another_city(self, far):
        TripFactory(hearing=far, means=Means.WALK, vehicle="")
        assert condition_of(far, "seat").state == "missing"

    def test_is_to_confirm_where_they_would_be_driven_in_the_dark(self, far):
        TripFactory(hearing=far, leaves_at=far.present_at - timedelta(hours=9))
        assert condition_of(far, "seat").state == "confirm"
        Trip.objects.update(leaves_at=far.present_at - timedelta(hours=20))
        assert condition_of(far, "seat").state == "met"


class TestGate:
    def test_that_is_shut_when_they_leave_is_missing(self, hearing):
        found = condition_of(hearing, "gate")
        assert found.state == "missing"
        for word in ("06:00", "03:30", "Ciudad Juárez"):
            assert word in found.reason
        assert found.owner == "Casa Peregrina"

    @pytest.mark.parametrize(
        ("opens", "closes", "state"),
        [
            (time(3, 30), time(22), "met"),
            (time(3, 31), time(22), "missing"),
            (time(22), time(3, 30), "missing"),
            (time(22), time(3, 31), "met"),
        ],
    )
    def test_is_open_from_its_hour_and_shut_at_the_other(self, hearing, opens, closes, state):
        Shelter.objects.update(gate_opens=opens, gate_closes=closes)
        assert condition_of(hearing, "gate").state == state

    def test_of_which_nobody_noted_the_hours_is_to_confirm(self, hearing):
        Shelter.objects.update(gate_opens=None, gate_closes=None)
        assert condition_of(hearing, "gate").state == "confirm"

    def test_is_met_when_somebody_opens(self, hearing, shelter):
        GateOpeningFactory(shelter=shelter, opens_at=LEAVES_AT - timedelta(minutes=10))
        found = condition_of(hearing, "gate")
        assert found.state == "met"
        assert "03:20" in found.reason

    def test_opened_in_another_night_or_shelter_helps_nobody(self, hearing, shelter):
        GateOpeningFactory(shelter=shelter, opens_at=LEAVES_AT - timedelta(days=1))
        GateOpeningFactory(opens_at=LEAVES_AT)
        assert condition_of(hearing, "gate").state == "missing"

    def test_follows_the_hour_that_somebody_noted(self, hearing):
        Hearing.objects.update(report_at=LEAVES_AT + timedelta(hours=4), present_at=LEAVES_AT + timedelta(hours=4))
        hearing.refresh_from_db()
        assert condition_of(hearing, "gate").state == "met"
        TripFactory(hearing=hearing, leaves_at=LEAVES_AT)
        assert condition_of(hearing, "gate").state == "missing"

    def test_is_not_asked_for_days_before(self, hearing):
        assert condition_of(hearing, "gate", now=EVE - timedelta(days=6)).state == "none"

    def test_is_that_of_the_worst_shelter_where_they_sleep_in_two(self, hearing, shelter):
        Shelter.objects.update(gate_opens=time(3), gate_closes=time(22))
        other = ShelterFactory(name="San Matías", gate_opens=time(5), gate_closes=time(22))
        hearing.household.people.last().stays.update(unit=UnitFactory(shelter=other))
        found = condition_of(hearing, "gate")
        assert (found.state, found.owner) == ("missing", "San Matías")

    def test_counts_by_the_clocks_of_the_shelter_for_those_who_are_far(self, far):
        """They leave at 08:00 of Nogales the day before, when its gate is long open."""
        assert condition_of(far, "gate").state == "met"


class TestPages:
    @pytest.fixture(autouse=True)
    def the_afternoon_before(self):
        with time_machine.travel(EVE, tick=False):
            yield

    def browser(self, client_of, role=Role.HEARINGS, site=None):
        client = client_of(role, site)
        User.objects.update(language="en")
        return client

    def address(self, hearing, name="trip"):
        return reverse(f"journey:{name}", args=[hearing.household.uid, hearing.uid])

    def test_note_how_they_go(self, hearing, client_of):
        browser = self.browser(client_of)
        assert "03:30" in browser.get(self.address(hearing)).content.decode()
        sent = {"means": "shelter", "vehicle": "van 2", "seats": "4", "leaves_on": "2021-12-16", "leaves_time": "03:10"}
        assert browser.post(self.address(hearing), sent).status_code == 302
        trip = Trip.objects.standing().get()
        assert (trip.vehicle, trip.seats, trip.leaves_at) == ("van 2", 4, LEAVES_AT - timedelta(minutes=20))
        page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert "Vehicle of the shelter, van 2" in page
        assert "03:10" in page

    def test_keep_no_vehicle_for_those_who_walk(self, hearing, client_of):
        self.browser(client_of).post(self.address(hearing), {"means": "walk", "vehicle": "van 2", "seats": "4"})
        assert (Trip.objects.get().vehicle, Trip.objects.get().seats) == ("", None)

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"means": "rocket"},
            {"means": "own", "leaves_on": "2021-12-16"},
            {"means": "own", "leaves_time": "03:00"},
            {"means": "own", "leaves_on": "2021-12-17", "leaves_time": "03:00"},
            {"means": "agency", "vehicle": "656 123 4567"},
            {"means": "agency", "seats": "0"},
        ],
    )
    def test_show_what_was_typed_again_after_a_refusal(self, hearing, client_of, sent):
        response = self.browser(client_of).post(self.address(hearing), sent)
        assert response.status_code == 422
        assert not Trip.objects.exists()

    def test_take_it_back(self, hearing, client_of):
        trip = TripFactory(hearing=hearing)
        browser = self.browser(client_of)
        url = reverse("journey:withdraw_trip", args=[hearing.household.uid, trip.uid])
        assert url in browser.get(self.address(hearing)).content.decode()
        assert browser.post(url).status_code == 302
        assert not Trip.objects.standing().exists()

    def test_lead_whoever_may_mend_a_reason_there(self, hearing, client_of, shelter):
        page = self.browser(client_of).get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert 'id="mend-seat"' in page
        assert 'id="mend-gate"' not in page
        desk = self.browser(client_of, Role.SHELTER, shelter.site)
        Household.objects.update(guest_site=shelter.site)
        page = desk.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert f"{reverse('journey:run_sheet', args=[shelter.uid])}?day=2021-12-16" in page
        assert 'id="mend-document"' not in page

    def test_let_a_shelter_say_that_it_opens(self, hearing, client_of, shelter):
        Household.objects.update(guest_site=shelter.site)
        for person in hearing.household.people.all():
            SummonsFactory(hearing=hearing, person=person)
        desk = self.browser(client_of, Role.SHELTER, shelter.site)
        sheet = reverse("journey:run_sheet", args=[shelter.uid]) + "?day=2021-12-16"
        page = desk.get(sheet).content.decode()
        assert "Somebody opens at 03:20" in page
        opens_at = (LEAVES_AT - timedelta(minutes=10)).isoformat()
        assert f'value="{opens_at}"' in page
        gate = reverse("journey:gate", args=[shelter.uid])
        assert desk.post(gate, {"opens_at": opens_at, "day": "2021-12-16"})["Location"] == sheet
        page = desk.get(sheet).content.decode()
        assert "Somebody opens the gate at 03:20." in page
        assert "The gate is shut" not in page
        assert condition_of(hearing, "gate").state == "met"
        desk.post(gate, {"opens_at": opens_at, "shut": "1"})
        assert not GateOpening.objects.standing().exists()

    @pytest.mark.parametrize("opens_at", ["", "soon", "2021-12-16T03:20"])
    def test_note_no_opening_without_a_moment(self, client_of, shelter, opens_at):
        desk = self.browser(client_of, Role.SHELTER, shelter.site)
        assert desk.post(reverse("journey:gate", args=[shelter.uid]), {"opens_at": opens_at}).status_code == 302
        assert not GateOpening.objects.exists()


class TestLight:
    @pytest.fixture(autouse=True)
    def the_afternoon_before(self):
        with time_machine.travel(EVE, tick=False):
            yield

    def test_comes_anew_only_when_it_differs(self, hearing, client_of, django_assert_max_num_queries):
        browser = client_of(Role.COORDINATOR)
        page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        address = reverse("journey:light", args=[hearing.household.uid])
        asks = page.split(f'hx-get="{address}', 1)[1].split('"', 1)[0]
        reads = Read.objects.count()
        with django_assert_max_num_queries(7):
            assert browser.get(f"{address}{asks}").status_code == 204
        assert Read.objects.count() == reads
        TripFactory(hearing=hearing)
        response = browser.get(f"{address}{asks}")
        assert response.status_code == 200
        assert 'id="light"' in response.content.decode()
        assert asks not in response.content.decode()
        assert Read.objects.count() == reads + 1
        assert 'id="plan-sheet"' in response.content.decode()
        assert 'hx-swap-oob="true"' in response.content.decode()
        assert "hx-swap-oob" not in page

    def test_brings_the_plan_along_when_only_that_differs(self, hearing, client_of, shelter):
        browser = client_of(Role.COORDINATOR)
        page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        address = reverse("journey:light", args=[hearing.household.uid])
        asks = page.split(f'hx-get="{address}', 1)[1].split('"', 1)[0]
        GateOpeningFactory(shelter=shelter, opens_at=LEAVES_AT - timedelta(minutes=10))
        assert "03:20" in browser.get(f"{address}{asks}").content.decode()

    def test_is_not_told_to_another_site(self, hearing, client_of):
        address = reverse("journey:light", args=[hearing.household.uid])
        assert client_of(Role.COORDINATOR, "TJ").get(address).status_code == 404


class TestTimeline:
    def test_tells_that_it_was_noted(self, hearing, client_of):
        with time_machine.travel(EVE, tick=False):
            browser = client_of(Role.HEARINGS)
            browser.post(reverse("journey:trip", args=[hearing.household.uid, hearing.uid]), {"means": "own"})
            User.objects.update(language="en")
            page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert "How they get to the bridge was noted" in page
