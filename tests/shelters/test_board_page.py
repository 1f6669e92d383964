"""The board of shelters."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Read
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import (
    ShelterFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

pytestmark = pytest.mark.django_db


class TestBoard:
    def test_says_what_is_free_tonight(self, shelter, english):
        UnitFactory(shelter=shelter, places=10)
        StayFactory(unit__shelter=shelter, unit__places=1)

        page = words(english().get(reverse("shelters:board")))

        assert "10 places free tonight of 11" in page
        assert "count never confirmed" in page

    def test_says_unknown_rather_than_nought(self, shelter, english):
        UncountedUnitFactory(shelter=shelter)

        page = words(english().get(reverse("shelters:board")))

        assert "in, capacity not known" in page
        assert "? unknown" in page

    def test_shows_what_is_over(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=1)
        for _ in range(3):
            StayFactory(unit=unit, over_capacity_reason="cierre", over_capacity_by="M. O.")

        page = words(english().get(reverse("shelters:board")))

        assert "1 shelter over its capacity" in page
        assert "2 over" in page

    def test_puts_what_answers_the_need_first(self, shelter, english):
        UnitFactory(shelter=shelter, kind=Kind.MEN)
        women = UnitFactory(kind=Kind.WOMEN).shelter

        page = words(english().get(reverse("shelters:board"), {"kind": "women"}))

        cut = page.index("Here nothing is free")
        assert page.index(women.name) < cut < page.index(shelter.name)

    def test_shows_the_cities_of_the_actor_only(self, shelter, english):
        elsewhere = UnitFactory(shelter__site__parent__code="TJ", shelter__site__code="TJ-1").shelter
        UnitFactory(shelter=shelter)

        page = words(english().get(reverse("shelters:board"), {"city": "TJ"}))

        assert shelter.name in page
        assert elsewhere.name not in page

    @pytest.mark.parametrize(("role", "plans"), [("coordinator", True), ("hearings", False)])
    def test_leads_to_the_past_and_whoever_places_to_plans(self, shelter, client_of, role, plans):
        UnitFactory(shelter=shelter)
        city = f"?city={shelter.site.parent.code}"

        page = client_of(role).get(reverse("shelters:board")).content.decode()

        assert f'href="{reverse("shelters:past")}{city}"' in page
        assert (f'href="{reverse("shelters:plans")}{city}"' in page) is plans

    def test_lists_families_that_sleep_nowhere_and_records_that_they_were_seen(self, shelter, english):
        UnitFactory(shelter=shelter)
        family = HouseholdFactory(people=2)
        HouseholdFactory(people=1, guest_site=shelter.site)

        page = words(english().get(reverse("shelters:board")))

        assert "Family Funes Amador" in page
        assert Read.objects.get().households == [family.uid]

    def test_keeps_names_from_those_who_do_not_place(self, shelter, english):
        UnitFactory(shelter=shelter)
        HouseholdFactory(people=2)

        page = words(english("reception").get(reverse("shelters:board")))

        assert "Funes" not in page
        assert not Read.objects.exists()

    def test_says_isolation_only_to_those_who_may_see_health(self, shelter, english):
        UnitFactory(shelter=shelter, kind=Kind.ISOLATION)

        assert "isolation" in words(english("coordinator").get(reverse("shelters:board")))
        desk = words(english("shelter", shelter.site).get(reverse("shelters:board"), {"kind": "isolation"}))
        assert "isolation" not in desk.lower()
        assert "reserved" in desk

    def test_hides_a_closed_shelter_unless_people_are_in_it(self, shelter, english):
        gone = UnitFactory(shelter__closed_at=timezone.now()).shelter
        left = StayFactory(unit__shelter__closed_at=timezone.now()).unit.shelter

        page = words(english().get(reverse("shelters:board")))

        assert gone.name not in page
        assert left.name in page
        assert "Closed, 1 to move" in page

    def test_is_light_and_flat_with_many_shelters(self, shelter, english, django_assert_max_num_queries):
        for number in range(60):
            house = ShelterFactory(counted_at=timezone.now(), name=f"Casa del Migrante {number * 7919 % 1009}")
            for kind in (Kind.FAMILY, Kind.WOMEN, Kind.MEN):
                UnitFactory(shelter=house, kind=kind, places=number * 31 % 97)
        for _ in range(12):
            HouseholdFactory(people=3)
        client = english()

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:board"))

        assert weight(response) < LIGHT

    def test_tells_what_to_do_where_there_is_nothing(self, english):
        assert "No shelter here yet" in words(english().get(reverse("shelters:board")))
