"""Calling the roll: what is noted of whom, what it comes to, and the page on the phone."""

import gzip
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event, EventType, Read
from cases.models import Absence
from core.errors import NotAllowed
from shelters.actions.roll_calls import drop_roll_call, finish_roll_call, mark_guests
from shelters.errors import RollCallMoved, RollCallOver
from shelters.models import Count, RollCall, RollCallMark, Shelter, Stay
from shelters.roll_call import open_roll_call, roll_of, tally_of
from tests.factories.cases import HouseholdFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
Seen = RollCallMark.Seen


@pytest.fixture
def desk(actor_in, shelter):
    return actor_in("shelter", shelter.site)


@pytest.fixture
def guests(shelter):
    """Three of one family in one room."""
    family = HouseholdFactory(people=3, guest_site=shelter.site)
    unit = UnitFactory(shelter=shelter, name="Cuarto 7")
    return [StayFactory(unit=unit, person=person).person for person in family.people.order_by("pk")]


def called(shelter, people, seen, actor, at):
    """What a page that is opened at `at` notes."""
    follows = RollCall.objects.filter(shelter=shelter).uid_before(open_roll_call(shelter, at))
    return mark_guests(
        shelter=shelter, seen={person.pk: seen for person in people}, follows=follows, actor=actor, at=at
    )


class TestMarkGuests:
    def test_begins_a_roll_call_and_goes_on_with_it(self, shelter, guests, desk, now):
        first = called(shelter, guests[:1], Seen.HERE, desk, now)
        assert called(shelter, guests[1:], Seen.OUT, desk, now) == first
        assert tally_of(shelter, roll_call=first, actor=desk) == {"here": 1, "out": 2, "missing": 0, "left": 0}

    def test_lets_another_device_go_on(self, shelter, guests, desk, actor_in, now):
        first = called(shelter, guests[:1], Seen.HERE, desk, now)
        assert called(shelter, guests[1:], Seen.HERE, actor_in("coordinator"), now) == first

    def test_lets_the_last_word_count(self, shelter, guests, desk, now):
        called(shelter, guests[:1], Seen.MISSING, desk, now)
        called(shelter, guests[:1], Seen.HERE, desk, now)
        assert RollCallMark.objects.get().seen == Seen.HERE

    def test_leaves_out_who_does_not_sleep_there_or_may_not_be_seen(self, shelter, guests, desk, now):
        elsewhere = StayFactory(person__household__guest_site=shelter.site).person
        unseen = StayFactory(unit__shelter=shelter, person__household__site=SiteFactory(code="TJ")).person
        called(shelter, [elsewhere, unseen, guests[0]], Seen.HERE, desk, now)
        assert [mark.person for mark in RollCallMark.objects.all()] == [guests[0]]

    def test_puts_one_that_grew_old_aside_and_begins_anew(self, shelter, guests, desk, now):
        old = called(shelter, guests, Seen.HERE, desk, now)
        new = called(shelter, guests[:1], Seen.HERE, desk, now + timedelta(hours=13))
        old.refresh_from_db()
        assert new != old
        assert (old.ended_at, old.count) == (now + timedelta(hours=13), None)
        assert tally_of(shelter, roll_call=new, actor=desk)["left"] == 2

    def test_is_for_those_who_run_that_shelter(self, shelter, guests, actor_in, now):
        for actor in (actor_in("reception"), actor_in("shelter", ShelterFactory().site)):
            with pytest.raises(NotAllowed):
                called(shelter, guests, Seen.HERE, actor, now)


class TestLateTap:
    """A tap that waited for the network until another device had finished the roll call."""

    @pytest.fixture
    def late(self, shelter, guests, desk, now):
        def tap(follows):
            seen = {guests[0].pk: Seen.MISSING}
            return mark_guests(shelter=shelter, seen=seen, follows=follows, actor=desk, at=now + timedelta(minutes=5))

        return tap

    def test_begins_no_other_roll_call(self, shelter, guests, desk, now, late):
        finish_roll_call(roll_call=called(shelter, guests, Seen.HERE, desk, now), actor=desk, at=now)
        with pytest.raises(RollCallMoved):
            late(None)
        assert RollCall.objects.count() == 1
        assert not RollCallMark.objects.filter(seen=Seen.MISSING).exists()

    def test_of_a_call_that_was_put_aside_begins_none(self, shelter, guests, desk, now, late):
        drop_roll_call(roll_call=called(shelter, guests, Seen.HERE, desk, now), actor=desk, at=now)
        with pytest.raises(RollCallMoved):
            late(None)

    def test_is_not_mixed_into_the_next_one(self, shelter, guests, desk, now, late):
        finish_roll_call(roll_call=called(shelter, guests, Seen.HERE, desk, now), actor=desk, at=now)
        called(shelter, guests[1:], Seen.HERE, desk, now)
        with pytest.raises(RollCallMoved):
            late(None)

    def test_of_a_page_opened_after_begins_the_next(self, shelter, guests, desk, now, late):
        first = called(shelter, guests, Seen.HERE, desk, now)
        finish_roll_call(roll_call=first, actor=desk, at=now)
        assert late(first.uid) != first

    def test_is_told_why_on_the_phone(self, shelter, guests, desk, now, client_of):
        finish_roll_call(roll_call=called(shelter, guests, Seen.HERE, desk, now), actor=desk, at=now)
        browser = client_of("shelter", shelter.site)
        User.objects.update(language="en")
        answer = browser.post(
            reverse("shelters:roll_call", args=[shelter.uid]),
            {f"seen-{guests[0].pk}": "here", "follows": ""},
            headers={"accept": "application/json"},
        )
        assert answer.status_code == 409
        assert "was finished on another device" in answer.json()["refusal"]


class TestFinishRollCall:
    def test_comes_to_a_count_that_agrees(self, shelter, guests, desk, now):
        roll_call = called(shelter, guests, Seen.HERE, desk, now)
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        assert (roll_call.count.people, roll_call.count.difference) == (3, 0)
        shelter.refresh_from_db()
        assert (shelter.counted_at, shelter.counted_basis) == (now, Shelter.CountBasis.ROLL_CALL)

    def test_lets_who_was_not_seen_count_as_missing_and_keeps_the_place(self, shelter, guests, desk, now):
        called(shelter, guests[:2], Seen.HERE, desk, now)
        roll_call = called(shelter, guests[2:], Seen.MISSING, desk, now)
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        absence = Absence.objects.open().get()
        assert (absence.person, absence.expected_at) == (guests[2], None)
        assert roll_call.count.difference == 0
        assert Stay.objects.open().count() == 3

    def test_lets_who_is_out_be_expected_back(self, shelter, guests, desk, now):
        called(shelter, guests[:2], Seen.HERE, desk, now)
        roll_call = called(shelter, guests[2:], Seen.OUT, desk, now)
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        assert Absence.objects.open().get().expected_at == now + timedelta(hours=12)
        assert roll_call.count.difference == 0

    def test_finds_again_who_was_missing(self, shelter, guests, desk, now):
        finish_roll_call(roll_call=called(shelter, guests, Seen.MISSING, desk, now), actor=desk, at=now)
        later = now + timedelta(days=1)
        finish_roll_call(roll_call=called(shelter, guests, Seen.HERE, desk, later), actor=desk, at=later)
        assert not Absence.objects.open().exists()

    def test_shows_a_difference_for_whom_nobody_called(self, shelter, guests, desk, now):
        roll_call = called(shelter, guests[:2], Seen.HERE, desk, now)
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        assert Count.objects.unsettled().get().difference == -1
        assert not Absence.objects.exists()

    def test_counts_those_on_no_list(self, shelter, guests, desk, now):
        roll_call = called(shelter, guests, Seen.HERE, desk, now)
        finish_roll_call(roll_call=roll_call, others=2, actor=desk, at=now)
        assert roll_call.count.difference == 2

    def test_forgets_the_mark_of_somebody_who_left_meanwhile(self, shelter, guests, desk, now):
        roll_call = called(shelter, guests, Seen.HERE, desk, now)
        Stay.objects.filter(person=guests[0]).update(ends_at=now, leaving_reason="left")
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        assert (roll_call.count.people, roll_call.count.difference) == (2, 0)

    def test_is_finished_once(self, shelter, guests, desk, now):
        roll_call = called(shelter, guests, Seen.HERE, desk, now)
        finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        with pytest.raises(RollCallOver):
            finish_roll_call(roll_call=roll_call, actor=desk, at=now)
        assert Event.objects.filter(type=EventType.ROLL_CALL_FINISHED).count() == 1


class TestDropRollCall:
    def test_comes_to_no_count(self, shelter, guests, desk, now):
        drop_roll_call(roll_call=called(shelter, guests, Seen.MISSING, desk, now), actor=desk, at=now)
        assert not RollCall.objects.open().exists()
        assert not Count.objects.exists()
        assert not Absence.objects.exists()


class TestRollOf:
    def test_goes_room_by_room_and_names_beds(self, shelter, guests, desk):
        StayFactory(unit=UnitFactory(shelter=shelter, name="Aula"), person__household__guest_site=shelter.site)
        roll = roll_of(shelter, roll_call=None, actor=desk)
        assert [(room.name, len(room.guests)) for room in roll.rooms] == [("Aula", 1), ("Cuarto 7", 3)]

    def test_counts_those_whose_files_belong_to_others(self, shelter, guests, desk):
        StayFactory(unit__shelter=shelter, person__household__site=SiteFactory(code="TJ"))
        assert roll_of(shelter, roll_call=None, actor=desk).unlisted == 1

    def test_knows_who_is_out_before_anybody_calls(self, shelter, guests, desk, now):
        Absence.objects.create(
            person=guests[0],
            noted_at=now,
            noted_by="x",
            reason=Absence.Reason.WORK,
            expected_at=now + timedelta(hours=9),
        )
        Absence.objects.create(person=guests[1], noted_at=now, noted_by="x")
        roll = roll_of(shelter, roll_call=None, actor=desk)
        assert [guest.seen for guest in roll.guests] == [Seen.OUT, Seen.MISSING, ""]


class TestPage:
    @pytest.fixture
    def browser(self, client_of, shelter):
        client = client_of("shelter", shelter.site)
        User.objects.update(language="en")
        return client

    @pytest.fixture
    def address(self, shelter):
        return reverse("shelters:roll_call", args=[shelter.uid])

    def test_notes_one_tap_and_answers_how_far_it_is(self, shelter, guests, browser, address):
        answer = browser.post(address, {f"seen-{guests[0].pk}": "missing"}, headers={"accept": "application/json"})
        assert answer.json() == {"here": 0, "out": 0, "missing": 1, "left": 2}

    def test_notes_a_whole_family_without_script_and_returns_to_its_room(self, shelter, guests, browser, address):
        keys = "-".join(str(person.pk) for person in guests)
        answer = browser.post(address, {"here": keys, "room": "7"})
        assert answer["Location"] == f"{address}#room-7"
        assert RollCallMark.objects.filter(seen=Seen.HERE).count() == 3

    def test_shows_what_was_noted_when_it_is_opened_again(self, shelter, guests, browser, address):
        browser.post(address, {f"seen-{guests[0].pk}": "out"})
        page = browser.get(address).content.decode()
        assert f'name="seen-{guests[0].pk}" value="out" checked' in page

    @pytest.mark.parametrize("body", [{"seen-x": "here"}, {"seen-1": "gone"}, {"here": "-"}, {}])
    def test_survives_nonsense(self, shelter, guests, browser, address, body):
        assert browser.post(address, body).status_code == 302
        assert not RollCallMark.objects.exists()

    def test_names_who_was_not_seen_before_it_is_finished(self, shelter, guests, browser, address):
        browser.post(address, {f"seen-{guests[0].pk}": "missing", f"seen-{guests[1].pk}": "here"})
        page = browser.get(reverse("shelters:finish_roll_call", args=[shelter.uid])).content.decode()
        missing, uncalled = page.index('id="missing"'), page.index('id="uncalled"')
        assert guests[0].given_names in page[missing:uncalled]
        assert guests[2].given_names in page[uncalled:]

    def test_finishes_and_says_that_the_count_differs(self, shelter, guests, browser, address):
        browser.post(address, {f"seen-{guests[0].pk}": "here"})
        sent = {"others": "", "roll_call": open_roll_call(shelter, timezone.now()).uid}
        page = browser.post(reverse("shelters:finish_roll_call", args=[shelter.uid]), sent, follow=True)
        assert "2 people fewer were counted" in re.sub(r"<[^>]+>", " ", page.content.decode())
        assert open_roll_call(shelter, timezone.now()) is None

    @pytest.mark.parametrize("deed", ["finish", "drop"])
    def test_that_is_old_ends_no_other_roll_call(self, shelter, guests, desk, browser, address, deed):
        browser.post(address, {f"seen-{guests[0].pk}": "here"})
        old = open_roll_call(shelter, timezone.now())
        finish_roll_call(roll_call=old, actor=desk, at=timezone.now())
        browser.post(address, {f"seen-{guests[0].pk}": "here", "follows": old.uid})
        later = open_roll_call(shelter, timezone.now())
        assert later is not None
        sent = {"others": "0", "roll_call": old.uid}
        page = browser.post(reverse(f"shelters:{deed}_roll_call", args=[shelter.uid]), sent, follow=True)
        assert "This roll call is over." in page.content.decode()
        assert open_roll_call(shelter, timezone.now()) == later

    def test_is_light_and_flat_with_three_hundred_guests(
        self, shelter, browser, address, django_assert_max_num_queries
    ):
        for number in range(6):
            unit = UnitFactory(shelter=shelter, places=60)
            for other in range(10):
                family = HouseholdFactory(people=5, guest_site=shelter.site)
                for person in family.people.all():
                    person.surnames = f"Prueba{number * 31 + other} Ensayo{other}"
                    person.save()
                    StayFactory(unit=unit, person=person)
        browser.get(address)
        with django_assert_max_num_queries(10):
            page = browser.get(address)
        assert len(gzip.compress(page.content, 6)) < 30_000
        assert len(Read.objects.filter(page="roll_call").latest("pk").households) == 60
