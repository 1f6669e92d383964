"""The pages of those who keep shelters: rules, rooms, capacities, counts."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core.actors import Actor
from shelters.actions import ask_to_count, note_count
from shelters.models import Block, Capacity, Count, Shelter, Unit
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import (
    BlockFactory,
    CapacityFactory,
    CountFactory,
    ShelterFactory,
    StayFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture(autouse=True)
def story(now):
    """11:00 in Ciudad Juárez on the day of the story."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def shelter():
    """Casa Peregrina at Ciudad Juárez."""
    parent = SiteFactory(code="JZ")
    return ShelterFactory(site=ShelterSiteFactory(parent=parent, name="Casa Peregrina"), name="Casa Peregrina")


@pytest.fixture
def unit(shelter):
    """Its room for ten."""
    return UnitFactory(shelter=shelter, name="Cuarto 1")


@pytest.fixture
def browser(client_of):
    """A coordinator's, in English."""
    client = client_of(Role.COORDINATOR)
    User.objects.update(language="en")
    return client


def of_shelter(name, shelter, *more):
    return reverse(f"shelters:{name}", args=[shelter.uid, *more])


class TestHouseRules:
    def test_are_saved_as_typed(self, browser, shelter):
        said = {
            "gate_opens": "0600",
            "gate_closes": "22:00",
            "takes_pets": "no",
            "languages": ["spa", "hat"],
            "services": ["school"],
            "max_stay_days": "30",
            "test_within_days": "3",
        }

        assert browser.post(of_shelter("rules", shelter), said).status_code == 302

        shelter.refresh_from_db()
        assert (shelter.gate_opens, shelter.gate_closes, shelter.takes_pets) == (time(6), time(22), False)
        assert (shelter.languages, shelter.services) == (["spa", "hat"], ["school"])
        assert (shelter.min_stay_days, shelter.max_stay_days, shelter.test_within_days) == (None, 30, 3)

    def test_come_back_into_the_form(self, browser, shelter):
        Shelter.objects.filter(pk=shelter.pk).update(takes_pets=True, gate_opens=time(6), gate_closes=time(22))

        page = browser.get(of_shelter("rules", shelter)).content.decode()

        assert 'value="06:00"' in page
        assert 'value="yes" id="id_takes_pets_0" checked' in page

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"gate_opens": "06:00"}, "Say when the gate opens and when it closes"),
            ({"gate_opens": "06:00", "gate_closes": "06:00"}, "Say when the gate opens and when it closes"),
            ({"min_stay_days": "9", "max_stay_days": "3"}, "The longest stay cannot be shorter"),
            ({"services": ["casino"]}, "casino"),
        ],
    )
    def test_that_cannot_be_are_refused_in_words(self, browser, shelter, said, words):
        answer = browser.post(of_shelter("rules", shelter), said, headers={"accept-language": "en"})

        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_are_shown_to_nobody_else(self, client_of, shelter):
        for role in (Role.RECEPTION, Role.HEARINGS):
            assert client_of(role).get(of_shelter("rules", shelter)).status_code == 404


class TestRoom:
    def test_is_added_with_its_beds_and_asks_for_its_capacity(self, browser, shelter):
        said = {"name": "Cuarto 9", "kind": "women", "is_accessible": "on", "numbered_beds": "3"}

        answer = browser.post(of_shelter("new_room", shelter), said)

        unit = Unit.objects.get(name="Cuarto 9")
        assert answer["Location"] == of_shelter("capacity", shelter, unit.pk)
        assert [bed.label for bed in unit.beds.all()] == ["01", "02", "03"]
        assert (unit.kind, unit.is_accessible, unit.is_lgbtq_safe) == ("women", True, False)

    def test_of_a_name_that_is_taken_is_refused(self, browser, shelter, unit):
        answer = browser.post(of_shelter("new_room", shelter), {"name": "Cuarto 1", "kind": "men"})

        assert answer.status_code == 422
        assert shelter.units.count() == 1

    def test_is_said_to_be_safe_or_not(self, browser, shelter, unit):
        said = {"name": "Cuarto 1", "kind": "minors"}

        browser.post(of_shelter("room", shelter, unit.pk), {**said, "is_lgbtq_safe": "on"})
        unit.refresh_from_db()
        assert (unit.kind, unit.is_lgbtq_safe) == ("minors", True)

        browser.post(of_shelter("room", shelter, unit.pk), said)
        unit.refresh_from_db()
        assert not unit.is_lgbtq_safe


class TestNewShelter:
    def test_stands_under_its_city(self, browser, shelter):
        said = {"site": shelter.site.parent_id, "name": "El Buen Puerto", "code": "JZ-PUERTO", "operator": "church"}

        answer = browser.post(reverse("shelters:new_shelter"), said)

        house = Shelter.objects.get(name="El Buen Puerto")
        assert (house.site.code, house.site.parent_id, house.opened_at) == ("JZ-PUERTO", shelter.site.parent_id, None)
        assert answer["Location"] == of_shelter("rules", house)

    def test_stands_nowhere_where_one_does_not_work(self, browser):
        elsewhere = SiteFactory(code="TJ")
        said = {"site": elsewhere.pk, "name": "El Buen Puerto", "code": "TJ-PUERTO", "operator": "church"}

        assert browser.post(reverse("shelters:new_shelter"), said).status_code == 422


class TestCapacityPage:
    def test_tells_each_record_with_its_source(self, browser, shelter, unit, now):
        CapacityFactory(unit=unit, places=14, source="visit of the coordinator", valid_from=now - timedelta(days=1))
        CapacityFactory(unit=unit, places=20, source="the plan", valid_from=now + timedelta(days=3))
        BlockFactory(unit=unit, places=2, reason="gotera")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(of_shelter("capacity", shelter, unit.pk)).content.decode()

        assert len(asked) <= MOST_QUERIES
        for words in ("visit of the coordinator", "the plan", "gotera"):
            assert words in page
        assert page.count('name="capacity"') == 1  # only what is to come can be taken back

    def test_notes_another_from_a_day_on_by_the_clock_of_the_city(self, browser, shelter, unit):
        said = {"places": 8, "basis": "operational", "source": "the desk", "from_day": "2021-12-20"}

        assert browser.post(of_shelter("capacity", shelter, unit.pk), said).status_code == 302

        noted = Capacity.objects.get(unit=unit, places=8)
        assert noted.valid_from.isoformat() == "2021-12-20T07:00:00+00:00"

    def test_takes_today_and_nothing_for_now(self, browser, shelter, unit, now):
        for minutes, day in ((0, "2021-12-08"), (1, "")):
            with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
                said = {"places": 8, "basis": "operational", "source": "the desk", "from_day": day}
                browser.post(of_shelter("capacity", shelter, unit.pk), said)

        moments = Capacity.objects.filter(unit=unit, places=8).values_list("valid_from", flat=True)
        assert sorted(moments) == [now, now + timedelta(minutes=1)]

    def test_blocks_places_and_gives_them_back(self, browser, shelter, unit, now):
        said = {"places": 3, "reason": "gotera", "back_on": "2021-12-10"}
        browser.post(of_shelter("block", shelter, unit.pk), said)
        block = Block.objects.get()
        assert (block.begins_at, block.ends_at.isoformat()) == (now, "2021-12-10T07:00:00+00:00")

        with time_machine.travel(now + timedelta(hours=1), tick=False):
            browser.post(of_shelter("take_back", shelter, unit.pk), {"block": block.pk})

        block.refresh_from_db()
        assert block.ends_at == now + timedelta(hours=1)

    def test_closes_for_works_until_a_day(self, browser, shelter, unit, now):
        browser.post(of_shelter("works", shelter, unit.pk), {"source": "Obras", "back_on": "2021-12-20"})

        during = Unit.objects.with_figures(now).get(pk=unit.pk)
        after = Unit.objects.with_figures(now + timedelta(days=20)).get(pk=unit.pk)
        assert (during.is_closed_for_works, during.figures.capacity) == (True, 0)
        assert (after.is_closed_for_works, after.figures.capacity) == (False, 10)

    @pytest.mark.parametrize("what", ["block", "works"])
    def test_refuses_an_end_before_the_beginning(self, browser, shelter, unit, what):
        said = {
            "places": 3,
            "reason": "gotera",
            "source": "Obras",
            "from_day": "2021-12-20",
            "back_on": "2021-12-15",
        }

        assert browser.post(of_shelter(what, shelter, unit.pk), said).status_code == 422
        assert not Block.objects.exists()
        assert Capacity.objects.filter(unit=unit).count() == 1

    def test_takes_back_what_is_to_come_and_nothing_that_held(self, browser, shelter, unit, now):
        planned = CapacityFactory(unit=unit, places=20, valid_from=now + timedelta(days=3))
        held = unit.capacities.get(places=10)

        for capacity in (planned, held):
            browser.post(of_shelter("take_back", shelter, unit.pk), {"capacity": capacity.pk})

        assert list(unit.capacities.all()) == [held]

    def test_takes_back_nothing_of_another_room(self, browser, shelter, unit):
        other = BlockFactory()

        answer = browser.post(of_shelter("take_back", shelter, unit.pk), {"block": other.pk})

        assert answer.status_code == 404


class TestCountsPage:
    def test_asks_to_settle_a_difference_and_keeps_why(self, browser, shelter, unit):
        StayFactory(unit=unit)
        page = browser.post(of_shelter("counts", shelter), {"people": 4, "basis": "reported"}, follow=True)
        count = Count.objects.get()
        assert of_shelter("settle", shelter, count.uid) in page.content.decode()

        browser.post(of_shelter("settle", shelter, count.uid), {"how": "unknown", "note": "llegaron anoche"})

        count.refresh_from_db()
        assert (count.settled_how, count.note) == ("unknown", "llegaron anoche")
        assert "llegaron anoche" in browser.get(of_shelter("counts", shelter)).content.decode()

    def test_is_short_however_often_was_counted(self, browser, shelter, now):
        for hours in range(60):
            CountFactory(
                shelter=shelter,
                counted_at=now - timedelta(hours=hours),
                settled_at=now,
                settled_how="agrees",
                settled_by="x",
            )
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(of_shelter("counts", shelter)).content.decode()

        assert len(asked) <= MOST_QUERIES
        assert page.count("<tr>") == 21

    def test_says_that_the_shelter_was_asked(self, browser, shelter, now):
        page = of_shelter("counts", shelter)
        told = {"accept-language": "en"}
        ask_to_count(actor=Actor.system("test"), at=now - timedelta(days=1))
        ask_to_count(actor=Actor.system("test"), at=now)
        assert "asked on 2 days" in browser.get(page, headers=told).content.decode()

        browser.post(page, {"people": 0, "basis": "reported"})

        assert "asked on" not in browser.get(page, headers=told).content.decode()

    def test_is_the_desks_own(self, client_of, shelter):
        desk = client_of(Role.SHELTER, shelter.site)

        assert desk.post(of_shelter("counts", shelter), {"people": 0, "basis": "roll_call"}).status_code == 302
        assert Count.objects.get().settled_how == "agrees"

    def test_of_what_was_settled_already_changes_nothing(self, browser, shelter, actor_in, now):
        actor = actor_in(Role.SHELTER, shelter.site)
        count = note_count(shelter=shelter, people=4, basis=Shelter.CountBasis.ROLL_CALL, actor=actor, at=now)
        for how in ("miscounted", "unknown"):
            browser.post(of_shelter("settle", shelter, count.uid), {"how": how})

        count.refresh_from_db()
        assert count.settled_how == "miscounted"


class TestConfirm:
    def test_of_a_number_that_changed_meanwhile_shows_the_difference(self, browser, shelter, unit):
        StayFactory(unit=unit)

        browser.post(of_shelter("confirm", shelter), {"stays": "2"})

        shelter.refresh_from_db()
        assert shelter.count_off == 1
