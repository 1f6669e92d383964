import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from core.errors import NotAllowed
from core.once import TakenBackSince
from hearings.actions import HearingNotStanding, cancel_hearing
from hearings.actions.tellings import ToldOfAnotherDate, note_telling, take_back_telling
from hearings.models import Hearing, Telling
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
Way = Telling.Way


@pytest.fixture
def hearing(officer):
    return HearingFactory(household=HouseholdFactory(site_id=min(officer.site_ids), people=2))


@pytest.fixture
def told(hearing, officer, now):
    def note(**facts):
        given = {"uid": uuid.uuid4(), "version": 1, "way": Way.PHONE, "actor": officer, "at": now}
        return note_telling(hearing=hearing, **{**given, **facts})

    return note


class TestNoteTelling:
    def test_keeps_who_told_them_how_and_of_which_version(self, told, officer):
        telling, is_new = told()
        assert is_new
        assert (telling.way, telling.result, telling.version) == ("phone", "told", 1)
        assert (telling.noted_by, telling.noted_by_name) == (officer.id, officer.name)

    def test_records_it_without_a_word_about_anybody(self, told, hearing):
        told()
        event = Event.objects.get(type=EventType.HEARING_TOLD)
        assert (event.household, event.facts) == (hearing.household.uid, {"version": 1, "way": "phone"})

    def test_notes_that_nobody_found_them(self, told):
        telling, _is_new = told(way=None)
        assert (telling.result, telling.way) == ("not_found", "")
        assert Event.objects.filter(type=EventType.HEARING_NOT_FOUND).exists()

    def test_is_one_however_often_the_page_sends_it(self, told):
        uid = uuid.uuid4()
        first, second = told(uid=uid), told(uid=uid)
        assert (first[0].pk, second[1]) == (second[0].pk, False)
        assert Event.objects.filter(type=EventType.HEARING_TOLD).count() == 1

    def test_does_not_say_that_it_is_noted_once_that_was_taken_back(self, told, officer, now):
        uid = uuid.uuid4()
        telling, _is_new = told(uid=uid)
        take_back_telling(telling=telling, actor=officer, at=now)
        with pytest.raises(TakenBackSince):
            told(uid=uid)

    def test_refuses_what_was_told_of_an_earlier_date(self, told, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(version=2)
        with pytest.raises(ToldOfAnotherDate):
            told()
        assert not Telling.objects.exists()

    def test_refuses_a_hearing_that_no_longer_stands(self, told, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(status=Hearing.Status.HELD)
        with pytest.raises(HearingNotStanding):
            told()

    def test_notes_that_they_were_told_of_one_that_is_off(self, told, hearing, officer, now):
        cancel_hearing(hearing=hearing, source="notice", actor=officer, at=now)
        with pytest.raises(ToldOfAnotherDate):
            told()
        assert told(version=2)[1]

    def test_is_for_those_who_work_with_the_family(self, told, actor_in):
        with pytest.raises(NotAllowed):
            told(actor=actor_in("hearings", "TJ"))

    @pytest.mark.parametrize(("role", "may"), [("shelter", True), ("reception", True), ("protection", True)])
    def test_is_for_whoever_meets_them(self, told, actor_in, role, may):
        assert told(actor=actor_in(role, "JZ"))[1] is may

    def test_says_nothing_of_a_way_that_was_none(self, hearing):
        with pytest.raises(IntegrityError, match="hearings_telling_told_some_way"), transaction.atomic():
            TellingFactory(hearing=hearing, way="phone", result="not_found")


class TestTakeBackTelling:
    def test_leaves_the_row_and_counts_it_no_more(self, hearing, officer, now):
        telling = TellingFactory(hearing=hearing, noted_by=officer.id)
        take_back_telling(telling=telling, actor=officer, at=now + timedelta(days=2))
        assert not Telling.objects.standing().exists()
        assert Telling.objects.get().taken_back_by == officer.id

    def test_is_recorded_once(self, hearing, officer, now):
        telling = TellingFactory(hearing=hearing)
        for _ in range(2):
            take_back_telling(telling=telling, actor=officer, at=now)
        assert Event.objects.filter(type=EventType.HEARING_TELLING_UNDONE).count() == 1

    def test_is_for_whoever_noted_it_or_the_hearings_office(self, hearing, actor_in, now):
        telling = TellingFactory(hearing=hearing)
        with pytest.raises(NotAllowed):
            take_back_telling(telling=telling, actor=actor_in("shelter", "JZ"), at=now)


class TestVisibleTo:
    def test_follows_the_household(self, hearing, officer, actor_in):
        TellingFactory(hearing=hearing)
        assert Telling.objects.visible_to(officer).exists()
        assert not Telling.objects.visible_to(actor_in("hearings", "TJ")).exists()


class TestPresent:
    def test_leaves_out_what_was_told_of_an_earlier_version(self, hearing):
        TellingFactory(hearing=hearing, version=1)
        Hearing.objects.filter(pk=hearing.pk).update(version=2)
        assert not Telling.objects.present().exists()
