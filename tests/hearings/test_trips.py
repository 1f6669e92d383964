"""Noting how people get to the bridge."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings.actions import HearingNotStanding
from hearings.actions.trips import (
    LeavesAfterPresenting,
    NoVehicle,
    VehicleTellsTooMuch,
    note_trip,
    withdraw_trip,
)
from hearings.models import Hearing, Trip, trip_of
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, TripFactory

pytestmark = pytest.mark.django_db
Means = Trip.Means


@pytest.fixture
def officer(actor_in):
    return actor_in(Role.HEARINGS)


@pytest.fixture
def hearing():
    return HearingFactory()


class TestNoteTrip:
    def test_keeps_for_which_moment_it_was_arranged(self, hearing, officer, now):
        trip = note_trip(hearing=hearing, means=Means.SHELTER, vehicle=" van 2 ", seats=5, actor=officer, at=now)
        assert (trip.vehicle, trip.seats, trip.present_at) == ("van 2", 5, hearing.present_at)
        assert trip.is_for(hearing)
        Hearing.objects.update(present_at=hearing.present_at + timedelta(days=30))
        hearing.refresh_from_db()
        assert not trip.is_for(hearing)

    def test_takes_the_place_of_what_was_noted_before(self, hearing, officer, now):
        first = note_trip(hearing=hearing, means=Means.WALK, actor=officer, at=now)
        second = note_trip(hearing=hearing, means=Means.OWN, actor=officer, at=now)
        first.refresh_from_db()
        assert first.withdrawn_at == now
        assert list(Trip.objects.standing()) == [second]
        assert Event.objects.filter(type=EventType.TRIP_NOTED, household=hearing.household.uid).count() == 2

    def test_may_be_the_work_of_the_shelter_in_which_they_sleep(self, actor_in, now):
        desk = actor_in(Role.SHELTER)
        hearing = HearingFactory(household=HouseholdFactory(people=1))
        note_trip(hearing=hearing, means=Means.SHELTER, actor=desk, at=now)
        assert Trip.objects.visible_to(desk).count() == 1

    @pytest.mark.parametrize(("role", "site"), [(Role.RECEPTION, "JZ"), (Role.HEARINGS, "TJ")])
    def test_is_not_for_others(self, hearing, actor_in, now, role, site):
        with pytest.raises(NotAllowed):
            note_trip(hearing=hearing, means=Means.WALK, actor=actor_in(role, site), at=now)

    def test_refuses_an_hour_after_they_must_be_there(self, hearing, officer, now):
        with pytest.raises(LeavesAfterPresenting):
            note_trip(hearing=hearing, means=Means.OWN, leaves_at=hearing.present_at, actor=officer, at=now)

    def test_refuses_a_telephone_number_for_a_vehicle(self, hearing, officer, now):
        with pytest.raises(VehicleTellsTooMuch):
            note_trip(hearing=hearing, means=Means.AGENCY, vehicle="656 123 4567", actor=officer, at=now)

    @pytest.mark.parametrize("facts", [{"vehicle": "van 2"}, {"seats": 3}])
    def test_refuses_a_vehicle_for_those_who_walk(self, hearing, officer, now, facts):
        with pytest.raises(NoVehicle):
            note_trip(hearing=hearing, means=Means.WALK, **facts, actor=officer, at=now)

    def test_refuses_a_hearing_that_no_longer_stands(self, hearing, officer, now):
        Hearing.objects.update(status=Hearing.Status.CANCELLED)
        with pytest.raises(HearingNotStanding):
            note_trip(hearing=hearing, means=Means.WALK, actor=officer, at=now)


class TestWithdrawTrip:
    def test_leaves_nobody_knowing_and_is_recorded_once(self, hearing, officer, now):
        trip = TripFactory(hearing=hearing)
        withdraw_trip(trip=trip, actor=officer, at=now)
        withdraw_trip(trip=trip, actor=officer, at=now)
        assert trip_of(hearing) is None
        assert Event.objects.filter(type=EventType.TRIP_WITHDRAWN).count() == 1

    def test_is_not_for_others(self, hearing, actor_in, now):
        with pytest.raises(NotAllowed):
            withdraw_trip(trip=TripFactory(hearing=hearing), actor=actor_in(Role.RECEPTION), at=now)


class TestTripOf:
    def test_costs_nothing_for_a_hearing_fetched_with_it(self, hearing, django_assert_num_queries):
        TripFactory(hearing=hearing, withdrawn_at=hearing.recorded_at)
        standing = TripFactory(hearing=hearing)
        HearingFactory()
        found = {each.pk: each for each in Hearing.objects.for_clocks(with_sources=False)}
        assert len(found) == 2
        with django_assert_num_queries(0):
            trips = {key: trip_of(each) for key, each in found.items()}
        assert trips.pop(hearing.pk).words == standing.words
        assert list(trips.values()) == [None]
