"""The pages of shelters: what they say, who may open them, what they cost."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Read
from shelters.models import Capacity, Hold, LeavingReason, Shelter, Stay
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    HoldFactory,
    ObservationFactory,
    ShelterFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelter():
    return ShelterFactory()


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


class TestShelter:
    def test_shows_guests_by_name_and_records_the_read(self, shelter, english):
        stay = StayFactory(unit__shelter=shelter, person__household__guest_site=shelter.site)

        page = words(english("shelter", shelter.site).get(reverse("shelters:shelter", args=[shelter.uid])))

        assert "Dayanara Lizeth Funes Amador" in page
        read = Read.objects.get()
        assert (read.page, read.households) == ("shelter", [stay.household.uid])

    def test_shows_what_was_said_with_date_and_source(self, shelter, english):
        ObservationFactory(shelter=shelter, as_of="2019-08", capacity_said="1500 planned", capacity_places=None)

        response = english().get(reverse("shelters:shelter", args=[shelter.uid]))

        assert "2019-08 Capacity «1500 planned» no firm figure" in words(response)
        assert "https://example.org/nota" in response.content.decode()

    def test_says_what_the_capacity_rests_on(self, shelter, english):
        UnitFactory(shelter=shelter, places=7)

        page = words(english().get(reverse("shelters:shelter", args=[shelter.uid])))

        assert re.search(r"7 places since [^,]+ said by shelter&#x27;s desk", page.replace(",", ""))

    def test_looks_missing_to_another_shelters_desk(self, shelter, english):
        desk = english("shelter", ShelterFactory().site)

        assert desk.get(reverse("shelters:shelter", args=[shelter.uid])).status_code == 404

    def test_says_who_is_due_who_came_and_who_left_today(self, shelter, english):
        unit, now = UnitFactory(shelter=shelter, name="Sala"), timezone.now()
        expected, gone = HouseholdFactory(people=2), HouseholdFactory(people=1, guest_site=shelter.site)
        HoldFactory(
            household=expected, unit=unit, begins_at=now - timedelta(hours=1), expires_at=now + timedelta(hours=1)
        )
        StayFactory(unit=unit, begins_at=now - timedelta(seconds=1), person__household__guest_site=shelter.site)
        StayFactory(
            unit=unit, person=gone.people.get(), ends_at=now - timedelta(seconds=1), leaving_reason=LeavingReason.LEFT
        )

        page = words(english().get(reverse("shelters:shelter", args=[shelter.uid])))

        assert f"{expected.code} · 2 people · Sala places held · until" in page
        assert "came at" in page
        assert ": Left" in page

    def test_tells_no_code_of_a_household_that_may_not_be_seen(self, shelter, english):
        now = timezone.now()
        other = HouseholdFactory(people=2, site=SiteFactory(code="TJ"))
        HoldFactory(
            household=other,
            unit__shelter=shelter,
            begins_at=now - timedelta(hours=1),
            expires_at=now + timedelta(hours=1),
        )

        page = english("shelter", shelter.site).get(reverse("shelters:shelter", args=[shelter.uid]))

        assert "A family · 2 people" in words(page)
        assert other.code not in words(page)
        assert str(other.uid) not in page.content.decode()

    def test_says_the_rules_of_the_house_in_words(self, shelter, english):
        Shelter.objects.update(
            gate_opens=time(5), gate_closes=time(22), takes_pets=False, max_stay_days=30, services=["school"]
        )

        page = words(english().get(reverse("shelters:shelter", args=[shelter.uid])))

        for rule in ("The gate is open from 05:00 to 22:00", "No pets", "At most 30 days", "School"):
            assert rule in page

    def test_names_who_isolates_to_those_who_see_health_or_run_the_house(self, shelter, english):
        StayFactory(unit__shelter=shelter, unit__kind=Kind.ISOLATION, person__household__guest_site=shelter.site)
        address = reverse("shelters:shelter", args=[shelter.uid])

        assert "Funes" in words(english().get(address))
        assert "Funes" in words(english("shelter", shelter.site).get(address))
        assert "Funes" not in words(english("hearings").get(address))

    def test_is_light_and_flat_with_many_guests(self, shelter, english, django_assert_max_num_queries):
        for number in range(5):
            unit = UnitFactory(shelter=shelter, places=200)
            for other in range(30):
                family = HouseholdFactory(people=2, guest_site=shelter.site)
                for person in family.people.all():
                    person.surnames = f"Prueba{number * 31 + other} Ensayo"
                    person.save()
                    StayFactory(unit=unit, person=person)
        client = english()

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:shelter", args=[shelter.uid]))

        assert weight(response) < LIGHT
        assert "page 1 of 3" in words(response)
        assert "Its guests stand on page 3." in words(response)
        assert len(Read.objects.get().households) == 60


class TestConfirm:
    def test_makes_the_figure_fresh(self, shelter, english):
        desk = english("shelter", shelter.site)

        page = desk.post(reverse("shelters:confirm", args=[shelter.uid]), follow=True)

        shelter.refresh_from_db()
        assert shelter.counted_at
        assert "just now" in words(page)

    def test_is_not_for_reception(self, shelter, english):
        assert english("reception").post(reverse("shelters:confirm", args=[shelter.uid])).status_code == 404


class TestCapacity:
    def test_begins_a_new_record(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=4)

        english().post(
            reverse("shelters:capacity", args=[shelter.uid, unit.pk]),
            {"places": "9", "basis": "operational", "source": "la encargada"},
        )

        assert list(unit.capacities.order_by("valid_from").values_list("places", flat=True)) == [4, 9]

    def test_closes_a_room_for_works(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=4)

        english().post(
            reverse("shelters:capacity", args=[shelter.uid, unit.pk]),
            {"places": "4", "basis": "closed", "source": "obra"},
        )

        assert unit.capacities.get(basis=Capacity.Basis.CLOSED).places == 0

    def test_wants_a_source(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=4)

        page = english().post(
            reverse("shelters:capacity", args=[shelter.uid, unit.pk]),
            {"places": "9", "basis": "operational", "source": ""},
        )

        assert "Nothing is saved yet." in words(page)
        assert unit.capacities.count() == 1

    def test_is_not_for_a_shelters_desk(self, shelter, english):
        unit = UnitFactory(shelter=shelter, places=4)
        desk = english("shelter", shelter.site)

        assert desk.post(reverse("shelters:capacity", args=[shelter.uid, unit.pk]), {"places": "9"}).status_code == 404
