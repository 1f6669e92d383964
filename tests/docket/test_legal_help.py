"""Where the list of free legal help begins."""

import pytest
from django.urls import reverse

from places.models import City
from tests.factories.checks import LegalProviderFactory
from tests.factories.places import CityFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities() -> list[City]:
    here, there = SiteFactory(code="JZ").city, CityFactory(name="Aachen")
    for city in (here, there):
        LegalProviderFactory(city=city)
    return [there, here]


class TestLegalHelp:
    def test_begins_in_the_city_one_works_in(self, client_of, cities):
        assert client_of("hearings", "JZ").get(reverse("docket:legal_help")).context["list"].city == cities[1]
