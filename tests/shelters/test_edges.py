"""Deeds that meet one another halfway: rooms that went over meanwhile, ways called off, files joined, words for those who may not know."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from cases.following import Passage
from cases.models import Household
from shelters.actions import (
    accept_transfer,
    arrange_transport,
    assign_place,
    depart,
    hold_places,
    hold_under_number,
    move_household,
    renew_hold,
    request_transfer,
    take_up_hold,
)
from shelters.actions.following import carry_stays
from shelters.errors import OverCapacity, TooFarAhead
from shelters.models import Hold, LeavingReason, Stay, Transfer, Unit
from shelters.past import at_moment
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, IsolationFactory, NeedFactory
from tests.factories.shelters import ShelterFactory, UnitFactory
from tests.shelters.reading import words

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
SOON = timedelta(hours=2)
REASON = "Storm, nobody may sleep in the street"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def origin():
    return UnitFactory(shelter=ShelterFactory(), places=6)


@pytest.fixture
def room():
    return UnitFactory(shelter=ShelterFactory(), places=4)


@pytest.fixture
def apart():
    return UnitFactory(shelter=ShelterFactory(), kind=Kind.ISOLATION, name="Ala norte")


@pytest.fixture
def coordinator(origin, room, apart, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family(origin, coordinator):
    household = HouseholdFactory(people=3)
    assign_place(household=household, unit=origin, actor=coordinator, at=NOW - timedelta(days=2))
    return household


@pytest.fixture
def accepted(family, room, coordinator):
    asked = request_transfer(
        household=family, to_shelter=room.shelter, reason=Transfer.Reason.FULL, actor=coordinator, at=NOW
    )
    return accept_transfer(transfer=asked, unit=room, actor=coordinator, at=NOW)


@pytest.fixture
def crowd(room, coordinator):
    """More people than the room has places, let in with a reason."""

    def come(people=3):
        household = HouseholdFactory(people=people)
        return assign_place(
            household=household,
            unit=room,
            over_capacity_reason=REASON,
            actor=coordinator,
            at=NOW + timedelta(minutes=5),
        )

    return come


LATER = NOW + timedelta(minutes=10)


class TestARoomThatWentOver:
    def test_still_lets_those_leave_who_go_there(self, accepted, crowd, coordinator):
        crowd()
        arrange_transport(
            transfer=accepted,
            transport=Transfer.Transport.VEHICLE,
            leaves_at=LATER + SOON,
            actor=coordinator,
            at=LATER,
        )
        depart(transfer=accepted, actor=coordinator, at=LATER)
        accepted.refresh_from_db()
        assert accepted.state == "departed"

    def test_refuses_to_renew_in_words(self, room, crowd, coordinator):
        hold = hold_under_number(unit=room, label="INM-7", places=3, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        crowd()
        with pytest.raises(OverCapacity):
            renew_hold(hold=hold, actor=coordinator, at=LATER)

    def test_refuses_those_in_words_whose_places_it_kept(self, room, crowd, coordinator):
        hold = hold_under_number(unit=room, label="INM-7", places=4, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        crowd(1)
        with pytest.raises(OverCapacity):
            take_up_hold(hold=hold, household=HouseholdFactory(people=4), actor=coordinator, at=LATER)
        with pytest.raises(OverCapacity):
            take_up_hold(hold=hold, household=HouseholdFactory(people=3), actor=coordinator, at=LATER)
        assert Hold.objects.standing_at(LATER).get().places == 4


class TestAHoldTakenUpInPart:
    def test_leaves_the_past_as_it_was(self, room, coordinator):
        hold = hold_under_number(unit=room, label="INM-7", places=4, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        take_up_hold(hold=hold, household=HouseholdFactory(people=3), actor=coordinator, at=LATER)
        then = at_moment([room.shelter], NOW + timedelta(minutes=1)).places
        assert (then.held, then.occupied) == (4, 0)
        now = Unit.objects.with_figures(LATER).get(pk=room.pk).figures
        assert (now.held, now.occupied) == (1, 3)

    def test_is_not_kept_longer_for_it(self, room, coordinator):
        hold = hold_under_number(unit=room, label="INM-7", places=4, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        take_up_hold(hold=hold, household=HouseholdFactory(people=3), actor=coordinator, at=LATER)
        (rest,) = Hold.objects.standing_at(LATER)
        assert (rest.label, rest.places, rest.expires_at) == ("INM-7", 1, NOW + SOON)


class TestWhoWasOnTheWay:
    def test_and_has_places_held_elsewhere_is_no_longer_seen_where_they_went(
        self, accepted, family, origin, room, coordinator, actor_in
    ):
        depart(transfer=accepted, actor=coordinator, at=NOW)
        desk = actor_in("shelter", room.shelter.site)
        assert Household.objects.visible_to(desk).filter(pk=family.pk).exists()
        hold_places(household=family, unit=origin, expires_at=LATER + SOON, actor=coordinator, at=LATER)
        assert not Household.objects.visible_to(desk).filter(pk=family.pk).exists()
        assert Household.objects.at_reception().filter(pk=family.pk, guest_site=None).exists()


class TestPlacesKeptForATransfer:
    def test_do_not_stand_for_ever_by_arranging_again(self, accepted, coordinator):
        told = {"transfer": accepted, "transport": Transfer.Transport.VEHICLE, "actor": coordinator}
        arrange_transport(**told, leaves_at=NOW + timedelta(days=2), at=NOW)
        with pytest.raises(TooFarAhead):
            arrange_transport(**told, leaves_at=NOW + timedelta(days=4), at=NOW + timedelta(days=2))

    def test_last_a_day_from_when_they_left_however_late_that_was_planned(self, accepted, coordinator):
        told = {"transfer": accepted, "transport": Transfer.Transport.VEHICLE, "actor": coordinator}
        arrange_transport(**told, leaves_at=NOW + timedelta(days=2), at=NOW)
        depart(transfer=accepted, actor=coordinator, at=LATER)
        assert Hold.objects.standing_at(LATER).get().expires_at == LATER + timedelta(days=1)


class TestTheRoomOfATransfer:
    def test_that_isolates_is_named_to_nobody_who_may_not_see_health(self, family, apart, coordinator, english):
        IsolationFactory(household=family)
        UnitFactory(shelter=apart.shelter)
        asked = request_transfer(
            household=family, to_shelter=apart.shelter, reason=Transfer.Reason.NEEDS, actor=coordinator, at=NOW
        )
        accept_transfer(transfer=asked, unit=apart, actor=coordinator, at=NOW)
        assert "Ala norte" in words(english().get(reverse("shelters:transfers")))
        assert "Ala norte" not in words(english("hearings").get(reverse("shelters:transfers")))


class TestMovingAtAShelterDesk:
    def test_tells_no_need_that_the_desk_may_not_read(self, family, origin, english):
        NeedFactory(household=family, kind="lgbtq_safe")
        UnitFactory(shelter=origin.shelter, is_lgbtq_safe=True, name="Cuarto azul")
        page = words(english("shelter", origin.shelter.site).get(reverse("shelters:move", args=[family.uid])))
        assert "Cuarto azul" in page
        assert "LGBTQ" not in page

    def test_tells_nobody_why_a_room_is_reserved(self, family, origin, english):
        IsolationFactory(household=family)
        UnitFactory(shelter=origin.shelter, kind=Kind.ISOLATION, name="Ala sur")
        page = words(english("shelter", origin.shelter.site).get(reverse("shelters:move", args=[family.uid])))
        assert "Ala sur" in page
        assert "isolation" not in page.lower()


class TestGivingWhatWasHeld:
    def test_to_what_is_no_number_is_not_found(self, room, coordinator, english):
        hold = hold_under_number(unit=room, label="INM-7", places=4, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        where = reverse("shelters:hold_step", args=[room.shelter.uid, hold.pk])
        assert english().post(where, {"step": "give", "household": "abc"}).status_code == 404


class TestWhoLeftWhileAMoveWaited:
    def test_is_not_brought_back(self, family, origin, room, coordinator):
        gone = family.people.order_by("pk").last()
        left = []

        def leave_first(execute, sql, params, many, context):
            """Another desk was quicker by as long as the lock of the rooms took."""
            if not left and "FOR NO KEY UPDATE" in sql and "shelters_unit" in sql:
                left.append(Stay.objects.filter(person=gone).update(ends_at=NOW, leaving_reason=LeavingReason.LEFT))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(leave_first):
            move_household(
                household=family, unit=room, reason=LeavingReason.TRANSFERRED, actor=coordinator, at=NOW + SOON
            )
        assert left
        assert not Stay.objects.open().filter(person=gone).exists()
        assert Stay.objects.open().filter(unit=room).count() == 2


class TestAFamilyThatJoinsAnother:
    def test_leaves_no_transfer_behind(self, accepted, family, origin, room, coordinator):
        others = HouseholdFactory(people=1)
        assign_place(household=others, unit=origin, actor=coordinator, at=NOW - timedelta(days=1))
        carry_stays(passage=Passage(list(family.people.all()), family, others, True), actor=coordinator, at=LATER)
        assert not Transfer.objects.open().exists()
        assert Unit.objects.with_figures(LATER).get(pk=room.pk).figures.held == 0

    def test_takes_the_places_along_that_are_held_for_it(self, room, coordinator):
        comers, others = HouseholdFactory(people=2), HouseholdFactory(people=1)
        hold_places(household=comers, unit=room, expires_at=LATER + SOON, actor=coordinator, at=NOW)
        carry_stays(passage=Passage(list(comers.people.all()), comers, others, True), actor=coordinator, at=LATER)
        assert Hold.objects.standing_at(LATER).get().household == others


class TestWhoIsDueInARoomForIsolation:
    @pytest.fixture
    def expected(self, apart, coordinator):
        household = HouseholdFactory(people=2)
        IsolationFactory(household=household)
        UnitFactory(shelter=apart.shelter)
        hold_places(household=household, unit=apart, expires_at=NOW + SOON, actor=coordinator, at=NOW)
        return household

    def test_is_named_to_those_who_see_health_and_to_its_desk(self, expected, apart, english):
        where = reverse("shelters:shelter", args=[apart.shelter.uid])
        assert expected.code in words(english().get(where))

    def test_is_named_to_nobody_else(self, expected, apart, english):
        page = words(english("hearings").get(reverse("shelters:shelter", args=[apart.shelter.uid])))
        assert expected.code not in page
