"""The page of a shelter, and what its desk says there."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Read
from shelters.models import Capacity, LeavingReason, Shelter
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    HoldFactory,
    ObservationFactory,
    ShelterFactory,
    StayFactory,
    UnitFactory,
)
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

pytestmark = pytest.mark.django_db


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

    def test_says_until_when_each_may_stay_and_for_whom_that_is_over(self, shelter, english):
        Shelter.objects.filter(pk=shelter.pk).update(max_stay_days=10)
        room, now = UnitFactory(shelter=shelter), timezone.now()
        for days, moved in ((12, 2), (3, None)):
            stay = StayFactory(
                unit=UnitFactory(shelter=shelter) if moved else room,
                begins_at=now - timedelta(days=days),
                person__household__guest_site=shelter.site,
                **({"ends_at": now - timedelta(days=moved), "leaving_reason": "room"} if moved else {}),
            )
            if moved:
                StayFactory(person=stay.person, unit=room, begins_at=stay.ends_at)

        page = words(english("shelter", shelter.site).get(reverse("shelters:shelter", args=[shelter.uid])))

        assert page.count("the longest stay was over on") == 1
        assert page.count("may stay until") == 1

    def test_tells_who_may_not_see_health_no_days_in_a_room_that_is_not_shown(self, shelter, english):
        Shelter.objects.filter(pk=shelter.pk).update(max_stay_days=10)
        now, person = timezone.now(), {"person__household__guest_site": shelter.site}
        first = StayFactory(
            unit=UnitFactory(shelter=shelter, kind=Kind.ISOLATION),
            begins_at=now - timedelta(days=12),
            ends_at=now,
            leaving_reason="room",
            **person,
        )
        StayFactory(person=first.person, unit=UnitFactory(shelter=shelter), begins_at=now)

        page = english("hearings").get(reverse("shelters:shelter", args=[shelter.uid]))

        (guests,) = page.context["shown"].roster.guests
        (came,) = page.context["shown"].roster.came
        assert (guests.since, guests.until, came.is_move) == (now, None, False)

    def test_tells_who_changed_rooms_once_and_as_nobody_who_came_or_left(self, shelter, english):
        now, person = timezone.now(), {"person__household__guest_site": shelter.site}
        first = StayFactory(
            unit=UnitFactory(shelter=shelter, name="Sala"),
            begins_at=now - timedelta(days=2),
            ends_at=now,
            leaving_reason="room",
            **person,
        )
        StayFactory(person=first.person, unit=UnitFactory(shelter=shelter, name="Patio"), begins_at=now)

        browser = english("shelter", shelter.site)
        page = browser.get(reverse("shelters:shelter", args=[shelter.uid]))

        (moved,) = page.context["shown"].roster.came
        assert (moved.room, moved.is_move) == ("Patio", True)
        assert not page.context["shown"].roster.left
        assert "changed rooms at" in words(page)

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
