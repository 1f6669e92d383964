"""Who was let in beyond the capacity, on whose word and why."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from core.actors import Actor
from shelters.overs import over_capacity
from shelters.tonight import houses_tonight
from tests.factories.cases import HouseholdFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import CapacityFactory, ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def unit():
    """A room for two at Ciudad Juárez."""
    return UnitFactory(shelter__site=ShelterSiteFactory(parent=SiteFactory(code="JZ")), places=2)


def family_over(unit, people, reason="noche de frío"):
    household = HouseholdFactory(site=unit.shelter.site.parent, people=people)
    for person in household.people.all():
        StayFactory(person=person, unit=unit, over_capacity_reason=reason, over_capacity_by="Maribel Ontiveros")
    return household


def overs(now, actor=SYSTEM):
    return over_capacity(houses_tonight(actor=actor, now=now), actor=actor)


class TestOverCapacity:
    def test_names_reason_person_and_how_many(self, unit, now):
        household = family_over(unit, 3)

        (one,) = overs(now)

        (reason,) = one.reasons
        assert (one.house.pk, one.room.pk, one.over, one.unnamed) == (unit.shelter_id, unit.pk, 1, 0)
        assert (reason.household, reason.code, reason.people) == (household.uid, household.code, 3)
        assert (reason.reason, reason.by) == ("noche de frío", "Maribel Ontiveros")

    def test_says_for_how_many_nobody_named_a_reason(self, unit, now):
        StayFactory.create_batch(2, unit=unit)
        CapacityFactory(unit=unit, places=0, valid_from=now - timedelta(hours=1))

        (one,) = overs(now)

        assert (one.over, one.unnamed, one.reasons) == (2, 2, ())

    def test_is_silent_where_there_is_room_again(self, unit, now):
        family_over(unit, 3)
        CapacityFactory(unit=unit, places=9, valid_from=now - timedelta(hours=1))

        assert overs(now) == []

    def test_puts_the_worst_first(self, unit, now):
        family_over(unit, 3)
        worse = UnitFactory(shelter=unit.shelter, places=0)
        family_over(worse, 4)

        assert [one.over for one in overs(now)] == [4, 1]

    def test_tells_of_no_family_that_the_reader_may_not_see(self, unit, now, actor_in):
        family_over(unit, 3)

        assert overs(now, actor_in(Role.COORDINATOR, "TJ")) == []
        (one,) = overs(now, actor_in(Role.COORDINATOR))
        assert len(one.reasons) == 1

    def test_is_one_query(self, unit, now, django_assert_num_queries):
        family_over(unit, 3)
        family_over(UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory()), places=0), 2)
        houses = houses_tonight(actor=SYSTEM, now=now)

        with django_assert_num_queries(1):
            assert len(over_capacity(houses, actor=SYSTEM)) == 2
