"""Places held under a number, holds renewed and run out; guests who are out, back, lost, gone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from cases.models import Absence, Household
from cases.states import Step
from core.errors import NotAllowed
from shelters.actions import (
    assign_place,
    end_stays,
    hold_places,
    hold_under_number,
    note_back,
    note_out,
    release_hold,
    renew_hold,
    take_closing_back,
    take_up_hold,
)
from shelters.actions.sweeping import end_overdue
from shelters.errors import (
    AlreadyHeld,
    BackBeforeNow,
    HeldTooLong,
    HoldOver,
    NobodyToPlace,
    NotANumber,
    NotClosing,
    OverCapacity,
    TooManyForTheHold,
)
from shelters.models import Destination, Hold, LeavingReason, Shelter, Stay, Unit
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=2)


@pytest.fixture
def unit():
    return UnitFactory(shelter=ShelterFactory(), places=6)


@pytest.fixture
def desk(unit, actor_in):
    return actor_in("shelter", unit.shelter.site)


@pytest.fixture
def coordinator(unit, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def announced(unit, desk, now):
    return hold_under_number(unit=unit, label="inm-7", places=4, expires_at=now + SOON, actor=desk, at=now)


@pytest.fixture
def family(unit, coordinator, now):
    household = HouseholdFactory(people=3)
    assign_place(household=household, unit=unit, actor=coordinator, at=now - timedelta(days=2))
    return household


def free(unit, at):
    return Unit.objects.with_figures(at).get(pk=unit.pk).figures.free


class TestHoldUnderNumber:
    def test_keeps_places_for_who_has_no_file(self, announced, unit, now):
        assert (announced.label, announced.household) == ("INM-7", None)
        assert free(unit, now) == 2

    @pytest.mark.parametrize("label", ["Rosa Elena", "ROSA", "", "7 8", "María7"])
    def test_refuses_a_name(self, unit, desk, now, label):
        with pytest.raises(NotANumber):
            hold_under_number(unit=unit, label=label, places=1, expires_at=now + SOON, actor=desk, at=now)

    def test_is_refused_by_the_database_too(self, unit, now):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(unit=unit, label="ROSA", places=1, begins_at=now, expires_at=now + SOON)

    def test_counts_against_another_number(self, announced, unit, desk, now):
        with pytest.raises(OverCapacity):
            hold_under_number(unit=unit, label="INM-8", places=3, expires_at=now + SOON, actor=desk, at=now)

    def test_is_once_for_a_number_until_it_runs_out(self, announced, unit, desk, now):
        with pytest.raises(AlreadyHeld):
            hold_under_number(unit=unit, label="INM-7", places=1, expires_at=now + SOON, actor=desk, at=now)
        later = now + SOON
        hold_under_number(unit=unit, label="INM-7", places=1, expires_at=later + SOON, actor=desk, at=later)

    def test_is_for_twelve_hours_at_most(self, unit, desk, now):
        with pytest.raises(HeldTooLong):
            hold_under_number(
                unit=unit, label="7", places=1, expires_at=now + timedelta(hours=12, minutes=1), actor=desk, at=now
            )

    def test_is_the_own_shelters(self, unit, actor_in, now):
        stranger = actor_in("shelter", ShelterFactory().site)
        with pytest.raises(NotAllowed):
            hold_under_number(unit=unit, label="7", places=1, expires_at=now + SOON, actor=stranger, at=now)


class TestRenewHold:
    def test_is_done_twice_and_no_longer_than_twelve_hours(self, announced, desk, now):
        at = now + timedelta(hours=1)
        assert renew_hold(hold=announced, actor=desk, at=at).expires_at == at + timedelta(hours=4)
        at = now + timedelta(hours=4, minutes=30)
        assert renew_hold(hold=announced, actor=desk, at=at).expires_at == at + timedelta(hours=4)
        with pytest.raises(HeldTooLong):
            renew_hold(hold=announced, actor=desk, at=at)

    def test_refuses_one_that_ran_out(self, announced, desk, now):
        with pytest.raises(HoldOver):
            renew_hold(hold=announced, actor=desk, at=now + SOON)


class TestTakeUpHold:
    def test_places_who_came_and_keeps_the_rest(self, announced, unit, coordinator, now):
        family = HouseholdFactory(people=3)
        take_up_hold(hold=announced, household=family, actor=coordinator, at=now)
        announced.refresh_from_db()
        assert (announced.places, announced.released_at) == (4, now)
        rest = Hold.objects.standing_at(now).get()
        assert (rest.label, rest.places, rest.expires_at) == (announced.label, 1, announced.expires_at)
        assert Stay.objects.open().filter(household=family, unit=unit).count() == 3

    def test_is_over_with_the_last_place(self, announced, coordinator, now):
        take_up_hold(hold=announced, household=HouseholdFactory(people=4), actor=coordinator, at=now)
        assert not Hold.objects.standing_at(now).exists()

    def test_refuses_more_people_than_places(self, announced, coordinator, now):
        with pytest.raises(TooManyForTheHold):
            take_up_hold(hold=announced, household=HouseholdFactory(people=5), actor=coordinator, at=now)


class TestExpiredHold:
    def test_is_told_once(self, unit, coordinator, now):
        hold = hold_places(
            household=HouseholdFactory(people=2), unit=unit, expires_at=now + SOON, actor=coordinator, at=now
        )
        assert end_overdue(actor=coordinator, at=now + SOON) == 1
        assert end_overdue(actor=coordinator, at=now + SOON) == 0
        assert Event.objects.get(type=EventType.HOLD_EXPIRED).household == hold.household.uid

    def test_of_a_number_is_released_by_the_desk(self, announced, desk, now):
        release_hold(hold=announced, actor=desk, at=now)
        with pytest.raises(HoldOver):
            release_hold(hold=announced, actor=desk, at=now)


class TestNoteOut:
    def test_keeps_the_place(self, family, unit, desk, now):
        people = list(family.people.all())[:2]
        note_out(
            household=family,
            people=people,
            shelter=unit.shelter,
            reason=Absence.Reason.WORK,
            expected_at=now + timedelta(hours=9),
            actor=desk,
            at=now,
        )
        assert Absence.objects.open().count() == 2
        assert free(unit, now) == 3

    @pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=7, minutes=1)])
    def test_wants_a_return_within_a_week(self, family, unit, desk, now, ahead):
        with pytest.raises(BackBeforeNow):
            note_out(
                household=family,
                people=list(family.people.all()),
                shelter=unit.shelter,
                reason=Absence.Reason.WORK,
                expected_at=now + ahead,
                actor=desk,
                at=now,
            )

    def test_is_about_guests_only(self, unit, desk, now):
        stranger = HouseholdFactory(people=1)
        with pytest.raises(NobodyToPlace):
            note_out(
                household=stranger,
                people=list(stranger.people.all()),
                shelter=unit.shelter,
                reason=Absence.Reason.WORK,
                expected_at=now + SOON,
                actor=desk,
                at=now,
            )


class TestNoteBack:
    def test_ends_the_outing_and_says_how_many(self, family, unit, desk, now):
        people = list(family.people.all())
        note_out(
            household=family,
            people=people[:1],
            shelter=unit.shelter,
            reason=Absence.Reason.ERRAND,
            expected_at=now + SOON,
            actor=desk,
            at=now,
        )
        assert note_back(household=family, people=people, shelter=unit.shelter, actor=desk, at=now + SOON) == 1
        assert not Absence.objects.open().exists()


class TestLostContact:
    def test_is_told_a_day_after_they_should_be_back_and_keeps_the_place(self, family, unit, desk, coordinator, now):
        note_out(
            household=family,
            people=list(family.people.all()),
            shelter=unit.shelter,
            reason=Absence.Reason.WORK,
            expected_at=now + SOON,
            actor=desk,
            at=now,
        )
        assert end_overdue(actor=coordinator, at=now + SOON + timedelta(hours=23)) == 0
        assert end_overdue(actor=coordinator, at=now + SOON + timedelta(hours=24)) == 3
        assert end_overdue(actor=coordinator, at=now + timedelta(days=9)) == 0
        assert free(unit, now) == 3
        assert Event.objects.get(type=EventType.CONTACT_LOST).facts == {"people": 3}

    def test_is_decided_by_ending_the_stay(self, family, desk, now):
        end_stays(household=family, reason=LeavingReason.LOST, destination=Destination.UNKNOWN, actor=desk, at=now)
        family.refresh_from_db()
        assert family.step == Step.LOST_CONTACT


class TestEndOfAStay:
    def test_keeps_where_they_said_they_go(self, family, desk, now):
        one = family.people.first()
        end_stays(
            household=family,
            people=[one],
            reason=LeavingReason.LEFT,
            destination=Destination.HOME,
            actor=desk,
            at=now,
        )
        assert Stay.objects.get(person=one).destination == Destination.HOME
        family.refresh_from_db()
        assert family.step == Step.PLACED  # the others sleep there

    @pytest.mark.parametrize(
        ("destination", "step"),
        [(Destination.HOME, Step.VOLUNTARY_RETURN), (Destination.CITY, Step.MOVED), (Destination.OWN, Step.PLACED)],
    )
    def test_lets_the_family_stand_where_it_went(self, family, desk, now, destination, step):
        end_stays(household=family, reason=LeavingReason.LEFT, destination=destination, actor=desk, at=now)
        family.refresh_from_db()
        assert family.step == step

    @pytest.mark.parametrize(
        ("destination", "waits"),
        [(Destination.OWN, False), (Destination.RELATIVES, False), (Destination.SHELTER, True), (None, True)],
    )
    def test_lets_wait_for_a_place_only_who_has_none_of_their_own(self, family, unit, desk, now, destination, waits):
        end_stays(household=family, reason=LeavingReason.LEFT, destination=destination, actor=desk, at=now)
        family.refresh_from_db()
        assert family.is_at_reception is waits
        assert Household.objects.at_reception().filter(pk=family.pk).exists() is waits

    def test_lets_them_wait_again_once_a_later_stay_ended(self, family, unit, desk, coordinator, now):
        end_stays(household=family, reason=LeavingReason.LEFT, destination=Destination.OWN, actor=desk, at=now)
        later = now + timedelta(hours=2)
        assign_place(household=family, unit=unit, actor=coordinator, at=later)
        end_stays(household=family, reason=LeavingReason.LEFT, actor=desk, at=later + timedelta(hours=2))
        assert Household.objects.at_reception().filter(pk=family.pk).exists()


class TestTakeClosingBack:
    def test_lets_the_shelter_receive_again(self, unit, coordinator, now):
        Shelter.objects.update(closed_at=now)
        shelter = take_closing_back(shelter=Shelter.objects.get(), actor=coordinator, at=now)
        assert shelter.is_open_at(now)
        with pytest.raises(NotClosing):
            take_closing_back(shelter=shelter, actor=coordinator, at=now)
