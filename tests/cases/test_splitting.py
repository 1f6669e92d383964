"""Parting and joining: who goes, what goes along, and the way back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.arrivals import record_arrival
from cases.actions.people import PersonEntry
from cases.actions.splitting import (
    NobodyChosen,
    NobodyStays,
    NotOfThisFamily,
    RegroupedSince,
    SameFamily,
    join_households,
    split_household,
    undo_regrouping,
)
from cases.actions.steps import take_step
from cases.models import Arrival, Consent, Household, Kinship, Person, Regrouping, Relation, StepTaken
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from hearings.models import Hearing, Summons
from journey.reminders import plan_for
from messaging.models import Message
from shelters.actions.following import SleepApart
from shelters.models import Stay
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.shelters import StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
Reason = Regrouping.Reason


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


@pytest.fixture
def family() -> Household:
    """A head, her partner and two children."""
    household = HouseholdFactory(people=4)
    Person.objects.filter(household=household, position=2).update(relation=Relation.PARTNER)
    return household


def _people(household: Household) -> list[Person]:
    return list(household.people.order_by("position"))


def _relations(household: Household) -> list[str]:
    return [person.relation for person in _people(household)]


class TestSplitHousehold:
    def test_lets_some_be_a_family_of_their_own(self, family: Household, actor: Actor, now: datetime) -> None:
        goers = _people(family)[1:3]
        own = split_household(household=family, people=goers, reason=Reason.FAMILY, actor=actor, at=now)
        assert own.code != family.code
        assert [person.pk for person in _people(own)] == [person.pk for person in goers]
        assert family.people.count() == 2

    def test_works_out_who_is_what_to_the_new_head(self, family: Household, actor: Actor, now: datetime) -> None:
        own = split_household(household=family, people=_people(family)[1:3], reason=Reason.FAMILY, actor=actor, at=now)
        assert _relations(own) == [Relation.HEAD, Relation.CHILD]
        assert _relations(family) == [Relation.HEAD, Relation.CHILD]

    def test_gives_those_who_stay_a_head(self, family: Household, actor: Actor, now: datetime) -> None:
        own = split_household(household=family, people=_people(family)[:1], reason=Reason.FAMILY, actor=actor, at=now)
        assert _relations(own) == [Relation.HEAD]
        assert _relations(family) == [Relation.HEAD, Relation.CHILD, Relation.CHILD]

    def test_is_no_arrival(self, family: Household, actor: Actor, now: datetime) -> None:
        split_household(household=family, people=_people(family)[1:], reason=Reason.FAMILY, actor=actor, at=now)
        assert Arrival.objects.count() == 1
        assert StepTaken.objects.filter(step=Step.RECEIVED).count() == 4

    def test_keeps_the_steps_of_each(self, family: Household, actor: Actor, now: datetime) -> None:
        goers = _people(family)[1:]
        take_step(household=family, step=Step.DOCUMENTED, people=goers, actor=actor, at=now)
        own = split_household(household=family, people=goers, reason=Reason.FAMILY, actor=actor, at=now)
        take_step(household=own, step=Step.TESTED, actor=actor, at=now)
        own.refresh_from_db()
        family.refresh_from_db()
        assert (own.step, family.step) == (Step.TESTED, Step.RECEIVED)

    def test_lets_those_who_stay_stand_where_their_own_steps_say(
        self, family: Household, actor: Actor, now: datetime
    ) -> None:
        first, *others = _people(family)
        take_step(household=family, step=Step.DOCUMENTED, people=[first], actor=actor, at=now)
        own = split_household(household=family, people=others, reason=Reason.FAMILY, actor=actor, at=now)
        family.refresh_from_db()
        own.refresh_from_db()
        assert (family.step, own.step) == (Step.DOCUMENTED, Step.RECEIVED)

    def test_takes_beds_along(self, family: Household, actor: Actor, now: datetime) -> None:
        people = _people(family)
        unit = UnitFactory(places=4)
        for person in people:
            StayFactory(person=person, unit=unit)
        own = split_household(household=family, people=people[2:], reason=Reason.FAMILY, actor=actor, at=now)
        own.refresh_from_db()
        assert Stay.objects.open().filter(household=own).count() == 2
        assert own.guest_site_id == unit.shelter.site_id

    def test_copies_a_hearing_that_concerns_both(self, family: Household, actor: Actor, now: datetime) -> None:
        people = _people(family)
        hearing = HearingFactory(household=family)
        ClaimFactory(hearing=hearing)
        for person in people:
            SummonsFactory(hearing=hearing, person=person)
        own = split_household(household=family, people=people[2:], reason=Reason.FAMILY, actor=actor, at=now)
        twin = Hearing.objects.get(household=own)
        assert (twin.court_at, twin.claims.count()) == (hearing.court_at, 1)
        assert set(Summons.objects.filter(hearing=twin).values_list("person", flat=True)) == {
            person.pk for person in people[2:]
        }
        assert Summons.objects.filter(hearing=hearing).count() == 2

    def test_gives_away_a_hearing_of_those_who_go_alone(self, family: Household, actor: Actor, now: datetime) -> None:
        people = _people(family)
        hearing = HearingFactory(household=family)
        SummonsFactory(hearing=hearing, person=people[3])
        own = split_household(household=family, people=people[3:], reason=Reason.FAMILY, actor=actor, at=now)
        assert list(Hearing.objects.filter(household=own)) == [hearing]
        assert not Hearing.objects.filter(household=family).exists()

    def test_plans_reminders_for_both(self, family: Household, actor: Actor, now: datetime) -> None:
        people = _people(family)
        Person.objects.filter(pk__in=[people[0].pk, people[3].pk]).update(phone="+5216561234567", phone_owner="own")
        ConsentFactory(household=family)
        hearing = HearingFactory(household=family)
        for person in people:
            SummonsFactory(hearing=hearing, person=person)
        own = split_household(household=family, people=people[2:], reason=Reason.FAMILY, actor=actor, at=now)
        dispatch_pending(at=now)
        assert Event.objects.of_household(own.uid).filter(type=EventType.MESSAGES_PLANNED).exists()
        assert Event.objects.of_household(family.uid).filter(type=EventType.MESSAGES_PLANNED).exists()

    def test_withdraws_reminders_of_a_hearing_that_went_along(
        self, family: Household, actor: Actor, now: datetime
    ) -> None:
        people = _people(family)
        Person.objects.filter(pk__in=[people[0].pk, people[3].pk]).update(phone="+5216561234567", phone_owner="own")
        ConsentFactory(household=family)
        hearing = HearingFactory(household=family)
        SummonsFactory(hearing=hearing, person=people[3])
        plan_for([hearing], household=family, at=now)
        waiting = Message.objects.filter(status=Message.Status.PLANNED)
        assert waiting.filter(subject=family.uid).exists()
        own = split_household(household=family, people=people[3:], reason=Reason.FAMILY, actor=actor, at=now)
        dispatch_pending(at=now)
        assert set(waiting.values_list("subject", "recipient")) == {(own.uid, people[3].uid)}

    def test_notes_close_kin_who_are_parted(self, family: Household, actor: Actor, now: datetime) -> None:
        head, partner, *children = _people(family)
        split_household(household=family, people=[partner], reason=Reason.ISOLATION, actor=actor, at=now)
        noted = {(row.person_id, row.relative_id): row.kind for row in Kinship.objects.all()}
        assert noted == {
            (partner.pk, head.pk): Kinship.Kind.PARTNER,
            **{(child.pk, partner.pk): Kinship.Kind.PARENT for child in children},
        }

    def test_for_protection_names_no_kin_and_shares_nothing(
        self, family: Household, actor: Actor, now: datetime
    ) -> None:
        for purpose in Consent.Purpose:
            ConsentFactory(household=family, purpose=purpose)
        own = split_household(
            household=family, people=_people(family)[1:2], reason=Reason.PROTECTION, actor=actor, at=now
        )
        assert not Kinship.objects.exists()
        assert [each.purpose for each in Consent.objects.filter(household=own)] == [Consent.Purpose.RECEPTION]
        told = Event.objects.filter(type=EventType.HOUSEHOLD_SPLIT)
        assert {event.facts["other"] for event in told} == {""}

    def test_copies_what_they_agreed_to(self, family: Household, actor: Actor, now: datetime) -> None:
        ConsentFactory(household=family)
        own = split_household(household=family, people=_people(family)[1:], reason=Reason.FAMILY, actor=actor, at=now)
        assert Consent.objects.get(household=own).noted_at == Consent.objects.get(household=family).noted_at

    def test_keeps_the_reason_out_of_the_log(self, family: Household, actor: Actor, now: datetime) -> None:
        split_household(household=family, people=_people(family)[1:], reason=Reason.ISOLATION, actor=actor, at=now)
        told = Event.objects.filter(type=EventType.HOUSEHOLD_SPLIT)
        assert told.count() == 2
        assert "isolation" not in str([event.facts for event in told])

    def test_refuses_nobody_everybody_and_strangers(self, family: Household, actor: Actor, now: datetime) -> None:
        stranger = PersonFactory()
        for people, refusal in (([], NobodyChosen), (_people(family), NobodyStays), ([stranger], NotOfThisFamily)):
            with pytest.raises(refusal):
                split_household(household=family, people=people, reason=Reason.FAMILY, actor=actor, at=now)
        assert family.people.count() == 4

    def test_refuses_who_may_not_edit(self, family: Household, actor_in: Callable[..., Actor], now: datetime) -> None:
        for actor in (actor_in("shelter"), actor_in("reception", "TJ")):
            with pytest.raises(NotAllowed):
                split_household(household=family, people=_people(family)[:1], reason=Reason.FAMILY, actor=actor, at=now)


class TestJoinHouseholds:
    def test_makes_one_family_whose_code_stays(self, family: Household, actor: Actor, now: datetime) -> None:
        other = HouseholdFactory(people=2)
        joined = join_households(
            household=other, into=family, relation=Relation.SIBLING, reason=Reason.REUNITED, actor=actor, at=now
        )
        assert joined.code == family.code
        assert _relations(family)[4:] == [Relation.SIBLING, Relation.RELATIVE]
        assert Household.with_merged.get(pk=other.pk).merged_into == family

    def test_counts_steps_that_were_taken_apart(self, family: Household, actor: Actor, now: datetime) -> None:
        uid = Person(household=family).uid
        later, _ = record_arrival(
            uid=uid,
            site=family.site,
            crossing=None,
            people=[PersonEntry()],
            language="spa",
            occurred_at=now,
            actor=actor,
            at=now,
        )
        for one in (family, later):
            take_step(household=one, step=Step.DOCUMENTED, actor=actor, at=now)
        join_households(household=family, into=later, reason=Reason.ENTRY, actor=actor, at=now)
        later.refresh_from_db()
        assert later.step == Step.DOCUMENTED
        assert StepTaken.objects.filter(step=Step.RECEIVED, arrival__occurred_at__lt=now).count() == 4

    def test_keeps_one_of_two_hearings_at_the_same_moment(self, family: Household, actor: Actor, now: datetime) -> None:
        other = HouseholdFactory(people=1)
        for household in (family, other):
            hearing = HearingFactory(household=household)
            for person in household.people.all():
                SummonsFactory(hearing=hearing, person=person)
        join_households(household=other, into=family, reason=Reason.ENTRY, actor=actor, at=now)
        assert Hearing.objects.standing().get(household=family).summonses.count() == 5
        dispatch_pending(at=now)
        assert not Event.objects.waiting().exists()

    def test_refuses_families_in_different_rooms(self, family: Household, actor: Actor, now: datetime) -> None:
        other = HouseholdFactory(people=1)
        for household in (family, other):
            StayFactory(person=household.people.first(), unit=UnitFactory())
        with pytest.raises(SleepApart):
            join_households(household=other, into=family, reason=Reason.REUNITED, actor=actor, at=now)
        assert other.people.count() == 1

    def test_refuses_the_same_family(self, family: Household, actor: Actor, now: datetime) -> None:
        with pytest.raises(SameFamily):
            join_households(household=family, into=family, reason=Reason.ENTRY, actor=actor, at=now)

    def test_refuses_a_family_of_another_site(
        self, family: Household, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        other = HouseholdFactory(people=1)
        with pytest.raises(NotAllowed):
            join_households(
                household=other, into=family, reason=Reason.ENTRY, actor=actor_in("reception", "TJ"), at=now
            )


class TestUndoRegrouping:
    def test_gives_back_what_parted(self, family: Household, actor: Actor, now: datetime) -> None:
        before = [(person.pk, person.relation, person.position) for person in _people(family)]
        own = split_household(household=family, people=_people(family)[:2], reason=Reason.FAMILY, actor=actor, at=now)
        undo_regrouping(regrouping=Regrouping.objects.get(), actor=actor, at=now)
        assert [(person.pk, person.relation, person.position) for person in _people(family)] == before
        assert Household.with_merged.get(pk=own.pk).merged_into == family
        assert not Kinship.objects.standing().exists()

    def test_gives_back_what_joined(self, family: Household, actor: Actor, now: datetime) -> None:
        other = HouseholdFactory(people=2)
        ConsentFactory(household=other)
        take_step(household=other, step=Step.DOCUMENTED, actor=actor, at=now)
        join_households(household=other, into=family, reason=Reason.ENTRY, actor=actor, at=now)
        undo_regrouping(regrouping=Regrouping.objects.get(), actor=actor, at=now + timedelta(minutes=1))
        standing = Household.objects.get(pk=other.pk)
        assert standing.people.count() == 2
        assert standing.step == Step.DOCUMENTED
        assert Consent.objects.get().household == standing
        assert set(Arrival.objects.values_list("household", flat=True)) == {family.pk, other.pk}
        assert family.people.count() == 4

    def test_gives_beds_and_hearings_back(self, family: Household, actor: Actor, now: datetime) -> None:
        people = _people(family)
        unit = UnitFactory()
        hearing = HearingFactory(household=family)
        for person in people:
            StayFactory(person=person, unit=unit)
            SummonsFactory(hearing=hearing, person=person)
        split_household(household=family, people=people[2:], reason=Reason.FAMILY, actor=actor, at=now)
        undo_regrouping(regrouping=Regrouping.objects.get(), actor=actor, at=now)
        assert Stay.objects.open().filter(household=family).count() == 4
        assert Hearing.objects.standing().get(household=family).summonses.count() == 4
        dispatch_pending(at=now)
        assert not Event.objects.waiting().exists()

    def test_refuses_a_second_time_and_after_a_change(self, family: Household, actor: Actor, now: datetime) -> None:
        own = split_household(household=family, people=_people(family)[1:], reason=Reason.FAMILY, actor=actor, at=now)
        first = Regrouping.objects.get()
        split_household(household=own, people=_people(own)[1:], reason=Reason.FAMILY, actor=actor, at=now)
        second = Regrouping.objects.exclude(pk=first.pk).get()
        undo_regrouping(regrouping=second, actor=actor, at=now)
        with pytest.raises(RegroupedSince):
            undo_regrouping(regrouping=second, actor=actor, at=now)
        third = HouseholdFactory(people=1)
        join_households(household=third, into=own, reason=Reason.ENTRY, actor=actor, at=now)
        with pytest.raises(RegroupedSince):
            undo_regrouping(regrouping=first, actor=actor, at=now)

    def test_can_be_done_and_undone_again(self, family: Household, actor: Actor, now: datetime) -> None:
        for _round in range(3):
            goers = _people(family)[2:]
            split_household(household=family, people=goers, reason=Reason.FAMILY, actor=actor, at=now)
            undo_regrouping(regrouping=Regrouping.objects.standing().get(), actor=actor, at=now)
        assert family.people.count() == 4
