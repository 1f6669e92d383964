"""A family with two hearings ahead: each has its own way to the bridge and its own plan."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse

from hearings.models import Hearing, Trip
from tests.factories.hearings import HearingFactory, TripFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return HearingFactory()


@pytest.fixture
def second(first):
    """On 20 January, at 05:00 at the bridge."""
    day = first.court_on.replace(year=2022, month=1, day=20)
    return HearingFactory(household=first.household, court_on=day, report_time=time(5))


@pytest.fixture
def browser(client_of, now):
    with time_machine.travel(now, tick=False):
        yield client_of("hearings", "JZ")


def trip_page(hearing: Hearing) -> str:
    return reverse("journey:trip", args=[hearing.household.uid, hearing.uid])


class TestTheTrip:
    def test_is_noted_of_the_hearing_that_it_is_asked_of(self, first, second, browser):
        assert browser.post(trip_page(second), {"means": "own"}).status_code == 302
        assert Trip.objects.get().hearing == second

    def test_stands_beside_the_plan_of_that_hearing(self, first, second, browser):
        page = browser.get(trip_page(second))
        assert [step.time for step in page.context["plan"]][-2:] == ["05:00", "08:30"]
        assert "20 de enero de 2022" in page.content.decode()
        assert [step.time for step in browser.get(trip_page(first)).context["plan"]][-2:] == ["04:30", "08:30"]

    def test_is_taken_back_there_too(self, first, second, browser):
        trip = TripFactory(hearing=second)
        assert reverse("journey:withdraw_trip", args=[first.household.uid, trip.uid]) in (
            browser.get(trip_page(second)).content.decode()
        )

    @pytest.mark.parametrize("facts", [{"status": "cancelled"}, {"household": None}])
    def test_is_none_of_a_hearing_that_is_off_or_of_others(self, first, second, browser, facts):
        if "household" in facts:
            address = reverse("journey:trip", args=[first.household.uid, HearingFactory().uid])
        else:
            Hearing.objects.filter(pk=second.pk).update(**facts)
            address = trip_page(second)
        assert browser.get(address).status_code == 404


class TestTheHouseholdPage:
    def test_says_how_they_get_to_the_later_one_and_leads_there(self, first, second, browser):
        TripFactory(hearing=second, means="shelter", vehicle="van 7")
        page = browser.get(reverse("journey:household", args=[first.household.uid])).content.decode()
        assert f'href="{trip_page(second)}"' in page
        assert "van 7" in page

    def test_leads_nobody_there_who_may_not_arrange_it(self, first, second, client_of, now):
        with time_machine.travel(now, tick=False):
            page = client_of("reception", "JZ").get(reverse("journey:household", args=[first.household.uid]))
        assert trip_page(second) not in page.content.decode()
