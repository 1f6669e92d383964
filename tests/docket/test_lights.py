"""The lights of a docket that stands open."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from audit.models import Read
from docket import day
from docket.lights import look_of
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, TripFactory

pytestmark = pytest.mark.django_db
EVE = datetime(2021, 12, 15, 21, 0, tzinfo=UTC)
URL = reverse("docket:lights")


@pytest.fixture(autouse=True)
def the_afternoon_before():
    with time_machine.travel(EVE, tick=False):
        yield


@pytest.fixture
def hearing():
    return HearingFactory(household=HouseholdFactory(people=2))


@pytest.fixture
def browser(client_of):
    return client_of(Role.HEARINGS)


def asked_by(browser):
    page = browser.get(reverse("docket:hearings") + "?day=2021-12-16").content.decode()
    return page.split(f'hx-get="{URL}', 1)[1].split('"', 1)[0].replace("&amp;", "&")


class TestLights:
    def test_come_anew_only_when_one_differs(self, hearing, browser, django_assert_max_num_queries):
        HearingFactory(household=HouseholdFactory(people=1))
        asks = asked_by(browser)
        reads = Read.objects.count()
        with django_assert_max_num_queries(9):
            assert browser.get(f"{URL}{asks}").status_code == 204
        assert Read.objects.count() == reads
        TripFactory(hearing=hearing)
        response = browser.get(f"{URL}{asks}")
        assert f'id="light-{hearing.uid}"' in response.content.decode()
        assert response.content.decode().count("hx-swap-oob") == 2
        assert Read.objects.count() == reads + 1
        assert asks.split("seen=")[1] not in response.content.decode()

    def test_have_their_place_on_the_page(self, hearing, browser):
        page = browser.get(reverse("docket:hearings") + "?day=2021-12-16").content.decode()
        assert page.count(f'id="light-{hearing.uid}"') == 1
        assert "hx-swap-oob" not in page

    def test_of_another_site_are_not_told(self, hearing, client_of):
        assert client_of(Role.HEARINGS, "TJ").get(f"{URL}?day=2021-12-16").status_code == 204

    @pytest.mark.parametrize("asked", ["", "?day=soon"])
    def test_of_no_day_are_nothing(self, browser, asked):
        assert browser.get(f"{URL}{asked}").status_code == 204


class TestLookOf:
    def test_is_the_same_in_any_order_and_another_when_a_light_differs(self, hearing, actor_in):
        HearingFactory(household=HouseholdFactory(people=1))
        officer = actor_in(Role.HEARINGS)
        rows = day.rows_of(day=date(2021, 12, 16), actor=officer, now=EVE)
        assert look_of(rows) == look_of(reversed(rows))
        TripFactory(hearing=hearing)
        assert look_of(day.rows_of(day=date(2021, 12, 16), actor=officer, now=EVE)) != look_of(rows)
