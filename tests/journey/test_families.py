"""What a family's file knows: what its people are called, where they sleep."""

from datetime import datetime, timedelta

import pytest

from journey.families import families_of
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.shelters import StayFactory, UnitFactory


@pytest.mark.django_db
class TestCalled:
    def test_by_the_first_name_unless_two_share_it(self, now: datetime) -> None:
        household = HouseholdFactory()
        for place, given in enumerate(["Lorena", "Lorena Nelly", "Elsa Sofía"], start=1):
            relation = "head" if place == 1 else "child"
            names = {"given_names": given, "surnames": "Saavedra"}
            PersonFactory(household=household, position=place, relation=relation, **names)
        (family,) = families_of([household], now=now)
        told = [family.called(member) for member in family.members]
        assert told == ["Lorena Saavedra", "Lorena Nelly Saavedra", "Elsa"]


@pytest.mark.django_db
class TestSleep:
    @pytest.mark.parametrize(("kind", "told"), [(Kind.FAMILY, "Casa, Sala 4"), (Kind.ISOLATION, "Casa")])
    def test_a_room_for_isolation_is_not_named(self, now: datetime, kind: Kind, told: str) -> None:
        household = HouseholdFactory(people=1)
        unit = UnitFactory(name="Sala 4", kind=kind, shelter__name="Casa")
        UnitFactory(shelter=unit.shelter, kind=Kind.FAMILY)
        StayFactory(person=household.people.get(), household=household, unit=unit, begins_at=now - timedelta(days=1))
        (family,) = families_of([household], now=now)
        assert family.sleep is not None
        assert family.sleep.place == told
