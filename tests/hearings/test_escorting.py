"""Whoever speaks for people goes on doing so when families part and join."""

from datetime import date, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.splitting import join_households, split_household, undo_regrouping
from cases.models import Regrouping
from hearings.models import Representation
from tests.factories.cases import HouseholdFactory
from tests.factories.checks import RepresentationFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
Reason = Regrouping.Reason


@pytest.fixture
def officer(actor_in):
    return actor_in("coordinator", "JZ")


@pytest.fixture
def family(officer):
    return HouseholdFactory(site=SiteFactory(code="JZ"), people=2)


@pytest.fixture
def lawyer(family):
    """For both of the family, who said that we may speak with them."""
    noted = RepresentationFactory(household=family, may_speak=True, may_speak_on=date(2021, 12, 8))
    for person in family.people.all():
        noted.represented.create(person=person)
    return noted


def part(family, officer, now):
    child = family.people.get(relation="child")
    return split_household(household=family, people=[child], reason=next(iter(Reason)), actor=officer, at=now)


class TestParting:
    def test_leaves_the_lawyer_to_both(self, family, lawyer, officer, now):
        own = part(family, officer, now)
        copy = Representation.objects.get(household=own)
        assert (copy.name, copy.phone, copy.represented.count()) == (lawyer.name, lawyer.phone, 1)
        assert lawyer.represented.count() == 1

    def test_asks_anew_whether_we_may_speak_with_them(self, family, lawyer, officer, now):
        own = part(family, officer, now)
        assert Representation.objects.get(household=own).may_speak is None

    def test_takes_along_a_lawyer_of_those_who_go_alone(self, family, officer, now):
        noted = RepresentationFactory(household=family)
        noted.represented.create(person=family.people.get(relation="child"))
        own = part(family, officer, now)
        noted.refresh_from_db()
        assert noted.household == own

    def test_leaves_a_lawyer_of_those_who_stay(self, family, officer, now):
        noted = RepresentationFactory(household=family)
        noted.represented.create(person=family.people.get(relation="head"))
        own = part(family, officer, now)
        assert not Representation.objects.filter(household=own).exists()

    def test_taken_back_leaves_one_lawyer(self, family, lawyer, officer, now):
        part(family, officer, now)
        undo_regrouping(regrouping=Regrouping.objects.get(), actor=officer, at=now + timedelta(minutes=5))
        assert list(Representation.objects.standing().filter(household=family)) == [lawyer]
        assert lawyer.represented.count() == 2

    def test_is_told_in_both_files(self, family, lawyer, officer, now):
        own = part(family, officer, now)
        told = Event.objects.filter(type__startswith="representation.").values_list("type", "household")
        assert set(told) == {
            (EventType.REPRESENTATION_NOTED, own.uid),
            (EventType.REPRESENTATION_CORRECTED, family.uid),
        }


class TestJoining:
    def test_brings_the_lawyer_along(self, family, lawyer, officer, now):
        other = HouseholdFactory(site=SiteFactory(code="JZ"), people=1)
        join_households(household=family, into=other, reason=next(iter(Reason)), actor=officer, at=now)
        lawyer.refresh_from_db()
        assert (lawyer.household, lawyer.represented.count()) == (other, 2)

    def test_makes_two_records_of_one_lawyer_one(self, family, lawyer, officer, now):
        other = HouseholdFactory(site=SiteFactory(code="JZ"), people=1)
        theirs = RepresentationFactory(household=other)
        theirs.represented.create(person=other.people.get())
        join_households(household=family, into=other, reason=next(iter(Reason)), actor=officer, at=now)
        assert list(Representation.objects.standing().filter(household=other)) == [theirs]
        assert theirs.represented.count() == 3
