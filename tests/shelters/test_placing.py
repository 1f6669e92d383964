"""Giving places and taking them back."""

from datetime import date, timedelta

import pytest

from audit.models import Event, EventType
from cases.states import Step
from core.errors import NotAllowed
from shelters.actions import assign_place, end_stay, end_stays, hold_places, release_hold
from shelters.errors import (
    AlreadyPlaced,
    CapacityUnknown,
    EndsBeforeItBegins,
    HoldOver,
    NobodyToPlace,
    OverCapacity,
    PlaceTaken,
    ShelterClosed,
    StayAlreadyEnded,
    WrongBed,
    WrongUnit,
)
from shelters.models import Capacity, Hold, LeavingReason, Stay, Unit
from shelters.rules import Kind, Mismatch
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.shelters import (
    BedFactory,
    BlockFactory,
    CapacityFactory,
    HoldFactory,
    ShelterFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(shelter, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family():
    return HouseholdFactory(people=3)


class TestAssignPlace:
    def test_places_the_whole_household_at_once(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter)

        stays = assign_place(household=family, unit=unit, actor=coordinator, at=now)

        assert {stay.person_id for stay in stays} == set(family.people.values_list("pk", flat=True))
        assert Stay.objects.open().filter(unit=unit).count() == 3

    def test_takes_the_step_and_gives_the_shelter_sight_of_it(self, shelter, coordinator, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        family.refresh_from_db()
        assert (family.step, family.guest_site) == (Step.PLACED, shelter.site)

    def test_records_ids_and_counts_only(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter)

        stays = assign_place(household=family, unit=unit, actor=coordinator, at=now)

        event = Event.objects.get(type=EventType.STAY_BEGUN)
        assert event.household == family.uid
        assert event.facts == {
            "shelter": shelter.pk,
            "unit": unit.pk,
            "stays": [stay.pk for stay in stays],
            "people": 3,
            "over": False,
        }

    def test_refuses_somebody_who_has_a_place(self, shelter, coordinator, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        with pytest.raises(AlreadyPlaced):
            assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

    def test_places_nobody_when_one_does_not_fit(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=2)

        with pytest.raises(OverCapacity):
            assign_place(household=family, unit=unit, actor=coordinator, at=now)

        assert not Stay.objects.exists()

    def test_goes_over_with_a_named_reason(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=2)

        (first, *_) = assign_place(
            household=family, unit=unit, over_capacity_reason="cierre de Casa Nazaria", actor=coordinator, at=now
        )

        assert (first.over_capacity_reason, first.over_capacity_by) == ("cierre de Casa Nazaria", coordinator.name)
        assert Unit.objects.with_figures(now).get(pk=unit.pk).figures.over == 1

    def test_keeps_no_reason_where_there_is_room(self, shelter, coordinator, family, now):
        (first, *_) = assign_place(
            household=family,
            unit=UnitFactory(shelter=shelter),
            over_capacity_reason="por si acaso",
            actor=coordinator,
            at=now,
        )

        assert first.over_capacity_reason == ""

    def test_asks_for_a_reason_where_the_capacity_is_unknown(self, shelter, coordinator, family, now):
        unit = UncountedUnitFactory(shelter=shelter)

        with pytest.raises(CapacityUnknown):
            assign_place(household=family, unit=unit, actor=coordinator, at=now)

        assert assign_place(
            household=family, unit=unit, over_capacity_reason="lo dijo la encargada", actor=coordinator, at=now
        )

    @pytest.mark.parametrize("said", [" ", "...", "\u200b"])
    def test_takes_no_dots_and_blanks_for_a_reason(self, shelter, coordinator, family, now, said):
        unit = UnitFactory(shelter=shelter, places=2)

        with pytest.raises(OverCapacity):
            assign_place(household=family, unit=unit, over_capacity_reason=said, actor=coordinator, at=now)

    def test_leaves_blocked_places_alone(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=4)
        BlockFactory(unit=unit, places=2)

        with pytest.raises(OverCapacity):
            assign_place(household=family, unit=unit, actor=coordinator, at=now)

    def test_leaves_places_held_for_others_alone_until_the_hold_expires(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=4)
        hold = HoldFactory(unit=unit, places=2)

        with pytest.raises(OverCapacity):
            assign_place(household=family, unit=unit, actor=coordinator, at=now)
        assert assign_place(household=family, unit=unit, actor=coordinator, at=hold.expires_at)

    def test_uses_and_releases_the_own_hold(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=3)
        hold = HoldFactory(unit=unit, household=family, places=3)

        assign_place(household=family, unit=unit, actor=coordinator, at=now)

        hold.refresh_from_db()
        assert hold.released_at == now

    def test_takes_the_first_free_beds(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=5, beds=5)
        StayFactory(unit=unit, bed=unit.beds.get(label="02"))

        stays = assign_place(household=family, unit=unit, actor=coordinator, at=now)

        assert [stay.bed.label for stay in stays] == ["01", "03", "04"]

    def test_refuses_a_bed_that_another_desk_gave(self, shelter, coordinator, now):
        unit = UnitFactory(shelter=shelter, beds=1)
        bed = unit.beds.get()
        StayFactory(unit=unit, bed=bed)

        with pytest.raises(PlaceTaken):
            assign_place(household=HouseholdFactory(people=1), unit=unit, beds=[bed], actor=coordinator, at=now)

    def test_refuses_a_bed_of_another_room(self, shelter, coordinator, now):
        elsewhere = BedFactory(unit__shelter=shelter)

        with pytest.raises(WrongBed):
            assign_place(
                household=HouseholdFactory(people=1),
                unit=UnitFactory(shelter=shelter),
                beds=[elsewhere],
                actor=coordinator,
                at=now,
            )

    def test_wants_one_bed_for_each(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, beds=2)

        with pytest.raises(WrongBed):
            assign_place(household=family, unit=unit, beds=list(unit.beds.all()), actor=coordinator, at=now)

    def test_refuses_what_the_room_is_not_for_whatever_the_reason(self, shelter, coordinator, now):
        household = HouseholdFactory(people=2)
        PersonFactory(household=household, position=3, relation="partner", sex="M", birth_date=date(1988, 1, 1))
        unit = UnitFactory(shelter=shelter, kind=Kind.WOMEN)

        with pytest.raises(WrongUnit, match=str(Mismatch.WOMEN_ONLY.label)):
            assign_place(household=household, unit=unit, over_capacity_reason="urgente", actor=coordinator, at=now)

    def test_refuses_a_closed_shelter(self, coordinator, family, now):
        shelter = ShelterFactory(closed_at=now)
        unit = UnitFactory(shelter=shelter)
        sees = coordinator.__class__.system("demo")

        with pytest.raises(ShelterClosed):
            assign_place(household=family, unit=unit, actor=sees, at=now)
        assert assign_place(household=family, unit=unit, actor=sees, at=now - timedelta(minutes=1))

    def test_refuses_a_room_closed_for_works(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter)
        CapacityFactory(unit=unit, places=0, basis=Capacity.Basis.CLOSED, valid_from=now)

        with pytest.raises(ShelterClosed):
            assign_place(household=family, unit=unit, over_capacity_reason="urgente", actor=coordinator, at=now)

    def test_refuses_nobody(self, shelter, coordinator, family, now):
        with pytest.raises(NobodyToPlace):
            assign_place(household=family, unit=UnitFactory(shelter=shelter), people=[], actor=coordinator, at=now)

    @pytest.mark.parametrize("role", ["reception", "shelter", "hearings", "protection"])
    def test_is_for_coordinators(self, shelter, actor_in, family, now, role):
        with pytest.raises(NotAllowed):
            assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=actor_in(role), at=now)

    def test_refuses_a_shelter_of_another_city(self, coordinator, family, now):
        with pytest.raises(NotAllowed):
            assign_place(
                household=family,
                unit=UnitFactory(shelter__site__parent__code="TJ", shelter__site__code="TJ-1"),
                actor=coordinator,
                at=now,
            )


class TestEndStays:
    def test_frees_the_places_and_closes_the_shelters_eyes(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=3)
        assign_place(household=family, unit=unit, actor=coordinator, at=now)

        ended = end_stays(household=family, reason=LeavingReason.LEFT, actor=coordinator, at=now + timedelta(hours=1))

        family.refresh_from_db()
        assert (ended, family.guest_site) == (3, None)
        assert Unit.objects.with_figures(now).get(pk=unit.pk).figures.free == 3

    def test_keeps_the_shelters_sight_while_somebody_stays(self, shelter, coordinator, family, now):
        stay, *_ = assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        end_stay(stay=stay, reason=LeavingReason.LEFT, actor=coordinator, at=now + timedelta(hours=1))

        family.refresh_from_db()
        assert family.guest_site == shelter.site
        assert Stay.objects.open().count() == 2

    def test_is_done_by_the_shelters_own_desk(self, shelter, coordinator, actor_in, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)
        desk = actor_in("shelter", shelter.site)

        end_stays(household=family, reason=LeavingReason.LEFT, actor=desk, at=now + timedelta(hours=1))

        assert Event.objects.get(type=EventType.STAY_ENDED).facts["people"] == 3

    def test_refuses_another_shelters_desk(self, shelter, coordinator, actor_in, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        with pytest.raises(NotAllowed):
            end_stays(
                household=family, reason=LeavingReason.LEFT, actor=actor_in("shelter", ShelterFactory().site), at=now
            )

    def test_refuses_a_stay_that_is_already_over(self, shelter, coordinator, family, now):
        with pytest.raises(StayAlreadyEnded):
            end_stays(household=family, reason=LeavingReason.LEFT, actor=coordinator, at=now)

    def test_refuses_an_end_before_the_beginning(self, shelter, coordinator, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        with pytest.raises(EndsBeforeItBegins):
            end_stays(household=family, reason=LeavingReason.LEFT, actor=coordinator, at=now)

    def test_lets_the_family_be_placed_again_at_once(self, shelter, coordinator, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)
        later = now + timedelta(hours=1)
        end_stays(household=family, reason=LeavingReason.TRANSFERRED, actor=coordinator, at=later)

        assert assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=later)


class TestHoldPlaces:
    def test_takes_places_from_the_free_ones(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter)

        hold_places(household=family, unit=unit, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)

        figures = Unit.objects.with_figures(now).get(pk=unit.pk).figures
        assert (figures.held, figures.free) == (3, 7)
        assert Unit.objects.with_figures(now + timedelta(hours=2)).get(pk=unit.pk).figures.held == 0

    def test_moves_with_the_household(self, shelter, coordinator, family, now):
        first, second = UnitFactory(shelter=shelter), UnitFactory(shelter=shelter)
        hold_places(household=family, unit=first, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)

        hold_places(household=family, unit=second, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)

        assert Hold.objects.standing_at(now).get().unit == second

    def test_refuses_more_than_is_free(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter, places=2)

        with pytest.raises(OverCapacity):
            hold_places(household=family, unit=unit, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)

    def test_refuses_a_household_that_has_a_place(self, shelter, coordinator, family, now):
        assign_place(household=family, unit=UnitFactory(shelter=shelter), actor=coordinator, at=now)

        with pytest.raises(AlreadyPlaced):
            hold_places(
                household=family,
                unit=UnitFactory(shelter=shelter),
                expires_at=now + timedelta(hours=2),
                actor=coordinator,
                at=now,
            )

    @pytest.mark.parametrize(
        ("room", "refusal"), [({"kind": Kind.ISOLATION}, WrongUnit), ({"name": "Obras", "places": 0}, OverCapacity)]
    )
    def test_refuses_a_room_that_could_never_be_given(self, shelter, coordinator, family, now, room, refusal):
        unit = UnitFactory(shelter=shelter, **room)

        with pytest.raises(refusal):
            hold_places(household=family, unit=unit, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)

    def test_refuses_where_nobody_knows_the_capacity(self, shelter, coordinator, family, now):
        unit = UncountedUnitFactory(shelter=shelter)

        with pytest.raises(CapacityUnknown):
            hold_places(household=family, unit=unit, expires_at=now + timedelta(hours=2), actor=coordinator, at=now)


class TestReleaseHold:
    def test_gives_the_places_back_once(self, shelter, coordinator, family, now):
        unit = UnitFactory(shelter=shelter)
        hold = HoldFactory(unit=unit, household=family)

        release_hold(hold=hold, actor=coordinator, at=now)

        assert Unit.objects.with_figures(now).get(pk=unit.pk).figures.held == 0
        with pytest.raises(HoldOver):
            release_hold(hold=hold, actor=coordinator, at=now)
