"""A card scanned at the door of a shelter: who is expected comes in, who was out is back, everybody else is nobody's business."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from cases.actions.isolation import begin_isolation, end_isolation
from cases.cards import code_of
from cases.models import Absence, Isolation
from shelters.actions import (
    accept_transfer,
    assign_place,
    depart,
    hold_places,
    move_household,
    note_out,
    request_transfer,
)
from shelters.models import LeavingReason, Stay, Transfer
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory
from tests.factories.kin import CardFactory
from tests.factories.shelters import ShelterFactory, UnitFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unit():
    return UnitFactory(shelter=ShelterFactory())


@pytest.fixture
def other():
    return UnitFactory(shelter=ShelterFactory())


@pytest.fixture
def apart():
    return UnitFactory(shelter=ShelterFactory(), kind=Kind.ISOLATION)


@pytest.fixture
def coordinator(unit, other, apart, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family():
    household = HouseholdFactory(people=3)
    household.card = CardFactory(household=household)
    return household


@pytest.fixture
def door(client_of, unit):
    """`door(household)` scans its card at the door of `unit`'s shelter and returns what is said."""
    browser = client_of("shelter", unit.shelter.site)

    def scan(household, station="door"):
        sent = {"code": code_of(household.card.token), "station": station, "look": str(uuid4())}
        answer = browser.post("/scan/", sent)
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
        return answer.status_code, words

    return scan


class TestDoor:
    def test_turns_the_hold_into_stays(self, family, unit, coordinator, door):
        hold_places(household=family, unit=unit, expires_at=NOW + timedelta(hours=2), actor=coordinator, at=NOW)
        status, _words = door(family)
        assert status == 200
        assert Stay.objects.open().filter(household=family, unit=unit).count() == 3

    def test_lets_a_transfer_arrive(self, family, unit, other, coordinator, door):
        assign_place(household=family, unit=other, actor=coordinator, at=NOW - timedelta(days=1))
        asked = request_transfer(
            household=family, to_shelter=unit.shelter, reason=Transfer.Reason.FULL, actor=coordinator, at=NOW
        )
        depart(
            transfer=accept_transfer(transfer=asked, unit=unit, actor=coordinator, at=NOW), actor=coordinator, at=NOW
        )
        assert door(family)[0] == 200
        asked.refresh_from_db()
        assert asked.state == "arrived"

    def test_takes_back_who_was_out(self, family, unit, coordinator, door):
        assign_place(household=family, unit=unit, actor=coordinator, at=NOW - timedelta(days=1))
        note_out(
            household=family,
            people=list(family.people.all())[:2],
            shelter=unit.shelter,
            reason=Absence.Reason.WORK,
            expected_at=NOW + timedelta(hours=1),
            actor=coordinator,
            at=NOW - timedelta(hours=1),
        )
        assert door(family)[0] == 200
        assert not Absence.objects.open().exists()

    def test_knows_nobody_who_is_not_expected(self, family, coordinator, door):
        assert door(family)[0] == 422
        assert not Stay.objects.exists()

    def test_is_the_only_table_that_opens_a_file_that_is_not_seen_yet(self, family, unit, coordinator, door):
        hold_places(household=family, unit=unit, expires_at=NOW + timedelta(hours=2), actor=coordinator, at=NOW)
        assert door(family, station="open")[0] == 422

    def test_is_chosen_by_a_link_from_the_page_of_the_house(self, unit, client_of):
        browser = client_of("shelter", unit.shelter.site)
        link = "/scan/?at=door"
        assert f'href="{link}"' in browser.get(f"/shelters/{unit.shelter.uid}/").content.decode()
        assert 'value="door" checked' in browser.get(link).content.decode()
        assert 'value="open" checked' in client_of("reception").get(link).content.decode()

    def test_is_no_way_in_once_the_hold_is_over(self, family, unit, coordinator, door):
        begun = NOW - timedelta(hours=3)
        hold_places(household=family, unit=unit, expires_at=NOW, actor=coordinator, at=begun)
        assert door(family)[0] == 422


class TestIsolation:
    """From a positive test to the room apart and back, as the family's page tells it."""

    def tags(self, client_of, family):
        page = client_of("coordinator").get(f"/households/{family.uid}/").content.decode()
        return "icons.svg#virus" in page

    def test_is_told_as_long_as_it_lasts_and_no_longer(self, family, unit, apart, coordinator, client_of):
        assign_place(household=family, unit=unit, actor=coordinator, at=NOW - timedelta(days=2))
        isolation = begin_isolation(
            household=family, cause=Isolation.Cause.CONTACT, actor=coordinator, at=NOW - timedelta(days=1)
        )
        moved_at = NOW - timedelta(hours=20)
        move_household(household=family, unit=apart, reason=LeavingReason.ISOLATION, actor=coordinator, at=moved_at)
        assert self.tags(client_of, family)

        over_at = NOW - timedelta(hours=2)
        end_isolation(isolation=isolation, ending=Isolation.Ending.NEGATIVE, actor=coordinator, at=over_at)
        move_household(household=family, unit=unit, reason=LeavingReason.TRANSFERRED, actor=coordinator, at=NOW)
        family.refresh_from_db()
        assert family.step == "placed"
        assert not Isolation.objects.open().exists()
