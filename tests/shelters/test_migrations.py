"""What the database itself refuses, asked in its own words: rows written past every deed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelters.models import Stay, Unit
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.shelters import (
    BEGAN_AT,
    BedFactory,
    BlockFactory,
    CapacityFactory,
    HoldFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


def broken_constraint(**stay: object) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        StayFactory(**stay)
    return refused.value.__cause__.diag.constraint_name


class TestOpenStays:
    def test_fit_into_their_unit(self):
        unit = UnitFactory(places=1)
        StayFactory(unit=unit)

        assert broken_constraint(unit=unit) == "shelters_stay_fits_its_unit"

    def test_fit_by_the_capacity_in_force_when_they_begin(self):
        unit = UnitFactory(places=1)
        CapacityFactory(unit=unit, places=2, valid_from=BEGAN_AT + timedelta(days=1))
        StayFactory(unit=unit)

        assert broken_constraint(unit=unit) == "shelters_stay_fits_its_unit"
        assert StayFactory(unit=unit, begins_at=BEGAN_AT + timedelta(days=1))

    def test_fit_or_name_a_reason_and_a_person(self):
        unit = UnitFactory(places=0)

        assert StayFactory(unit=unit, over_capacity_reason="cierre", over_capacity_by="M. Ontiveros")
        assert broken_constraint(unit=unit, over_capacity_reason="cierre") == "shelters_stay_over_capacity_is_named"

    def test_need_a_known_capacity_or_a_reason(self):
        assert broken_constraint(unit=UncountedUnitFactory()) == "shelters_stay_capacity_is_known"

    def test_are_one_for_a_person(self):
        stay = StayFactory()

        assert broken_constraint(person=stay.person) == "shelters_stay_one_open_per_person"

    def test_are_one_for_a_bed(self):
        bed = BedFactory()
        StayFactory(unit=bed.unit, bed=bed)

        assert broken_constraint(unit=bed.unit, bed=bed) == "shelters_stay_one_open_per_bed"

    def test_name_a_bed_of_their_unit(self):
        assert broken_constraint(bed=BedFactory()) == "shelters_stay_bed_is_in_its_unit"

    def test_are_not_moved_into_a_full_unit(self):
        full = UnitFactory(places=0)
        stay = StayFactory()

        with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
            Stay.objects.filter(pk=stay.pk).update(unit=full)

    def test_are_not_opened_again_in_a_full_unit(self):
        unit = UnitFactory(places=1)
        ended = StayFactory(unit=unit, ends_at=BEGAN_AT + timedelta(days=1), leaving_reason="left")
        StayFactory(unit=unit)

        with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
            Stay.objects.filter(pk=ended.pk).update(ends_at=None, leaving_reason="")


class TestEndedStays:
    def test_do_not_overlap_for_a_person(self):
        stay = StayFactory(ends_at=BEGAN_AT + timedelta(days=2), leaving_reason="left")

        assert (
            broken_constraint(
                person=stay.person,
                begins_at=BEGAN_AT + timedelta(days=1),
                ends_at=BEGAN_AT + timedelta(days=3),
                leaving_reason="left",
            )
            == "shelters_stay_one_place_per_person"
        )

    def test_follow_one_another_at_the_same_moment(self):
        stay = StayFactory(ends_at=BEGAN_AT + timedelta(days=2), leaving_reason="left")

        assert StayFactory(person=stay.person, begins_at=stay.ends_at)


class TestHolds:
    def test_fit_into_their_unit(self):
        unit = UnitFactory(places=3)
        HoldFactory(unit=unit, places=2)

        with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
            HoldFactory(unit=unit, places=2)


class TestHoldsThatLast:
    """A hold of four hours in a room that changes in the second."""

    TURNS = BEGAN_AT + timedelta(hours=2)
    LASTS = {"begins_at": BEGAN_AT + timedelta(hours=1), "expires_at": BEGAN_AT + timedelta(hours=5)}

    def refused(self, **hold):
        with pytest.raises(IntegrityError) as why, transaction.atomic():
            HoldFactory(**{**self.LASTS, **hold})
        return why.value.__cause__.diag.constraint_name == "shelters_hold_fits_its_unit"

    def test_fit_beside_works_that_begin_meanwhile(self):
        unit = UnitFactory(places=3)
        CapacityFactory(unit=unit, places=0, basis="closed", valid_from=self.TURNS)
        assert self.refused(unit=unit, places=1)
        assert HoldFactory(unit=unit, places=1, begins_at=self.LASTS["begins_at"], expires_at=self.TURNS)

    def test_fit_beside_a_block_that_begins_meanwhile(self):
        unit = UnitFactory(places=3)
        BlockFactory(unit=unit, places=2, begins_at=self.TURNS)
        assert self.refused(unit=unit, places=2)
        assert HoldFactory(unit=unit, places=1, **self.LASTS)

    def test_are_renewed_by_what_they_add(self):
        unit = UnitFactory(places=1)
        hold = HoldFactory(unit=unit, places=1, **self.LASTS)
        CapacityFactory(unit=unit, places=3, valid_from=self.TURNS)
        for _ in range(2):
            StayFactory(unit=unit, begins_at=self.TURNS)
        hold.expires_at += timedelta(hours=1)
        hold.save()  # the two who came since do not count against the hours before they came

        BlockFactory(unit=unit, places=1, begins_at=hold.expires_at + timedelta(minutes=5))
        hold.expires_at += timedelta(hours=1)
        with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
            hold.save()

    def test_need_a_known_capacity(self):
        with pytest.raises(IntegrityError, match="nobody has said"), transaction.atomic():
            HoldFactory(unit=UncountedUnitFactory(), places=1)


class TestPlacesLeft:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(capacity=st.integers(0, 8), guests=st.integers(0, 8), held=st.integers(0, 4), blocked=st.integers(0, 4))
    def test_agrees_with_the_formula_of_the_pages(self, db, now, capacity, guests, held, blocked):
        with transaction.atomic():
            unit = UnitFactory(places=12)
            for _ in range(guests):
                person = PersonFactory(findable=False)
                StayFactory(unit=unit, person=person, over_capacity_reason="prueba", over_capacity_by="prueba")
            if held:
                HoldFactory(unit=unit, places=held)
            if blocked:
                BlockFactory(unit=unit, places=blocked)
            CapacityFactory(unit=unit, places=capacity, valid_from=BEGAN_AT)

            with connection.cursor() as cursor:
                cursor.execute("SELECT shelters_places_left(%s, NULL, %s)", [unit.pk, now])
                (left,) = cursor.fetchone()
            figures = Unit.objects.with_figures(now).get(pk=unit.pk).figures
            transaction.set_rollback(True)

        assert max(0, left) == figures.free
        assert (left < 0) == (figures.over + figures.short > 0 or figures.blocked < blocked)

    def test_counts_nothing_that_is_over(self, now):
        unit = UnitFactory(places=5)
        HoldFactory(unit=unit, released_at=now)
        HoldFactory(unit=unit, expires_at=now)
        BlockFactory(unit=unit, ends_at=now)
        StayFactory(unit=unit, ends_at=now, leaving_reason="left")

        assert Unit.objects.with_figures(now).get(pk=unit.pk).figures.free == 5


@pytest.mark.django_db(transaction=True)
class TestStaleSnapshot:
    def test_is_refused_rather_than_counted_with(self):
        unit = UnitFactory()
        person = PersonFactory(household=HouseholdFactory())

        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with pytest.raises(InternalError, match="snapshot may be stale"), transaction.atomic():
                StayFactory(unit=unit, person=person)
