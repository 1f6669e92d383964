"""The list of households."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import Read
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import StayFactory, UnitFactory
from tests.journey.households.pages import HEAVIEST, MOST_QUERIES, NOW, read

pytestmark = pytest.mark.django_db


class TestPeople:
    def test_lists_the_newest_first_and_records_who_was_shown(self, household, client_of):
        older = HouseholdFactory(people=1, arrived_at=NOW - timedelta(days=9))
        page = read(client_of(Role.RECEPTION), reverse("journey:people"))
        assert page.index(household.code) < page.index(older.code)
        assert set(Read.objects.get().households) == {household.uid, older.uid}

    def test_shows_nobody_of_another_site(self, household, client_of):
        page = read(client_of(Role.RECEPTION, SiteFactory(code="TJ")), reverse("journey:people"))
        assert household.code not in page

    def test_costs_the_same_on_every_page(self, client_of, django_assert_max_num_queries):
        room = UnitFactory(places=200)
        for number in range(60):
            household = HouseholdFactory(people=3, arrived_at=NOW - timedelta(minutes=number))
            HearingFactory(household=household)
            StayFactory(person=household.people.first(), unit=room)
        browser = client_of(Role.COORDINATOR)
        with django_assert_max_num_queries(MOST_QUERIES):
            first = browser.get(reverse("journey:people"))
        assert len(gzip.compress(first.content)) < HEAVIEST
        cursor = first.content.decode().split("?after=")[1].split('"')[0]
        with django_assert_max_num_queries(MOST_QUERIES):
            second = browser.get(reverse("journey:people"), {"after": cursor})
        assert second.content.decode().count("<tr>") == 1 + 10
