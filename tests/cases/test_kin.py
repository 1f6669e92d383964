"""Who belongs to whom, who is missing, and which children are not with those who should take care of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.kin import (
    KinAlreadyNoted,
    KinAlreadyWithdrawn,
    KinOfOneself,
    note_found,
    note_kinship,
    note_missing,
    withdraw_kinship,
)
from cases.kinship import Flag, composed, flags_of, needs, seen_from
from cases.models import Absence, Kinship, Person, Relation
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import SiteFactory

R = Relation
DAY = date(2021, 12, 8)
GROWN, CHILD = date(1990, 3, 5), date(2014, 6, 1)


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


def _person(pk: int, relation: Relation, born: date) -> Person:
    return Person(pk=pk, relation=relation, birth_date=born)


class TestComposed:
    @pytest.mark.parametrize(
        ("first", "second", "third"),
        [
            (R.HEAD, R.CHILD, R.CHILD),
            (R.SIBLING, R.HEAD, R.SIBLING),
            (R.PARTNER, R.CHILD, R.CHILD),
            (R.CHILD, R.CHILD, R.RELATIVE),
            (R.SIBLING, R.PARENT, R.PARENT),
            (R.UNRELATED, R.CHILD, R.UNRELATED),
        ],
    )
    def test_tells_what_follows(self, first: Relation, second: Relation, third: Relation) -> None:
        assert composed(first, second) == third

    @pytest.mark.parametrize(
        ("viewer", "other", "seen"),
        [
            (R.CHILD, R.HEAD, R.PARENT),
            (R.CHILD, R.CHILD, R.SIBLING),
            (R.CHILD, R.PARENT, R.GRANDPARENT),
            (R.PARTNER, R.HEAD, R.PARTNER),
            (R.PARENT, R.SIBLING, R.CHILD),
            (R.RELATIVE, R.CHILD, R.RELATIVE),
        ],
    )
    def test_tells_what_another_head_sees(self, viewer: Relation, other: Relation, seen: Relation) -> None:
        assert seen_from(viewer, other) == seen


class TestFlagsOf:
    @pytest.mark.parametrize(
        ("people", "flags"),
        [
            ([(R.HEAD, GROWN)], []),
            ([(R.HEAD, GROWN), (R.CHILD, CHILD)], [Flag.SINGLE_CAREGIVER]),
            ([(R.HEAD, GROWN), (R.PARTNER, GROWN), (R.CHILD, CHILD)], []),
            ([(R.HEAD, CHILD)], [Flag.UNACCOMPANIED]),
            ([(R.HEAD, CHILD), (R.SIBLING, CHILD)], [Flag.CHILD_HEADED, Flag.UNACCOMPANIED]),
            ([(R.HEAD, GROWN), (R.SIBLING, CHILD)], [Flag.SEPARATED, Flag.SINGLE_CAREGIVER]),
            ([(R.HEAD, GROWN), (R.PARENT, GROWN), (R.SIBLING, CHILD)], []),
            ([(R.HEAD, GROWN), (R.PARTNER, GROWN), (R.UNRELATED, CHILD)], [Flag.UNACCOMPANIED]),
            ([(R.HEAD, CHILD), (R.PARENT, GROWN)], [Flag.SINGLE_CAREGIVER]),
        ],
    )
    def test_tells_who_is_with_whom(self, people: list[tuple[Relation, date]], flags: list[Flag]) -> None:
        members = [_person(key, relation, born) for key, (relation, born) in enumerate(people, start=1)]
        assert flags_of(members, day=DAY) == flags

    def test_hears_of_a_legal_caregiver(self) -> None:
        people = [_person(1, R.HEAD, GROWN), _person(2, R.UNRELATED, CHILD)]
        assert flags_of(people, day=DAY, kin={(2, 1): Kinship.Kind.CAREGIVER}) == [Flag.SINGLE_CAREGIVER]
        assert flags_of(people, day=DAY, kin={(2, 1): Kinship.Kind.RELATIVE}) == [Flag.SEPARATED, Flag.SINGLE_CAREGIVER]

    def test_has_a_code_for_each_from_versioned_data(self) -> None:
        assert {flag: need.code for flag, need in needs().items()} == {
            Flag.CHILD_HEADED: "SC-CH",
            Flag.UNACCOMPANIED: "SC-UC",
            Flag.SEPARATED: "SC-SC",
            Flag.SINGLE_CAREGIVER: "SP-PT",
        }
        assert all(need.version and need.certainty for need in needs().values())


@pytest.mark.django_db
class TestNoteKinship:
    def test_is_told_to_both_families(self, actor: Actor, now: datetime) -> None:
        one, other = PersonFactory(), PersonFactory()
        note_kinship(person=one, relative=other, kind=Kinship.Kind.SIBLING, actor=actor, at=now)
        told = Event.objects.filter(type=EventType.KINSHIP_NOTED)
        assert {event.household for event in told} == {one.household.uid, other.household.uid}

    def test_is_kept_from_the_end_of_the_child(self, actor: Actor, now: datetime) -> None:
        mother, child = PersonFactory(), PersonFactory()
        kinship = note_kinship(person=mother, relative=child, kind=Kinship.Kind.CHILD, actor=actor, at=now)
        assert (kinship.person, kinship.relative, kinship.kind) == (child, mother, Kinship.Kind.PARENT)

    def test_refuses_the_pair_again_from_either_end(self, actor: Actor, now: datetime) -> None:
        one, other = PersonFactory(), PersonFactory()
        note_kinship(person=one, relative=other, kind=Kinship.Kind.SIBLING, actor=actor, at=now)
        with pytest.raises(KinAlreadyNoted):
            note_kinship(person=other, relative=one, kind=Kinship.Kind.PARTNER, actor=actor, at=now)
        with pytest.raises(KinOfOneself):
            note_kinship(person=one, relative=one, kind=Kinship.Kind.PARTNER, actor=actor, at=now)

    def test_refuses_somebody_whom_the_actor_may_not_know_of(self, actor: Actor, now: datetime) -> None:
        elsewhere = PersonFactory(household=HouseholdFactory(site=SiteFactory(code="TJ")))
        with pytest.raises(NotAllowed):
            note_kinship(person=PersonFactory(), relative=elsewhere, kind=Kinship.Kind.SIBLING, actor=actor, at=now)
        assert not Kinship.objects.exists()

    def test_is_seen_by_those_who_see_both(self, actor: Actor, actor_in: Callable[..., Actor], now: datetime) -> None:
        kinship = note_kinship(
            person=PersonFactory(), relative=PersonFactory(), kind=Kinship.Kind.SIBLING, actor=actor, at=now
        )
        assert list(Kinship.objects.visible_to(actor)) == [kinship]
        assert not Kinship.objects.visible_to(actor_in("reception", "TJ")).exists()


@pytest.mark.django_db
class TestWithdrawKinship:
    def test_lets_the_pair_be_noted_anew(self, actor: Actor, now: datetime) -> None:
        one, other = PersonFactory(), PersonFactory()
        first = note_kinship(person=one, relative=other, kind=Kinship.Kind.SIBLING, actor=actor, at=now)
        withdraw_kinship(kinship=first, actor=actor, at=now)
        note_kinship(person=one, relative=other, kind=Kinship.Kind.PARTNER, actor=actor, at=now)
        assert Kinship.objects.standing().get().kind == Kinship.Kind.PARTNER

    def test_refuses_a_second_time(self, actor: Actor, now: datetime) -> None:
        kinship = note_kinship(
            person=PersonFactory(), relative=PersonFactory(), kind=Kinship.Kind.SIBLING, actor=actor, at=now
        )
        withdraw_kinship(kinship=kinship, actor=actor, at=now)
        with pytest.raises(KinAlreadyWithdrawn):
            withdraw_kinship(kinship=kinship, actor=actor, at=now)


@pytest.mark.django_db
class TestNoteMissing:
    def test_notes_each_once(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=3)
        people = list(household.people.all())
        note_missing(household=household, people=people[:2], actor=actor, at=now)
        assert len(note_missing(household=household, people=people, actor=actor, at=now)) == 1
        assert Absence.objects.open().count() == 3

    def test_ends_when_they_are_found(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        note_missing(household=household, people=household.people.all(), actor=actor, at=now)
        later = now + timedelta(hours=1)
        assert note_found(household=household, people=household.people.all(), actor=actor, at=later) == 2
        assert note_found(household=household, people=household.people.all(), actor=actor, at=later) == 0
        note_missing(household=household, people=household.people.all(), actor=actor, at=later)
        assert Absence.objects.open().count() == 2

    def test_knows_nothing_of_people_of_other_families(self, actor: Actor, now: datetime) -> None:
        note_missing(household=HouseholdFactory(people=1), people=[PersonFactory()], actor=actor, at=now)
        assert not Absence.objects.exists()

    def test_refuses_who_neither_edits_nor_runs_a_shelter(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=1)
        with pytest.raises(NotAllowed):
            note_missing(household=household, people=household.people.all(), actor=actor_in("dpo"), at=now)
