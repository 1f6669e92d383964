"""A record elsewhere: who is told of it, who asks, who lets in, and until when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from cases.actions import access
from cases.actions.access import (
    AlreadyDecided,
    NotOpen,
    WordsNeeded,
    ask_access,
    decide_access,
    end_access,
    end_due_access,
    follow_merge,
    hint_elsewhere,
)
from cases.finding import find, look
from cases.models import AccessRequest, Household, Person
from core.actors import Actor
from core.errors import NotAllowed
from journey.access_list import access_of
from tests.factories.cases import AccessRequestFactory, HouseholdFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
Reason = AccessRequest.Reason


@pytest.fixture
def here():
    return SiteFactory(code="JZ")


@pytest.fixture
def household():
    return HouseholdFactory(people=1, site=SiteFactory(code="TJ"))


def asked(household, here, actor, now, **changes):
    fields = {"reason": Reason.IS_HERE, "words": "", **changes}
    return ask_access(household=household, site=here, actor=actor, at=now, **fields)


class TestHintElsewhere:
    def test_is_written_down_with_those_who_hold_the_record(self, household, actor_in, now):
        actor = actor_in("reception", "JZ")
        assert hint_elsewhere(household=household, actor=actor, at=now)
        assert hint_elsewhere(household=household, actor=actor, at=now)
        event = Event.objects.get(type=EventType.HINTED_ELSEWHERE)
        assert (event.household, event.site_id, event.actor_id) == (household.uid, household.site_id, actor.id)

    def test_stops_for_those_who_try_name_after_name(self, household, actor_in, now, monkeypatch):
        monkeypatch.setattr(access, "HINTS_PER_HOUR", 2)
        others = [HouseholdFactory(site=household.site) for _ in range(3)]
        actor = actor_in("reception", "JZ")
        assert [hint_elsewhere(household=each, actor=actor, at=now) for each in others] == [True, True, False]
        assert hint_elsewhere(household=others[2], actor=actor_in("coordinator", "JZ"), at=now)


class TestLook:
    def test_finds_nobody_elsewhere_but_notices_them(self, household, actor_in):
        answer = look("Dayanara Lizeth Funes Amador", actor=actor_in("reception", "JZ"))
        assert answer.found == []
        assert answer.elsewhere == household.people.get()

    def test_does_not_guess_by_two_words(self, household, actor_in):
        assert look("Dayanara Funes", actor=actor_in("reception", "JZ")).elsewhere is None

    def test_asks_no_further_where_somebody_here_answers(self, household, here, actor_in):
        HouseholdFactory(people=1, site=here)
        answer = look("Dayanara Lizeth Funes Amador", actor=actor_in("reception", "JZ"))
        assert len(answer.found) == 1
        assert answer.elsewhere is None


class TestAskAccess:
    def test_waits_for_those_who_hold_the_record(self, household, here, actor_in, now):
        request = asked(household, here, actor_in("reception", "JZ"), now)
        assert list(AccessRequest.objects.visible_to(actor_in("coordinator", "TJ")).waiting()) == [request]
        assert not Household.objects.visible_to(actor_in("coordinator", "JZ")).exists()

    def test_asks_once(self, household, here, actor_in, now):
        officer = actor_in("reception", "JZ")
        assert asked(household, here, officer, now) == asked(household, here, officer, now)
        assert Event.objects.filter(type=EventType.ACCESS_ASKED).count() == 1

    def test_asks_again_after_a_no_without_telling_that_it_was_one(self, household, here, actor_in, now):
        officer, chief, later = actor_in("reception", "JZ"), actor_in("coordinator", "TJ"), now + timedelta(days=1)
        asked_of = {"waits": household, "turned_down": HouseholdFactory(people=1, site=household.site)}
        for each in asked_of.values():
            asked(each, here, officer, now)
        denied = AccessRequest.objects.get(household=asked_of["turned_down"])
        decide_access(request=denied, is_granted=False, until=None, actor=chief, at=now)
        for each in asked_of.values():
            asked(each, here, officer, later, reason=Reason.HEALTH)
        rows = access_of(actor=officer).own
        assert len(rows) == 2
        assert {(row.pill.text, row.request.asked_at, row.request.reason) for row in rows} == {
            (rows[0].pill.text, now, Reason.HEALTH)
        }
        assert [row.request.household for row in access_of(actor=chief).to_decide] == list(asked_of.values())
        assert Event.objects.filter(type=EventType.ACCESS_ASKED).count() == 3

    def test_changes_nothing_for_those_who_are_let_in(self, household, here, actor_in, now):
        officer = actor_in("reception", "JZ")
        request = asked(household, here, officer, now)
        decide_access(request=request, is_granted=True, until=None, actor=actor_in("coordinator", "TJ"), at=now)
        assert asked(household, here, officer, now, reason=Reason.HEALTH).is_granted
        assert AccessRequest.objects.get().reason == Reason.IS_HERE

    def test_wants_words_for_another_reason(self, household, here, actor_in, now):
        with pytest.raises(WordsNeeded):
            asked(household, here, actor_in("reception", "JZ"), now, reason=Reason.OTHER, words="  ")

    def test_refuses_to_ask_for_another_site(self, household, here, actor_in, now):
        with pytest.raises(NotAllowed):
            asked(household, here, actor_in("reception", "NG"), now)


class TestDecideAccess:
    def test_lets_the_asking_site_see_the_household_and_find_its_people(self, household, here, actor_in, now):
        request = AccessRequestFactory(household=household, site=here)
        decide_access(request=request, is_granted=True, until=None, actor=actor_in("protection", "TJ"), at=now)
        officer = actor_in("reception", "JZ")
        assert list(Household.objects.visible_to(officer)) == [household]
        assert [one.person for one in find("Dayanara Funes Amador", actor=officer)] == list(Person.objects.all())
        assert not Household.objects.visible_to(actor_in("reception", "NG")).exists()

    def test_opens_nothing_to_partners_of_the_asking_site(self, household, here, now):
        AccessRequestFactory(household=household, site=here, is_granted=True, decided_at=now, decided_by="Nadia Reyna")
        partner = Actor(
            kind="partner", id="1", name="UNHCR", site_ids=frozenset({here.pk}), capabilities=frozenset(["see_people"])
        )
        assert not Household.objects.visible_to(partner).exists()

    def test_tells_nothing_to_those_who_are_turned_down(self, household, here, actor_in, now):
        request = AccessRequestFactory(household=household, site=here)
        decide_access(request=request, is_granted=False, until=None, actor=actor_in("coordinator", "TJ"), at=now)
        assert not Household.objects.visible_to(actor_in("reception", "JZ")).exists()

    @pytest.mark.parametrize(("role", "site"), [("reception", "TJ"), ("coordinator", "JZ")])
    def test_refuses_those_who_do_not_decide_there(self, household, here, actor_in, now, role, site):
        request = AccessRequestFactory(household=household, site=here)
        with pytest.raises(NotAllowed):
            decide_access(request=request, is_granted=True, until=None, actor=actor_in(role, site), at=now)

    def test_refuses_a_second_answer(self, household, here, actor_in, now):
        request, chief = AccessRequestFactory(household=household, site=here), actor_in("coordinator", "TJ")
        decide_access(request=request, is_granted=False, until=None, actor=chief, at=now)
        with pytest.raises(AlreadyDecided):
            decide_access(request=request, is_granted=True, until=None, actor=chief, at=now)


class TestTheEndOfAccess:
    def granted(self, household, here, actor_in, now, until=None):
        request = AccessRequestFactory(household=household, site=here)
        return decide_access(request=request, is_granted=True, until=until, actor=actor_in("coordinator", "TJ"), at=now)

    def test_comes_by_deed_once(self, household, here, actor_in, now):
        request = self.granted(household, here, actor_in, now)
        end_access(request=request, actor=actor_in("protection", "TJ"), at=now)
        assert not Household.objects.visible_to(actor_in("reception", "JZ")).exists()
        with pytest.raises(NotOpen):
            end_access(request=request, actor=actor_in("coordinator", "TJ"), at=now)

    def test_comes_by_itself_when_the_time_is_over(self, household, here, actor_in, now):
        self.granted(household, here, actor_in, now, until=now + timedelta(days=7))
        system = Actor.system("access")
        assert end_due_access(actor=system, at=now + timedelta(days=6)) == 0
        assert Household.objects.visible_to(actor_in("reception", "JZ")).exists()
        assert end_due_access(actor=system, at=now + timedelta(days=7)) == 1
        assert end_due_access(actor=system, at=now + timedelta(days=7)) == 0
        assert not Household.objects.visible_to(actor_in("reception", "JZ")).exists()
        assert Event.objects.filter(type=EventType.ACCESS_ENDED).count() == 1

    def test_does_not_come_for_those_whose_file_was_merged(self, household, here, actor_in, now):
        """Else whoever merged a file of another site into one of theirs could shut that site out of it."""
        request = AccessRequestFactory(
            household=household, site=here, reason=Reason.MERGED, is_granted=True, decided_at=now, decided_by="x"
        )
        with pytest.raises(NotOpen):
            end_access(request=request, actor=actor_in("coordinator", "TJ"), at=now)
        assert Household.objects.visible_to(actor_in("reception", "JZ")).get() == household

    def test_is_put_off_by_a_merge(self, household, here, actor_in, now):
        AccessRequestFactory(household=household, site=here, is_granted=True, decided_at=now, decided_by="x", until=now)
        follow_merge(household=household, site=here, actor=actor_in("coordinator", "TJ"), at=now)
        assert end_due_access(actor=Actor.system("access"), at=now + timedelta(days=1)) == 0

    def test_is_never_needed_where_nothing_was_granted(self, household):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRequestFactory(household=household, ended_at=household.arrived_at)
