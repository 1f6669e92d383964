"""The shelters of a city as they were: the page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories.shelters import CapacityFactory, ShelterFactory, ShelterSiteFactory, StayFactory, UnitFactory
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)  # 11:00 in Juárez
LEFT = {"leaving_reason": "left", "destination": "unknown"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house():
    unit = UnitFactory(shelter=ShelterFactory(name="Casa Uno"), places=9, name="Sala")
    for days in (5, 5, 1):
        StayFactory(unit=unit, begins_at=NOW - timedelta(days=days))
    StayFactory(unit=unit, begins_at=NOW - timedelta(days=5), ends_at=NOW - timedelta(days=2), **LEFT)
    return unit.shelter


class TestPast:
    def asked(self, browser, **moment):
        return browser.get(reverse("shelters:past"), moment)

    def test_says_who_slept_there_then_and_not_who_does_now(self, house, english):
        assert "3 of 9" in words(self.asked(english(), day="2021-12-05", hour="22:00"))
        assert "2 of 9" in words(self.asked(english(), day="2021-12-06", hour="22:00"))

    def test_begins_with_last_night_at_ten_by_the_clock_of_the_city(self, house, english):
        page = words(self.asked(english()))
        assert "7 Dec 2021, 22:00" in page
        assert "3 of 9" in page

    def test_tells_the_capacity_of_that_moment(self, house, english):
        CapacityFactory(unit=house.units.get(), places=2, valid_from=NOW - timedelta(hours=2))
        assert "3 of 9" in words(self.asked(english(), day="2021-12-07", hour="22:00"))
        assert "3 of 2 · 1 over" in words(self.asked(english(), day="2021-12-08", hour="10:30"))

    def test_counts_no_place_of_a_shelter_that_was_closed_then(self, house, english):
        closed = ShelterFactory(name="Casa Dos", closed_at=NOW - timedelta(days=4))
        UnitFactory(shelter=closed, places=50)
        assert "59" not in words(self.asked(english(), day="2021-12-05", hour="22:00"))
        assert "3 of 59" in words(self.asked(english(), day="2021-12-03", hour="22:00"))

    def test_has_nothing_free_where_guests_stayed_on_in_a_closed_shelter(self, house, english):
        house.closed_at = NOW - timedelta(days=4)
        house.save()
        page = self.asked(english(), day="2021-12-05", hour="22:00")
        assert page.context["then"].places.free == 0
        assert page.context["then"].places.occupied == 3

    def test_refuses_what_is_still_to_come(self, house, english):
        page = self.asked(english(), day="2021-12-09", hour="22:00")
        assert page.status_code == 422
        assert "That moment is still to come." in words(page)

    def test_keeps_to_the_shelters_that_its_reader_sees(self, house, english):
        other = UnitFactory(shelter=ShelterFactory(name="Casa Dos"), places=4)
        page = words(self.asked(english("shelter", house.site)))
        assert "Casa Uno" in page
        assert "Casa Dos" not in page
        assert "Casa Dos" in words(self.asked(english()))
        assert other.shelter.site.parent == house.site.parent

    def test_is_light_and_flat_with_many(self, english, django_assert_max_num_queries):
        for number in range(40):
            site = ShelterSiteFactory(code=f"JZ-{number}")
            for _ in range(4):
                StayFactory(unit=UnitFactory(shelter=getattr(site, "shelter", None) or ShelterFactory(site=site)))
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            page = self.asked(browser)
        assert weight(page) < LIGHT
