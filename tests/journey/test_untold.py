"""The desk of a shelter is a way to those whom no message reached."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from hearings.models import Telling
from journey.untold import untold_guests
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 14, 18, 0, tzinfo=UTC)
LOOK = "7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10"


@pytest.fixture
def shelter():
    return ShelterFactory(site=ShelterSiteFactory(parent=SiteFactory(code="JZ"), name="Casa Peregrina"))


@pytest.fixture
def guest(shelter):
    def make(**facts):
        household = HouseholdFactory(site=shelter.site.parent, guest_site=shelter.site, people=2)
        unit = UnitFactory(shelter=shelter)
        for person in household.people.all():
            StayFactory(person=person, unit=unit)
        return HearingFactory(household=household, **facts)

    return make


class TestUntoldGuests:
    def test_are_those_who_sleep_there_and_whom_nobody_told(self, shelter, guest, actor_in):
        untold = guest()
        TellingFactory(hearing=guest())
        HearingFactory()
        found = untold_guests(shelter, actor=actor_in("shelter", shelter.site), now=NOW)
        assert [each.hearing for each in found.guests] == [untold]
        assert (found.guests[0].bridge.time, found.guests[0].place) == ("04:30", "Puente Santa Fe")

    def test_are_also_those_who_were_told_of_a_date_that_is_off(self, shelter, guest, actor_in, client_of):
        hearing = guest(version=2, status="cancelled")
        TellingFactory(hearing=hearing, version=1)
        found = untold_guests(shelter, actor=actor_in("shelter", shelter.site), now=NOW)
        assert [(each.hearing, each.is_off) for each in found.guests] == [(hearing, True)]
        with time_machine.travel(NOW, tick=False):
            page = client_of("shelter", shelter.site).get(reverse("journey:run_sheet", args=[shelter.uid]))
        assert "calendar-off" in page.content.decode()

    def test_are_nobody_for_who_may_not_note_it(self, shelter, guest, actor_in):
        guest()
        assert not untold_guests(shelter, actor=actor_in("shelter", "TJ"), now=NOW).guests


class TestRunSheet:
    @pytest.fixture(autouse=True)
    def that_day(self):
        with time_machine.travel(NOW, tick=False):
            yield

    def test_lets_the_desk_tick_them_off(self, shelter, guest, client_of):
        hearing, desk = guest(), client_of("shelter", shelter.site)
        url = reverse("journey:run_sheet", args=[shelter.uid])
        assert "x-desklist" in desk.get(url).content.decode()
        told = {"look": LOOK, "version": 1, "answer": "roster", "next": url}
        assert desk.post(reverse("docket:tell", args=[hearing.uid]), told).headers["Location"] == url
        assert Telling.objects.get().way == "roster"
        assert "x-desklist" not in desk.get(url).content.decode()

    def test_records_that_they_were_seen(self, shelter, guest, client_of):
        hearing = guest()
        client_of("shelter", shelter.site).get(reverse("journey:run_sheet", args=[shelter.uid]))
        assert Read.objects.get(page="departure_sheet").households == [hearing.household.uid]

    def test_costs_ten_queries_at_most(self, shelter, guest, client_of, django_assert_max_num_queries):
        for _ in range(6):
            guest()
        desk, url = client_of("shelter", shelter.site), reverse("journey:run_sheet", args=[shelter.uid])
        desk.get(url)
        with django_assert_max_num_queries(10):
            desk.get(url)
