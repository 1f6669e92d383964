"""Placing a family by its page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shelters.models import Hold, Shelter, Stay, Unit
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, IsolationFactory, NeedFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    ShelterFactory,
    UnitFactory,
)
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

pytestmark = pytest.mark.django_db


class TestPlace:
    def test_ranks_with_reasons_and_says_why_not_elsewhere(self, shelter, english):
        UnitFactory(shelter=shelter, kind=Kind.MIXED, places=12)
        best = UnitFactory(kind=Kind.FAMILY, places=6)
        full = UnitFactory(places=1)
        men = UnitFactory(kind=Kind.MEN)
        family = HouseholdFactory(people=2)

        page = words(english().get(reverse("shelters:place", args=[family.uid])))

        assert "Where does the family Funes Amador fit?" in page
        assert "1 adult 1 minor" in page
        order = [
            page.index(house) for house in (f"{best.shelter.name} ·", f"{shelter.name} ·", f"{full.shelter.name} ·")
        ]
        assert order == sorted(order)
        assert "Fits whole: 6 places free (family)" in page
        assert "1 place free for 2; to place here, name a reason" in page
        assert "only men sleep here" in page[page.index(men.shelter.name) :]

    def test_gives_no_advice_that_nothing_on_the_page_follows(self, shelter, english):
        UnitFactory(shelter=shelter, places=9)
        family = HouseholdFactory(people=2)
        IsolationFactory(household=family)
        page = words(english().get(reverse("shelters:place", args=[family.uid])))
        assert "No shelter here has a room for isolation." in page
        assert "name a reason" not in page
        assert "choose it above" not in page

    def test_counts_no_shelter_as_fitting_whose_rules_refuse_them(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=9)
        family = HouseholdFactory(people=2)
        browser, url = english(), reverse("shelters:place", args=[family.uid])
        assert "Here is no room for 2 people together" not in words(browser.get(url))
        NeedFactory(household=family, kind="ramp")
        assert "Here is no room for 2 people together" in words(browser.get(url))
        Unit.objects.filter(pk=unit.pk).update(is_accessible=True)
        assert "Here is no room for 2 people together" not in words(browser.get(url))
        Shelter.objects.update(test_within_days=3)
        assert "Here is no room for 2 people together" in words(browser.get(url))

    def test_leads_whoever_has_a_place_to_moving(self, shelter, english):
        family = HouseholdFactory(people=1)
        assign = {"unit": UnitFactory(shelter=shelter).pk}
        browser, url = english(), reverse("shelters:place", args=[family.uid])
        browser.post(url, assign)
        assert reverse("shelters:move", args=[family.uid]) in browser.get(url).content.decode()

    def test_gives_the_place(self, shelter, english):
        unit = UnitFactory(shelter=shelter)
        family = HouseholdFactory(people=2)

        response = english().post(reverse("shelters:place", args=[family.uid]), {"unit": unit.pk}, follow=True)

        assert Stay.objects.open().filter(household=family, unit=unit).count() == 2
        assert f"{family.code} sleeps at {shelter.name} tonight" in words(response)

    def test_refuses_in_words_and_keeps_the_family_waiting(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=1)
        family = HouseholdFactory(people=2)

        response = english().post(reverse("shelters:place", args=[family.uid]), {"unit": unit.pk})

        assert response.status_code == 409
        assert "The family does not fit here any more. Nothing was changed" in words(response)
        assert not Stay.objects.exists()

    def test_goes_over_with_a_reason(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=1)
        family = HouseholdFactory(people=2)

        english().post(
            reverse("shelters:place", args=[family.uid]),
            {"unit": unit.pk, "over_capacity_reason": "cierre de otra casa"},
        )

        assert Stay.objects.open().filter(over_capacity_reason="cierre de otra casa").count() == 2

    def test_holds_for_two_hours(self, shelter, english):
        unit = UnitFactory(shelter=shelter)
        family = HouseholdFactory(people=2)

        response = english().post(reverse("shelters:hold", args=[family.uid]), {"unit": unit.pk}, follow=True)

        hold = Hold.objects.get()
        assert hold.expires_at - hold.begins_at == timedelta(hours=2)
        assert "Places are held here for them" in words(response)

    def test_gives_back_what_was_held_and_twice_changes_nothing(self, shelter, english):
        unit = UnitFactory(shelter=shelter)
        family, browser = HouseholdFactory(people=2), english()
        browser.post(reverse("shelters:hold", args=[family.uid]), {"unit": unit.pk})

        for _ in range(2):
            response = browser.post(reverse("shelters:release", args=[family.uid]), follow=True)

        assert not Hold.objects.standing_at(timezone.now()).exists()
        assert f"Nothing is held for {family.code} any more." in words(response)

    def test_says_when_they_sleep_somewhere(self, shelter, english):
        family = HouseholdFactory(people=2, guest_site=shelter.site)

        assert "They already have a place" in words(english().get(reverse("shelters:place", args=[family.uid])))

    @pytest.mark.parametrize("unit", ["", "x", "999999"])
    def test_asks_for_a_room_that_can_be_seen(self, shelter, english, unit):
        family = HouseholdFactory(people=2)

        response = english().post(reverse("shelters:place", args=[family.uid]), {"unit": unit})

        assert response.status_code == 422
        assert "Choose a room from the list." in words(response)

    def test_offers_no_room_of_another_city(self, shelter, english):
        elsewhere = UnitFactory(shelter__site__parent__code="TJ", shelter__site__code="TJ-1")
        family = HouseholdFactory(people=2)

        response = english().post(reverse("shelters:place", args=[family.uid]), {"unit": elsewhere.pk})

        assert response.status_code == 422

    def test_looks_missing_for_a_household_of_others_and_for_other_roles(self, shelter, english):
        family = HouseholdFactory(people=2)
        of_others = HouseholdFactory(people=2, site=SiteFactory(code="TJ"))

        assert english().get(reverse("shelters:place", args=[of_others.uid])).status_code == 404
        assert english("reception").get(reverse("shelters:place", args=[family.uid])).status_code == 404

    def test_ignores_no_odd_bridge(self, shelter, english):
        family = HouseholdFactory(people=2)

        for made_up in ("1;--", "²", "9" * 30):
            assert english().get(reverse("shelters:place", args=[family.uid]), {"near": made_up}).status_code == 404

    def test_is_light_and_flat_with_many_shelters(self, shelter, english, django_assert_max_num_queries):
        for number in range(40):
            house = ShelterFactory(counted_at=timezone.now(), name=f"Casa del Migrante {number * 7919 % 1009}")
            for kind in (Kind.FAMILY, Kind.WOMEN, Kind.MEN):
                UnitFactory(shelter=house, kind=kind, places=number * 31 % 97)
        family = HouseholdFactory(people=4)
        client = english()

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:place", args=[family.uid]))

        assert weight(response) < LIGHT
