from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.actions import dispatch_pending
from audit.models import Event, EventType, Read
from cases.actions.people import correct_person
from cases.models import Person, PhoneOwner
from core.actors import Actor
from journey.ways import agreed_at, bearers_of, ways_of
from messaging.actions import note_reply
from messaging.callbacks import Heard
from messaging.models import Number, Reply
from messaging.ways import token_of
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.messaging import MessageFactory, ReplyFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
NUMBER = "+526561230000"
PAGE = "/messages/replies/"
GATEWAYS = Actor.system("gateways")


@pytest.fixture
def at_noon(now):
    with time_machine.travel(now, tick=False):
        yield


def family(code="JZ", **person):
    site = SiteFactory(code=code)
    household = HouseholdFactory(site=site)
    PersonFactory(household=household, **person)
    return household


class TestWaysOf:
    def ways(self, **facts):
        person = Person(phone=NUMBER, phone_owner=PhoneOwner.OWN, email="r@correo.example", **facts)
        return [way.channel for way in ways_of(person)]

    def test_follow_the_settings(self):
        assert self.ways() == ["sms", "whatsapp", "email"]

    def test_begin_with_the_one_that_was_asked_for(self):
        assert self.ways(reached_by="email") == ["email", "sms", "whatsapp"]
        assert self.ways(reached_by="voice") == ["voice", "sms", "whatsapp", "email"]

    def test_begin_with_a_call_for_who_does_not_read(self):
        assert self.ways(reads=False) == ["voice", "sms", "whatsapp", "email"]
        assert self.ways(reads=True)[0] == "sms"

    def test_are_only_those_that_exist(self):
        assert [way.channel for way in ways_of(Person(email="r@correo.example"))] == ["email"]
        assert ways_of(Person()) == []

    def test_are_private_in_a_mailbox_and_on_ones_own_phone(self):
        shared = Person(phone=NUMBER, phone_owner=PhoneOwner.SHARED, email="r@correo.example")
        assert [way.is_private for way in ways_of(shared)] == [False, False, True]


class TestAgreedAt:
    def test_is_when_they_last_said_yes_to_messages(self, now):
        household = family()
        assert agreed_at(household) is None
        ConsentFactory(household=household, purpose="messages", noted_at=now)
        assert agreed_at(household) == now


class TestBearersOf:
    def test_finds_all_who_have_the_number_today(self, now):
        households = [family(phone=""), family("TJ", phone=""), family(phone="")]
        for household, phone in zip(households, (NUMBER, NUMBER, "+526561230001"), strict=True):
            person = household.people.get()
            correct_person(person=person, changes={"phone": phone}, actor=Actor.system("test"), at=now)
        found = {household for household, _person in bearers_of(NUMBER)}
        assert found == {households[0].uid, households[1].uid}
        assert list(bearers_of("no number")) == []


class TestNoteReplyOfSomebodyWeKnow:
    """What follows in the journey: reminders that can reach nobody are withdrawn."""

    @pytest.fixture
    def waiting(self, now, settings):
        def family_with(**facts):
            household = family(phone="")
            person = household.people.get()
            correct_person(
                person=person, changes={"phone": NUMBER, "phone_owner": "own", **facts}, actor=GATEWAYS, at=now
            )
            ConsentFactory(household=household, purpose="messages", noted_at=now - timedelta(days=1))
            dispatch_pending(at=now)
            return MessageFactory(subject=household.uid, recipient=person.uid, due_at=now + timedelta(days=1))

        return family_with

    def write(self, text, now):
        heard = Heard(ref=text, channel="sms", address=NUMBER, text=text)
        note_reply(gateway="twilio", heard=heard, actor=GATEWAYS, at=now)
        dispatch_pending(at=now)

    @pytest.mark.parametrize("text", ["STOP", "Número equivocado"])
    def test_withdraws_what_waits_for_who_has_no_other_way(self, waiting, now, text):
        message, other = waiting(), waiting()
        self.write(text, now)
        for each in (message, other):
            each.refresh_from_db()
            assert each.status == "withdrawn"

    def test_leaves_what_can_go_to_a_mailbox(self, waiting, now):
        message = waiting(email="r@correo.example")
        self.write("STOP", now)
        message.refresh_from_db()
        assert message.status == "planned"

    def test_leaves_everything_on_any_other_word(self, waiting, now):
        message = waiting()
        self.write("Ayuda", now)
        message.refresh_from_db()
        assert message.status == "planned"


class TestRepliesPage:
    def test_shows_what_was_written_and_whose_number_it_was(self, client_of, at_noon):
        household = family(surnames="Reyes")
        ReplyFactory(about=household, text="¿Puedo llevar <a mi hija>?", meaning="unclear")
        page = client_of("hearings").get(PAGE).content.decode()
        assert "“¿Puedo llevar &lt;a mi hija&gt;?”" in page
        assert household.code in page
        assert NUMBER not in page

    def test_shows_the_number_where_it_is_nobodys(self, client_of, at_noon):
        ReplyFactory()
        assert NUMBER in client_of("hearings").get(PAGE).content.decode()

    def test_shows_nothing_of_households_elsewhere(self, client_of, at_noon):
        ReplyFactory(about=family("TJ"), text="Desde Tijuana")
        assert "Desde Tijuana" not in client_of("hearings").get(PAGE).content.decode()

    def test_leaves_out_a_yes_and_what_was_dealt_with(self, client_of, at_noon, now):
        household = family()
        done = {"handled_at": now, "handled_by": "gateways", "handled_by_name": "gateways"}
        ReplyFactory(about=household, text="Claro que sí", meaning="yes", **done)
        browser = client_of("hearings")
        assert "Claro que sí" not in browser.get(PAGE).content.decode()
        assert "Claro que sí" in browser.get(PAGE, {"done": 1}).content.decode()

    def test_begins_with_the_oldest_and_goes_on(self, client_of, at_noon, now):
        household = family()
        for minute in range(30):
            ReplyFactory(about=household, text=f"nr-{minute:02d}", received_at=now - timedelta(minutes=minute))
        page = client_of("hearings").get(PAGE).content.decode()
        assert page.index("nr-29") < page.index("nr-10")
        assert "nr-04" not in page
        assert "after=" in page

    def test_costs_the_same_for_one_and_for_many(self, client_of, at_noon, django_assert_max_num_queries):
        for _ in range(25):
            ReplyFactory(about=family())
        browser = client_of("hearings")
        browser.get(PAGE)
        with django_assert_max_num_queries(12):
            browser.get(PAGE)

    def test_is_written_down_as_read(self, client_of, at_noon):
        household = family()
        ReplyFactory(about=household)
        client_of("hearings").get(PAGE)
        assert Read.objects.get(page="replies").households == [household.uid]


class TestHandleReply:
    def press(self, browser, reply, outcome):
        return browser.post(reverse("docket:handle_reply", args=[reply.uid]), {"outcome": outcome})

    def test_notes_who_did_what(self, client_of, at_noon, now):
        household = family()
        reply = ReplyFactory(about=household)
        assert self.press(client_of("hearings"), reply, "called").status_code == 302
        reply.refresh_from_db()
        assert (reply.handled_at, reply.outcome) == (now, "called")
        assert Event.objects.get(type=EventType.REPLY_HANDLED).household == household.uid

    def test_is_done_once(self, client_of, at_noon):
        reply = ReplyFactory(about=family())
        browser = client_of("hearings")
        self.press(browser, reply, "called")
        self.press(browser, reply, "read")
        reply.refresh_from_db()
        assert (reply.outcome, Event.objects.filter(type=EventType.REPLY_HANDLED).count()) == ("called", 1)

    def test_puts_a_number_back_into_use_that_is_right(self, client_of, at_noon, now):
        token = token_of("sms", NUMBER)
        Number.objects.create(token=token, wrong_at=now)
        self.press(client_of("hearings"), ReplyFactory(about=family(), token=token, meaning="wrong"), "right")
        assert not Number.objects.exists()

    def test_does_not_end_a_silence_by_that(self, client_of, at_noon, now):
        token = token_of("sms", NUMBER)
        Number.objects.create(token=token, wrong_at=now, stopped_at=now)
        self.press(client_of("hearings"), ReplyFactory(about=family(), token=token, meaning="wrong"), "right")
        assert (Number.objects.get().wrong_at, Number.objects.get().stopped_at) == (None, now)

    def test_takes_no_outcome_that_there_is_not(self, client_of, at_noon):
        reply = ReplyFactory(about=family())
        self.press(client_of("hearings"), reply, "forget")
        assert Reply.objects.open().count() == 1
