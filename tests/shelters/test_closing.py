"""A shelter that closes: what was promised there ends, with its reason, and nothing new is promised."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event, EventType
from core.errors import NotAllowed
from shelters.actions import (
    accept_transfer,
    assign_place,
    close_shelter,
    decline_transfer,
    depart,
    hold_places,
    hold_under_number,
    renew_hold,
    request_transfer,
)
from shelters.actions.sweeping import end_overdue
from shelters.errors import ShelterClosed, TransferMoved
from shelters.models import Hold, Stay, Transfer
from shelters.moves import State
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory
from tests.shelters.reading import words

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=2)


@pytest.fixture
def room():
    return UnitFactory(shelter=ShelterFactory(name="Casa Dos"), places=8)


@pytest.fixture
def origin():
    return UnitFactory(shelter=ShelterFactory(name="Casa Uno"), places=8)


@pytest.fixture
def coordinator(room, origin, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def held(room, coordinator, now):
    return hold_places(
        household=HouseholdFactory(people=1), unit=room, expires_at=now + SOON, actor=coordinator, at=now
    )


@pytest.fixture
def announced(room, coordinator, now):
    return hold_under_number(unit=room, label="INM-7", places=2, expires_at=now + SOON, actor=coordinator, at=now)


@pytest.fixture
def asked(room, origin, coordinator, now):
    family = HouseholdFactory(people=2)
    assign_place(household=family, unit=origin, actor=coordinator, at=now - timedelta(days=2))
    return request_transfer(
        household=family, to_shelter=room.shelter, reason=Transfer.Reason.FULL, actor=coordinator, at=now
    )


class TestCloseShelter:
    def test_gives_back_what_is_held_there_and_says_why(self, room, held, announced, coordinator, now):
        close_shelter(shelter=room.shelter, closes_at=now + SOON / 2, actor=coordinator, at=now)
        assert Hold.objects.filter(released_at=None).count() == 2

        close_shelter(shelter=room.shelter, closes_at=now, actor=coordinator, at=now)

        assert not Hold.objects.filter(released_at=None).exists()
        told = Event.objects.filter(type=EventType.HOLD_RELEASED, facts__why="closing")
        assert sorted(map(str, told.values_list("household", flat=True))) == sorted(
            [str(held.household.uid), str(None)]
        )

    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_declines_who_is_to_come_however_far_they_are(self, room, asked, coordinator, now, steps):
        if steps:
            accept_transfer(transfer=asked, unit=room, actor=coordinator, at=now)
        if steps > 1:
            depart(transfer=asked, actor=coordinator, at=now)

        close_shelter(shelter=room.shelter, closes_at=now, actor=coordinator, at=now)

        asked.refresh_from_db()
        assert (asked.state, asked.decline_reason) == (State.DECLINED, Transfer.Decline.CLOSING)
        assert asked.ended_at == now
        assert not Hold.objects.filter(released_at=None).exists()
        asked.household.refresh_from_db()
        assert (asked.household.guest_site is None) == (steps == 2)
        assert Stay.objects.open().exists() == (steps < 2)

    def test_waits_for_its_hour_and_is_then_swept(self, room, held, asked, coordinator, now):
        close_shelter(shelter=room.shelter, closes_at=now + timedelta(hours=1), actor=coordinator, at=now)
        end_overdue(actor=coordinator, at=now + timedelta(minutes=59))
        assert Hold.objects.filter(released_at=None).count() == 1

        assert end_overdue(actor=coordinator, at=now + timedelta(hours=1)) == 2
        assert end_overdue(actor=coordinator, at=now + timedelta(hours=1)) == 0

        asked.refresh_from_db()
        assert asked.decline_reason == Transfer.Decline.CLOSING

    def test_is_for_those_who_keep_it(self, room, actor_in, now):
        with pytest.raises(NotAllowed):
            close_shelter(shelter=room.shelter, closes_at=now, actor=actor_in("shelter", room.shelter.site), at=now)


class TestClosedShelter:
    @pytest.fixture
    def closed(self, room, held, announced, coordinator, now):
        room.shelter.closed_at = now
        room.shelter.save()

    def test_renews_no_hold(self, closed, held, announced, coordinator, now):
        for hold in (held, announced):
            with pytest.raises(ShelterClosed):
                renew_hold(hold=hold, actor=coordinator, at=now + timedelta(hours=1))

    def test_keeps_no_place(self, closed, room, coordinator, now):
        with pytest.raises(ShelterClosed):
            hold_places(
                household=HouseholdFactory(people=1),
                unit=room,
                expires_at=now + SOON,
                actor=coordinator,
                at=now + SOON / 2,
            )
        with pytest.raises(ShelterClosed):
            hold_under_number(unit=room, label="B-2", places=1, expires_at=now + SOON, actor=coordinator, at=now)

    def test_is_not_asked_though_the_page_was_older(self, closed, room, origin, coordinator, now):
        other = HouseholdFactory(people=1)
        assign_place(household=other, unit=origin, actor=coordinator, at=now)
        room.shelter.closed_at = None  # as the page read it before
        with pytest.raises(ShelterClosed):
            request_transfer(
                household=other, to_shelter=room.shelter, reason=Transfer.Reason.FULL, actor=coordinator, at=now
            )


class TestShelterThatWillClose:
    def test_keeps_places_until_then_and_no_longer(self, room, coordinator, now):
        close_shelter(shelter=room.shelter, closes_at=now + timedelta(hours=3), actor=coordinator, at=now)
        hold = hold_places(
            household=HouseholdFactory(people=1), unit=room, expires_at=now + SOON, actor=coordinator, at=now
        )
        renew_hold(hold=hold, actor=coordinator, at=now + timedelta(hours=1))
        assert hold.expires_at == now + timedelta(hours=3)


class TestDeclineTransfer:
    def test_takes_no_yes_back_by_hand(self, room, asked, coordinator, now):
        accept_transfer(transfer=asked, unit=room, actor=coordinator, at=now)
        with pytest.raises(TransferMoved):
            decline_transfer(transfer=asked, reason=Transfer.Decline.FULL, actor=coordinator, at=now)


class TestPage:
    @pytest.fixture(autouse=True)
    def story_time(self, now):
        with time_machine.travel(now, tick=False):
            yield

    def test_shows_who_is_promised_a_place_before_it_closes(self, room, held, announced, asked, english):
        page = words(english().get(reverse("shelters:closing", args=[room.shelter.uid])))
        promised = page[page.index("Promised here to others") :]
        for said in (held.household.code, "INM-7", asked.household.code, "another shelter asks you"):
            assert said in promised

    def test_tells_whoever_asked_that_it_closes(self, room, asked, coordinator, now, english):
        close_shelter(shelter=room.shelter, closes_at=now, actor=coordinator, at=now)
        page = words(english("shelter", asked.from_shelter.site).get(reverse("shelters:transfers")))
        assert "Not accepted" in page
        assert "The shelter closes" in page
