"""Two files of one person become one, and come apart again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.isolation import begin_isolation, end_isolation
from cases.actions.merging import (
    STAYS,
    AlreadyUndone,
    LaterMergeStands,
    NotTwoFiles,
    Same,
    _links_to,
    merge_people,
    undo_merge,
)
from cases.finding import find
from cases.models import AccessRequest, Arrival, Document, Household, Isolation, Merge, Person, Relation, StepTaken
from core.errors import NotAllowed
from hearings.models import Hearing, Summons
from shelters.errors import BothHaveAPlace
from shelters.models import Stay
from tests.factories.cases import (
    ArrivalFactory,
    ConsentFactory,
    CovidTestFactory,
    DocumentFactory,
    HouseholdFactory,
    PersonFactory,
    StepTakenFactory,
)
from tests.factories.hearings import HearingFactory, SummonsFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(actor_in):
    return actor_in("reception")


@pytest.fixture
def kept():
    return HouseholdFactory(people=1, site__code="JZ")


@pytest.fixture
def other():
    return HouseholdFactory(people=1, site__code="JZ")


def head(household):
    return Person.with_merged.get(household=household, position=1)


def merged(one, two, officer, at, *, fill=()):
    return merge_people(pairs=[Same(kept=head(one), other=head(two), fill=frozenset(fill))], actor=officer, at=at)


class TestMergePeople:
    def test_leaves_one_person_to_every_read(self, kept, other, officer, now):
        merged(kept, other, officer, now)
        assert list(Person.objects.visible_to(officer)) == [head(kept)]
        assert list(Household.objects.visible_to(officer)) == [kept]
        assert not other.people.exists()
        assert head(other).merged_into == head(kept)

    def test_shows_the_records_of_both_with_the_kept_one(self, kept, other, officer, now):
        paper, swab = DocumentFactory(person=head(other)), CovidTestFactory(person=head(other))
        hearing = HearingFactory(household=other)
        SummonsFactory(hearing=hearing, person=head(other))
        merged(kept, other, officer, now)
        assert list(head(kept).documents.all()) == [paper]
        assert list(head(kept).tests.all()) == [swab]
        assert Hearing.objects.get().household == kept
        assert Summons.objects.get().person == head(kept)

    def test_leads_the_empty_household_to_the_kept_one(self, kept, other, officer, now):
        merged(kept, other, officer, now)
        visible = Household.objects.visible_to(officer)
        assert visible.known_as(other.uid) == kept
        assert visible.known_as(kept.uid) == kept
        other_code = Household.with_merged.get(pk=other.pk).code
        assert [one.person for one in find(other_code, actor=officer)] == [head(kept)]

    def test_keeps_a_household_in_which_somebody_is_left(self, kept, officer, now):
        other = HouseholdFactory(people=2, site=kept.site)
        hearing = HearingFactory(household=other)
        merged(kept, other, officer, now)
        assert [person.position for person in other.people.all()] == [2]
        assert Hearing.objects.get() == hearing
        assert hearing.household == other

    def test_is_found_by_the_spelling_of_the_merged_file(self, kept, officer, now):
        other = HouseholdFactory(site=kept.site)
        ArrivalFactory(household=other)
        PersonFactory(household=other, given_names="Daiana Lisette", surnames="Funez Xicotencatl")
        merged(kept, other, officer, now)
        assert [one.person for one in find("Xicotencatl", actor=officer)] == [head(kept)]

    def test_counts_one_coming_once_and_keeps_another(self, kept, other, officer, now):
        earlier = ArrivalFactory(household=other, site=other.site, occurred_at=now - timedelta(days=40))
        merged(kept, other, officer, now)
        visible = Arrival.objects.visible_to(officer)
        assert visible.count() == 2
        assert earlier in visible

    def test_takes_the_steps_over_under_the_kept_arrival(self, kept, other, officer, now):
        step = StepTakenFactory(person=head(other), arrival=other.arrivals.get(), step="documented")
        merged(kept, other, officer, now)
        step.refresh_from_db()
        assert (step.person, step.arrival) == (head(kept), kept.arrivals.get())
        assert StepTaken.objects.filter(person=head(kept)).count() == 2

    def test_lets_the_kept_household_stand_where_the_steps_of_both_say(self, kept, other, officer, now):
        StepTakenFactory(person=head(other), arrival=other.arrivals.get(), step="documented")
        merge = merged(kept, other, officer, now)
        kept.refresh_from_db()
        assert kept.step == "documented"
        undo_merge(merge=merge, actor=officer, at=now)
        kept.refresh_from_db()
        assert kept.step == "received"

    def test_keeps_somebody_isolated_and_lets_the_other_file_know_when_that_is_over(self, kept, other, officer, now):
        begin_isolation(household=other, cause=Isolation.Cause.SYMPTOMS, actor=officer, at=now)
        merge = merged(kept, other, officer, now)
        kept.refresh_from_db()
        assert kept.step == "isolated"
        isolation = Isolation.objects.get(household=kept)
        end_isolation(isolation=isolation, ending=Isolation.Ending.DAYS_DONE, actor=officer, at=now)
        undo_merge(merge=merge, actor=officer, at=now)
        assert set(Household.objects.values_list("step", flat=True)) == {"received"}

    def test_leaves_doubles_with_the_merged_file(self, kept, other, officer, now):
        for household in (kept, other):
            HearingFactory(household=household)
            ConsentFactory(household=household)
        merged(kept, other, officer, now)
        assert list(Hearing.objects.visible_to(officer)) == list(kept.hearings.all())
        assert (kept.hearings.count(), kept.consents.count()) == (1, 1)

    def test_fills_what_was_empty_and_only_what_was_ticked(self, officer, now):
        kept = HouseholdFactory(site__code="JZ")
        PersonFactory(household=kept, phone="", nationality="", a_number="001234567")
        other = HouseholdFactory(site=kept.site)
        PersonFactory(household=other, phone="+526561234567", phone_owner="own", a_number="007654321")
        merged(kept, other, officer, now, fill={"phone", "a_number"})
        person = head(kept)
        assert (person.phone, person.phone_owner) == ("+526561234567", "own")
        assert person.a_number == "001234567"
        assert person.nationality == ""

    def test_takes_a_whole_family_at_once(self, officer, now):
        kept, other = (HouseholdFactory(people=3, site__code="JZ") for _ in range(2))
        pairs = [Same(kept=a, other=b) for a, b in zip(kept.people.all(), other.people.all(), strict=True)]
        merge = merge_people(pairs=pairs, actor=officer, at=now)
        assert list(Household.objects.all()) == [kept]
        assert merge.people.count() == 3

    def test_takes_somebody_who_was_written_down_twice_in_one_family(self, officer, now):
        family = HouseholdFactory(people=2, site__code="JZ")
        first, second = family.people.all()
        merge_people(pairs=[Same(kept=first, other=second)], actor=officer, at=now)
        assert list(family.people.all()) == [first]
        assert Household.objects.get() == family

    def test_flattens_what_was_merged_before(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        paper = DocumentFactory(person=head(third))
        merged(other, third, officer, now)
        merged(kept, other, officer, now)
        assert {person.merged_into for person in Person.with_merged.exclude(pk=head(kept).pk)} == {head(kept)}
        assert Household.objects.visible_to(officer).known_as(third.uid) == kept
        paper.refresh_from_db()
        assert paper.person == head(kept)

    def test_is_written_down_without_names(self, kept, other, officer, now):
        merge = merged(kept, other, officer, now)
        event = Event.objects.get(type=EventType.PEOPLE_MERGED)
        assert (event.household, event.facts["other"]) == (kept.uid, str(other.uid))
        assert merge.reasons == event.facts["reasons"]
        assert "name" in merge.reasons

    @pytest.mark.parametrize("role", ["shelter", "hearings"])
    def test_refuses_those_who_may_not_change_people(self, kept, other, actor_in, now, role):
        with pytest.raises(NotAllowed):
            merged(kept, other, actor_in(role), now)

    def test_refuses_those_of_another_city(self, kept, other, actor_in, now):
        with pytest.raises(NotAllowed):
            merged(kept, other, actor_in("reception", "TJ"), now)

    def test_lets_nobody_take_over_a_file_elsewhere_that_may_only_be_read(self, now, actor_in):
        here, elsewhere = HouseholdFactory(people=1, site__code="TJ"), HouseholdFactory(people=1, site__code="JZ")
        officer = actor_in("reception", "TJ")
        with pytest.raises(NotAllowed):
            merged(here, elsewhere, officer, now)
        merged(elsewhere, here, officer, now)
        assert head(here).merged_into == head(elsewhere)

    def test_refuses_a_person_and_themselves(self, kept, officer, now):
        with pytest.raises(NotTwoFiles):
            merged(kept, kept, officer, now)

    def test_refuses_a_file_that_was_merged_meanwhile(self, kept, other, officer, now):
        pair = Same(kept=head(kept), other=head(other))
        merged(kept, other, officer, now)
        with pytest.raises(NotTwoFiles):
            merge_people(pairs=[pair], actor=officer, at=now)

    def test_refuses_people_of_three_households(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        with pytest.raises(NotTwoFiles):
            merge_people(
                pairs=[Same(kept=head(kept), other=head(other)), Same(kept=head(third), other=head(other))],
                actor=officer,
                at=now,
            )


class TestAMergeOfThoseWhoSleepSomewhere:
    def test_is_refused_while_both_have_a_place(self, kept, other, officer, now):
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=kept.site)))
        for household in (kept, other):
            StayFactory(person=head(household), unit=unit)
        with pytest.raises(BothHaveAPlace):
            merged(kept, other, officer, now)
        assert not Merge.objects.exists()
        assert Person.objects.count() == 2

    def test_brings_the_place_along_and_lets_the_shelter_see_the_kept_file(self, kept, other, officer, actor_in, now):
        shelter = ShelterFactory(site=ShelterSiteFactory(parent=kept.site))
        StayFactory(person=head(other), unit=UnitFactory(shelter=shelter))
        Household.objects.filter(pk=other.pk).update(guest_site=shelter.site)
        merged(kept, other, officer, now)
        stay = Stay.objects.get()
        assert (stay.person, stay.household) == (head(kept), kept)
        dispatch_pending(at=now)
        assert list(Household.objects.visible_to(actor_in("shelter", shelter.site))) == [kept]


class TestAMergeAcrossSites:
    def test_leaves_sight_of_the_person_to_the_site_that_held_the_file(self, kept, actor_in, now):
        other = HouseholdFactory(people=1, site=SiteFactory(code="TJ"))
        there = actor_in("reception", "TJ")
        merged(kept, other, there, now)
        assert Household.objects.visible_to(there).known_as(other.uid) == kept
        undo_merge(merge=Merge.objects.get(), actor=actor_in("coordinator"), at=now)
        assert list(Household.objects.visible_to(there)) == [other]
        assert not AccessRequest.objects.open().exists()


class TestUndoMerge:
    def test_gives_each_file_back_what_it_had(self, kept, other, officer, now):
        own, theirs = DocumentFactory(person=head(kept)), DocumentFactory(person=head(other))
        hearing = HearingFactory(household=other)
        StepTakenFactory(person=head(other), arrival=other.arrivals.get(), step="documented")
        tables = (Document, StepTaken, Arrival, Hearing, Person)
        before = [list(model._base_manager.order_by("pk").values()) for model in tables]
        merge = merged(kept, other, officer, now)
        undo_merge(merge=merge, actor=officer, at=now)
        assert [list(model._base_manager.order_by("pk").values()) for model in tables] == before
        assert (own.person, theirs.person, hearing.household) == (head(kept), head(other), other)
        assert list(Household.objects.order_by("pk")) == [kept, other]

    def test_leaves_with_the_kept_file_what_was_noted_since(self, kept, other, officer, now):
        merge = merged(kept, other, officer, now)
        since = DocumentFactory(person=head(kept))
        undo_merge(merge=merge, actor=officer, at=now)
        since.refresh_from_db()
        assert since.person == head(kept)

    def test_empties_what_was_taken_over_unless_it_was_changed(self, officer, now):
        kept, other = (HouseholdFactory(site__code="JZ") for _ in range(2))
        PersonFactory(household=kept, phone="", nationality="")
        PersonFactory(household=other, phone="+526561234567", nationality="HN")
        merge = merged(kept, other, officer, now, fill={"phone", "nationality"})
        Person.objects.filter(household=kept).update(nationality="GT")
        undo_merge(merge=merge, actor=officer, at=now)
        assert (head(kept).phone, head(kept).nationality) == ("", "GT")

    def test_restores_what_had_been_merged_before(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        paper = DocumentFactory(person=head(third))
        merged(other, third, officer, now)
        second = merged(kept, other, officer, now)
        undo_merge(merge=second, actor=officer, at=now)
        paper.refresh_from_db()
        assert paper.person == head(other)
        assert head(third).merged_into == head(other)
        assert Household.objects.visible_to(officer).known_as(third.uid) == other

    def test_refuses_while_a_later_merge_stands(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        first = merged(other, third, officer, now)
        merged(kept, other, officer, now)
        with pytest.raises(LaterMergeStands):
            undo_merge(merge=first, actor=officer, at=now)

    def test_refuses_a_second_time(self, kept, other, officer, now):
        merge = merged(kept, other, officer, now)
        undo_merge(merge=merge, actor=officer, at=now)
        with pytest.raises(AlreadyUndone):
            undo_merge(merge=merge, actor=officer, at=now)

    def test_gives_another_place_to_whoever_comes_back_to_a_family_that_changed(self, officer, now):
        kept, other = HouseholdFactory(people=1, site__code="JZ"), HouseholdFactory(people=2, site__code="JZ")
        merge = merged(kept, other, officer, now)
        other.people.update(position=1, relation=Relation.HEAD)
        undo_merge(merge=merge, actor=officer, at=now)
        back = Person.objects.get(household=other, position=2)
        assert back.relation == Relation.RELATIVE

    def test_refuses_those_of_another_city(self, kept, other, officer, actor_in, now):
        merge = merged(kept, other, officer, now)
        with pytest.raises(NotAllowed):
            undo_merge(merge=merge, actor=actor_in("reception", "TJ"), at=now)


class TestTheDatabase:
    def test_refuses_a_pointer_to_a_merged_file(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        merged(kept, other, officer, now)
        with pytest.raises(IntegrityError, match="second hand"), transaction.atomic():
            Person.objects.filter(household=third).update(merged_into=head(other))

    def test_refuses_to_merge_a_file_that_others_point_at(self, kept, other, officer, now):
        third = HouseholdFactory(people=1, site=kept.site)
        merged(kept, other, officer, now)
        with pytest.raises(IntegrityError, match="second hand"), transaction.atomic():
            Person.objects.filter(household=kept).update(merged_into=head(third))

    def test_refuses_a_file_merged_into_itself(self, kept):
        with pytest.raises(IntegrityError), transaction.atomic():
            Household.objects.filter(pk=kept.pk).update(merged_into=kept)


class TestWhatGoesAlong:
    def test_is_every_record_of_every_room_that_is_not_named_otherwise(self):
        of_person = {model._meta.label for model, _ in _links_to(Person)}
        of_household = {model._meta.label for model, _ in _links_to(Household)}
        assert {"cases.Document", "cases.CovidTest", "shelters.Stay", "hearings.Summons"} <= of_person
        assert {"cases.Consent", "hearings.Hearing", "shelters.Hold"} <= of_household
        assert not (of_person | of_household) & STAYS
