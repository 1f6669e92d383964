"""From one shelter to another: who may say what, what becomes of the places, and how it ends."""

from datetime import timedelta

import pytest

from audit.models import Event, EventType
from cases.models import Isolation
from core.errors import NotAllowed
from shelters.actions import (
    accept_transfer,
    arrange_transport,
    arrive,
    assign_place,
    cancel_transfer,
    decline_transfer,
    depart,
    end_stays,
    hold_places,
    move_household,
    request_transfer,
)
from shelters.actions.following import show_to_host
from shelters.actions.sweeping import end_overdue
from shelters.errors import (
    AlreadyThere,
    OverCapacity,
    SameShelter,
    ShelterClosed,
    SleepsNowhere,
    TooFarAhead,
    TransferAlreadyOpen,
    TransferMoved,
    WrongUnit,
)
from shelters.models import Destination, Hold, LeavingReason, Shelter, Stay, Transfer, Unit
from shelters.moves import CLOSED, MOVES, OPEN, State
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory

pytestmark = pytest.mark.django_db

REASON = Transfer.Reason.FULL


@pytest.fixture
def origin():
    return UnitFactory(shelter=ShelterFactory(), places=4)


@pytest.fixture
def room():
    return UnitFactory(shelter=ShelterFactory(), places=4)


@pytest.fixture
def elsewhere():
    return UnitFactory(shelter=ShelterFactory())


@pytest.fixture
def apart():
    return UnitFactory(shelter=ShelterFactory(), kind=Kind.ISOLATION)


@pytest.fixture
def coordinator(origin, room, elsewhere, apart, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family(origin, coordinator, now):
    household = HouseholdFactory(people=3)
    assign_place(household=household, unit=origin, actor=coordinator, at=now - timedelta(days=2))
    return household


@pytest.fixture
def asked(family, room, coordinator, now):
    return request_transfer(household=family, to_shelter=room.shelter, reason=REASON, actor=coordinator, at=now)


@pytest.fixture
def accepted(asked, room, coordinator, now):
    return accept_transfer(transfer=asked, unit=room, actor=coordinator, at=now)


def figures(unit: Unit, now):
    return Unit.objects.with_figures(now).get(pk=unit.pk).figures


class TestMoves:
    def test_end_where_nothing_follows(self):
        assert set(OPEN) | set(CLOSED) == set(State)
        assert set(CLOSED) == {State.ARRIVED, State.DECLINED, State.CANCELLED, State.EXPIRED}

    def test_reach_every_state_from_the_first(self):
        reached, left = {State.REQUESTED}, [State.REQUESTED]
        while left:
            fresh = MOVES[left.pop()] - reached
            reached |= fresh
            left += fresh
        assert reached == set(State)


class TestRequestTransfer:
    def test_asks_for_the_whole_family_and_keeps_its_place(self, asked, family, origin, room, now):
        assert (asked.from_shelter, asked.to_shelter, asked.people) == (origin.shelter, room.shelter, 3)
        assert figures(origin, now).occupied == 3
        assert figures(room, now).held == 0

    def test_is_one_at_a_time(self, asked, family, room, coordinator, now):
        with pytest.raises(TransferAlreadyOpen):
            request_transfer(household=family, to_shelter=room.shelter, reason=REASON, actor=coordinator, at=now)

    def test_refuses_who_sleeps_nowhere(self, room, coordinator, now):
        with pytest.raises(SleepsNowhere):
            request_transfer(
                household=HouseholdFactory(), to_shelter=room.shelter, reason=REASON, actor=coordinator, at=now
            )

    def test_refuses_the_shelter_where_they_are(self, family, origin, coordinator, now):
        with pytest.raises(SameShelter):
            request_transfer(household=family, to_shelter=origin.shelter, reason=REASON, actor=coordinator, at=now)

    def test_refuses_a_closed_shelter(self, family, room, coordinator, now):
        Shelter.objects.filter(pk=room.shelter_id).update(closed_at=now)
        with pytest.raises(ShelterClosed):
            request_transfer(
                household=family,
                to_shelter=Shelter.objects.get(pk=room.shelter_id),
                reason=REASON,
                actor=coordinator,
                at=now,
            )

    def test_is_not_for_the_desk_of_a_shelter(self, family, room, actor_in, now):
        desk = actor_in("shelter", family.guest_site)
        with pytest.raises(NotAllowed):
            request_transfer(household=family, to_shelter=room.shelter, reason=REASON, actor=desk, at=now)

    def test_records_ids_and_counts_only(self, asked, family):
        event = Event.objects.get(type=EventType.TRANSFER_REQUESTED)
        assert event.household == family.uid
        assert event.facts == {
            "transfer": str(asked.uid),
            "shelter": asked.from_shelter_id,
            "to_shelter": asked.to_shelter_id,
            "people": 3,
        }


class TestAcceptTransfer:
    def test_holds_the_places_as_long_as_it_lasts(self, accepted, room, now):
        hold = Hold.objects.get(transfer=accepted)
        assert (hold.places, hold.unit, hold.expires_at) == (3, room, accepted.expires_at)
        assert figures(room, now).free == 1

    def test_is_the_other_shelters_to_say(self, asked, origin, room, actor_in, now):
        with pytest.raises(NotAllowed):
            accept_transfer(transfer=asked, unit=room, actor=actor_in("shelter", origin.shelter.site), at=now)
        accepted = accept_transfer(transfer=asked, unit=room, actor=actor_in("shelter", room.shelter.site), at=now)
        assert accepted.state == State.ACCEPTED

    def test_refuses_what_does_not_fit(self, asked, room, coordinator, now):
        hold_places(
            household=HouseholdFactory(people=2),
            unit=room,
            expires_at=now + timedelta(hours=1),
            actor=coordinator,
            at=now,
        )
        with pytest.raises(OverCapacity):
            accept_transfer(transfer=asked, unit=room, actor=coordinator, at=now)
        asked.refresh_from_db()
        assert asked.state == State.REQUESTED

    def test_refuses_a_room_whose_rules_they_break(self, asked, room, coordinator, now):
        men = UnitFactory(shelter=room.shelter, kind=Kind.ISOLATION)
        with pytest.raises(WrongUnit):
            accept_transfer(transfer=asked, unit=men, actor=coordinator, at=now)

    def test_refuses_a_room_of_another_shelter(self, asked, origin, coordinator, now):
        with pytest.raises(SameShelter):
            accept_transfer(transfer=asked, unit=origin, actor=coordinator, at=now)

    def test_happens_once(self, accepted, room, coordinator, now):
        with pytest.raises(TransferMoved):
            accept_transfer(transfer=accepted, unit=room, actor=coordinator, at=now)


class TestDeclineTransfer:
    def test_says_why_and_frees_the_family_to_ask_elsewhere(self, asked, family, elsewhere, coordinator, now):
        declined = decline_transfer(transfer=asked, reason=Transfer.Decline.STAFF, actor=coordinator, at=now)
        assert (declined.state, declined.decline_reason, declined.ended_at) == (State.DECLINED, "staff", now)
        request_transfer(household=family, to_shelter=elsewhere.shelter, reason=REASON, actor=coordinator, at=now)


class TestArrangeTransport:
    def test_keeps_the_places_until_a_day_after_they_leave(self, accepted, coordinator, now):
        leaves_at = now + timedelta(days=2)
        arranged = arrange_transport(
            transfer=accepted, transport=Transfer.Transport.TAXI, leaves_at=leaves_at, actor=coordinator, at=now
        )
        assert arranged.expires_at == leaves_at + timedelta(days=1)
        assert Hold.objects.get(transfer=accepted).expires_at == arranged.expires_at

    @pytest.mark.parametrize("ahead", [timedelta(minutes=-1), timedelta(days=3, minutes=1)])
    def test_refuses_the_past_and_the_far_future(self, accepted, coordinator, now, ahead):
        with pytest.raises(TooFarAhead):
            arrange_transport(
                transfer=accepted, transport=Transfer.Transport.TAXI, leaves_at=now + ahead, actor=coordinator, at=now
            )


class TestDepart:
    def test_frees_the_origin_and_keeps_the_destination(self, accepted, family, origin, room, coordinator, now):
        depart(transfer=accepted, actor=coordinator, at=now)
        assert figures(origin, now).free == 4
        assert figures(room, now).held == 3
        ended = Stay.objects.filter(household=family)
        assert {(stay.leaving_reason, stay.destination) for stay in ended} == {("transferred", Destination.SHELTER)}

    def test_lets_the_other_shelter_see_whom_it_expects(self, accepted, family, room, coordinator, now):
        depart(transfer=accepted, actor=coordinator, at=now)
        family.refresh_from_db()
        assert family.guest_site == room.shelter.site
        show_to_host(household=family, actor=coordinator, at=now)
        assert family.guest_site == room.shelter.site

    def test_is_the_first_shelters_to_say(self, accepted, room, actor_in, now):
        with pytest.raises(NotAllowed):
            depart(transfer=accepted, actor=actor_in("shelter", room.shelter.site), at=now)


class TestArrive:
    def test_turns_the_hold_into_stays(self, accepted, family, room, coordinator, now):
        depart(transfer=accepted, actor=coordinator, at=now)
        later = now + timedelta(hours=2)
        arrived = arrive(transfer=accepted, actor=coordinator, at=later)
        assert arrived.state == State.ARRIVED
        places = figures(room, later)
        assert (places.occupied, places.held) == (3, 0)
        assert set(Stay.objects.open().filter(household=family).values_list("unit", flat=True)) == {room.pk}

    def test_notes_the_leaving_nobody_noted(self, accepted, family, origin, coordinator, now):
        arrived = arrive(transfer=accepted, actor=coordinator, at=now)
        assert arrived.departed_at == now
        assert figures(origin, now).occupied == 0

    def test_is_done_by_the_other_shelters_desk(self, accepted, family, room, actor_in, now):
        arrive(transfer=accepted, actor=actor_in("shelter", room.shelter.site), at=now)
        family.refresh_from_db()
        assert family.guest_site == room.shelter.site

    def test_takes_another_room_of_the_house(self, accepted, family, room, coordinator, now):
        other = UnitFactory(shelter=room.shelter)
        arrive(transfer=accepted, unit=other, actor=coordinator, at=now)
        assert figures(other, now).occupied == 3
        assert figures(room, now).held == 0

    def test_changes_nothing_when_the_room_refuses_them(self, accepted, family, origin, room, coordinator, now):
        Isolation.objects.create(household=family, begun_at=now, retest_on=now.date())
        with pytest.raises(WrongUnit):
            arrive(transfer=accepted, actor=coordinator, at=now)
        assert figures(origin, now).occupied == 3

    def test_is_not_before_the_answer(self, asked, coordinator, now):
        with pytest.raises(TransferMoved):
            arrive(transfer=asked, actor=coordinator, at=now)


class TestCancelTransfer:
    def test_gives_the_places_back(self, accepted, room, coordinator, now):
        cancel_transfer(transfer=accepted, actor=coordinator, at=now)
        assert figures(room, now).free == 4

    def test_of_those_on_the_way_leaves_them_without_a_place(self, accepted, family, coordinator, now):
        depart(transfer=accepted, actor=coordinator, at=now)
        cancel_transfer(transfer=accepted, actor=coordinator, at=now)
        family.refresh_from_db()
        assert family.guest_site is None
        assert family.is_without_place

    def test_follows_when_they_leave_for_good(self, accepted, family, coordinator, now):
        end_stays(household=family, reason=LeavingReason.LEFT, actor=coordinator, at=now)
        accepted.refresh_from_db()
        assert accepted.state == State.CANCELLED
        assert not Hold.objects.standing_at(now).exists()


class TestEndOverdue:
    def test_ends_what_nobody_answered(self, asked, coordinator, now):
        assert end_overdue(actor=coordinator, at=now + timedelta(hours=23)) == 0
        assert end_overdue(actor=coordinator, at=now + timedelta(hours=24)) == 1
        asked.refresh_from_db()
        assert asked.state == State.EXPIRED

    def test_finds_nothing_the_second_time(self, accepted, coordinator, now):
        later = now + timedelta(days=2)
        assert end_overdue(actor=coordinator, at=later) == 1
        assert end_overdue(actor=coordinator, at=later) == 0
        assert Event.objects.filter(type=EventType.TRANSFER_EXPIRED).count() == 1

    def test_lets_who_never_arrived_wait_for_a_place(self, accepted, family, coordinator, now):
        depart(transfer=accepted, actor=coordinator, at=now)
        end_overdue(actor=coordinator, at=now + timedelta(days=2))
        family.refresh_from_db()
        assert family.is_without_place


class TestMoveHousehold:
    def test_is_one_deed_between_rooms(self, family, origin, coordinator, now):
        other = UnitFactory(shelter=origin.shelter)
        move_household(household=family, unit=other, reason=LeavingReason.ROOM, actor=coordinator, at=now)
        assert (figures(origin, now).occupied, figures(other, now).occupied) == (0, 3)
        family.refresh_from_db()
        assert family.guest_site == origin.shelter.site

    def test_changes_nothing_when_the_new_room_is_full(self, family, origin, coordinator, now):
        small = UnitFactory(shelter=origin.shelter, places=2)
        with pytest.raises(OverCapacity):
            move_household(household=family, unit=small, reason=LeavingReason.ROOM, actor=coordinator, at=now)
        assert figures(origin, now).occupied == 3

    def test_takes_who_was_found_positive_to_isolation(self, family, origin, apart, coordinator, now):
        Isolation.objects.create(household=family, begun_at=now, retest_on=now.date())
        move_household(household=family, unit=apart, reason=LeavingReason.ISOLATION, actor=coordinator, at=now)
        assert set(Stay.objects.open().values_list("unit", flat=True)) == {apart.pk}
        assert set(Stay.objects.filter(unit=origin).values_list("leaving_reason", flat=True)) == {"isolation"}

    def test_between_rooms_is_the_desks_own(self, family, origin, room, actor_in, now):
        desk = actor_in("shelter", origin.shelter.site)
        other = UnitFactory(shelter=origin.shelter)
        move_household(household=family, unit=other, reason=LeavingReason.ROOM, actor=desk, at=now)
        with pytest.raises(NotAllowed):
            move_household(household=family, unit=room, reason=LeavingReason.ROOM, actor=desk, at=now)

    def test_refuses_the_room_where_they_are(self, family, origin, coordinator, now):
        with pytest.raises(AlreadyThere):
            move_household(household=family, unit=origin, reason=LeavingReason.ROOM, actor=coordinator, at=now)

    def test_within_the_house_keeps_the_transfer_and_beyond_calls_it_off(
        self, accepted, family, origin, elsewhere, coordinator, now
    ):
        inside = UnitFactory(shelter=origin.shelter)
        move_household(household=family, unit=inside, reason=LeavingReason.ROOM, actor=coordinator, at=now)
        accepted.refresh_from_db()
        assert accepted.state == State.ACCEPTED
        later = now + timedelta(minutes=1)
        move_household(household=family, unit=elsewhere, reason=LeavingReason.TRANSFERRED, actor=coordinator, at=later)
        accepted.refresh_from_db()
        assert accepted.state == State.CANCELLED


class TestAHoldOfALaterMoment:
    def test_is_not_given_to_a_desk_that_began_a_moment_before(self, room, coordinator, now):
        """Two desks carry the moments of their own requests; the one that waits for the lock must see what the other did."""
        hold_places(
            household=HouseholdFactory(people=4),
            unit=room,
            expires_at=now + timedelta(hours=1),
            actor=coordinator,
            at=now + timedelta(milliseconds=5),
        )
        with pytest.raises(OverCapacity):
            assign_place(household=HouseholdFactory(people=1), unit=room, actor=coordinator, at=now)
