"""Whoever was not seen at the roll call: nobody knows where they are, and that is not the same as being out tonight."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Absence
from shelters.actions import assign_place, note_back, note_out
from shelters.actions.plans import compute_plan, make_plan
from shelters.actions.roll_calls import finish_roll_call, mark_guests
from shelters.errors import OverCapacity
from shelters.models import Plan, RollCall, RollCallMark, Unit
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory
from tests.shelters.reading import words

pytestmark = pytest.mark.django_db
Seen = RollCallMark.Seen


@pytest.fixture
def now():
    """The pages read the real clock."""
    return timezone.now()


@pytest.fixture
def unit():
    return UnitFactory(shelter=ShelterFactory(name="Casa Uno"), name="Cuarto 7", places=3)


@pytest.fixture
def coordinator(unit, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family(unit, coordinator, now):
    """Three, of whom the roll call saw two."""
    household = HouseholdFactory(people=3)
    assign_place(household=household, unit=unit, actor=coordinator, at=now - timedelta(days=1))
    *here, missed = household.people.order_by("pk")
    seen = dict.fromkeys([person.pk for person in here], Seen.HERE) | {missed.pk: Seen.MISSING}
    called = mark_guests(shelter=unit.shelter, seen=seen, follows=None, actor=coordinator, at=now)
    finish_roll_call(roll_call=called, actor=coordinator, at=now)
    return household


@pytest.fixture
def about(family, unit, coordinator, now):
    missed = family.people.order_by("pk").last()
    return {
        "household": family,
        "people": [missed],
        "shelter": unit.shelter,
        "actor": coordinator,
        "at": now + timedelta(hours=1),
    }


def figures(unit, at):
    return Unit.objects.with_figures(at).get(pk=unit.pk).figures


class TestNotSeen:
    def test_is_counted_by_itself_and_keeps_the_place(self, family, unit, now):
        places = figures(unit, now)
        assert (places.unseen, places.away, places.occupied, places.free) == (1, 0, 3, 0)

    def test_gives_the_bed_to_nobody(self, family, unit, coordinator, now):
        with pytest.raises(OverCapacity):
            assign_place(household=HouseholdFactory(people=1), unit=unit, actor=coordinator, at=now)

    def test_lasts_until_they_are_back(self, about, unit, now):
        note_back(**about)
        assert figures(unit, now).unseen == 0

    def test_lasts_until_it_is_known_where_they_are(self, about, unit, now):
        note_out(**about, reason=Absence.Reason.WORK, expected_at=now + timedelta(hours=9))
        assert (figures(unit, now).unseen, figures(unit, now).away) == (0, 1)

    def test_returns_when_contact_is_lost(self, about, unit, now):
        note_out(**about, reason=Absence.Reason.WORK, expected_at=now + timedelta(hours=9))
        Absence.objects.update(lost_at=now + timedelta(days=2))
        assert (figures(unit, now).unseen, figures(unit, now).away) == (1, 0)


class TestPages:
    def test_of_the_shelter_name_them_apart_from_who_is_out(self, family, unit, english):
        page = words(english().get(reverse("shelters:shelter", args=[unit.shelter.uid])))
        assert "Not seen, and nobody knows where" in page
        assert "1 person : not seen at roll call" in page.replace("person:", "person :")
        assert "out tonight" not in page

    def test_of_the_board_say_how_many(self, family, english):
        page = words(english().get(reverse("shelters:board")))
        assert "1 not seen" in page
        assert "out tonight" not in page

    def test_of_a_move_say_that_one_is_not_there(self, family, unit, english):
        UnitFactory(shelter=unit.shelter, places=9)
        page = words(english().get(reverse("shelters:move", args=[family.uid])))
        assert "1 not seen: nobody knows where" in page

    def test_of_who_goes_offer_every_way_to_settle_it(self, family, unit, about, english):
        missed = about["people"][0].uid
        response = english().get(reverse("shelters:going", args=[unit.shelter.uid, family.uid]))
        page = words(response)
        assert "1 not seen: nobody knows where" in page
        assert "is out" not in page
        ticked = response.content.decode().count(f'name="who" value="{missed}"')
        assert ticked == 3  # back, out for a time, gone for good

    def test_of_a_plan_place_nobody_silently(self, family, unit, coordinator, now, english):
        UnitFactory(shelter=ShelterFactory(), places=9)
        plan = make_plan(
            site=family.site,
            origin=Plan.Origin.CLOSING,
            shelter=unit.shelter,
            households=[family],
            actor=coordinator,
            at=now,
        )
        compute_plan(plan=plan, actor=coordinator, at=now)
        page = words(english().get(reverse("shelters:plan", args=[plan.uid])))
        assert "1 not seen: nobody knows where" in page

    def test_of_the_roll_call_say_that_somebody_must_settle_it(self, unit, coordinator, now, english):
        household = HouseholdFactory(people=1)
        assign_place(household=household, unit=unit, actor=coordinator, at=now - timedelta(days=1))
        browser = english()
        address = reverse("shelters:roll_call", args=[unit.shelter.uid])
        browser.post(address, {f"seen-{household.people.get().pk}": "missing"})
        sent = {"others": "", "roll_call": RollCall.objects.get().uid}
        page = browser.post(reverse("shelters:finish_roll_call", args=[unit.shelter.uid]), sent, follow=True)
        assert "until somebody settles it" in words(page)
