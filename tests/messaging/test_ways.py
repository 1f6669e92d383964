"""One person, several ways: the next one when one fails for good, silence where silence was asked for."""

import threading
from datetime import timedelta

import pytest

from audit.models import Event, EventType
from messaging import actions
from messaging.gateways import http
from messaging.models import Message, Number
from messaging.ways import token_of
from tests.factories.messaging import MessageFactory
from tests.faults.gateways import handed_over
from tests.messaging.playing import Player

pytestmark = pytest.mark.django_db
Status = Message.Status
NUMBER, MAIL = "+526561230000", "reyna@correo.example"


def draft(channel, address=NUMBER, **more):
    return actions.Draft(channel=channel, address=address, language="spa", body="Lleve sus papeles.", **more)


@pytest.fixture
def player(settings, monkeypatch):
    """Twilio for texts and calls; mail goes to the gateway that keeps its own folder."""
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    player = Player()
    settings.MESSAGE_GATEWAYS = ["twilio", "tests.faults.gateways.KeyedGateway"]
    settings.TWILIO = {
        "url": player.url,
        "account": "AC1",
        "token": "s",
        "from": "+15005550006",
        "messaging_service": "",
    }
    yield player
    player.close()


class TestFallingThrough:
    def test_takes_the_next_way_at_once_when_one_fails_for_good(self, player, gateway_folder, message, run, words):
        words["draft"] = draft("sms", otherwise=(draft("email", MAIL),))
        player.behave = (400, {"code": 21211})
        run()
        message.refresh_from_db()
        assert (message.status, message.channel, message.address) == (Status.SENT, "email", MAIL)
        assert message.tried == [f"sms:{token_of('sms', NUMBER)}"]
        assert handed_over() == [message.uid]

    def test_keeps_to_its_way_while_trying_again_helps(self, player, gateway_folder, message, run, words, clock):
        words["draft"] = draft("sms", otherwise=(draft("email", MAIL),))
        player.behave = (503, {})
        run()
        message.refresh_from_db()
        assert (message.status, message.channel, message.tried) == (Status.PLANNED, "sms", [])
        assert not handed_over()

    def test_takes_the_next_way_after_the_last_pause(self, player, gateway_folder, message, run, words, clock):
        words["draft"] = draft("sms", otherwise=(draft("email", MAIL),))
        player.behave = (503, {})
        for _ in range(len(actions.PAUSES) + 1):
            run()
            message.refresh_from_db()
            clock.moment = message.next_try_at or clock.moment
        assert (message.status, message.channel, message.attempts) == (Status.SENT, "email", 1)

    def test_becomes_a_call_when_no_way_is_left(self, player, gateway_folder, message, run, words):
        words["draft"] = draft("sms", otherwise=(draft("voice"),))
        player.behave = (400, {"code": 21211})
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code, len(message.tried)) == (Status.FAILED, "twilio_21211", 2)
        assert [call["path"].rpartition("/")[2] for call in player.calls] == ["Messages.json", "Calls.json"]
        assert Event.objects.filter(type=EventType.MESSAGE_FAILED, household=message.subject).count() == 1

    def test_leaves_out_a_way_that_nobody_carries(self, player, gateway_folder, message, run, words, settings):
        settings.MESSAGE_GATEWAYS = ["twilio"]
        words["draft"] = draft("whatsapp", otherwise=(draft("sms"),))
        run()
        message.refresh_from_db()
        assert (message.status, message.channel) == (Status.SENT, "sms")

    def test_has_failed_where_no_other_way_was_found_in_time(self, player, gateway_folder, message, run, clock):
        Message.objects.update(tried=["sms:1"], error_code="twilio_30005")
        clock.pass_(days=8)
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.FAILED, "twilio_30005")


class TestSilence:
    def test_sends_nothing_to_a_number_that_asked_for_it(self, player, message, run, words, now):
        Number.objects.create(token=token_of("sms", NUMBER), stopped_at=now)
        words["draft"] = draft("sms", agreed_at=now - timedelta(days=9))
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code, player.calls) == (Status.SKIPPED, "stopped", [])

    def test_ends_when_they_agree_anew(self, player, message, run, words, now):
        Number.objects.create(token=token_of("sms", NUMBER), stopped_at=now - timedelta(days=1))
        words["draft"] = draft("sms", agreed_at=now)
        run()
        message.refresh_from_db()
        assert message.status == Status.SENT

    def test_is_of_the_number_and_not_of_the_mailbox(self, player, gateway_folder, message, run, words, now):
        Number.objects.create(token=token_of("sms", NUMBER), stopped_at=now)
        words["draft"] = draft("sms", otherwise=(draft("voice"), draft("email", MAIL)))
        run()
        message.refresh_from_db()
        assert (message.status, message.channel, player.calls) == (Status.SENT, "email", [])

    def test_holds_for_a_wrong_number_whoever_agrees(self, player, message, run, words, now):
        Number.objects.create(token=token_of("sms", NUMBER), wrong_at=now - timedelta(days=1))
        words["draft"] = draft("sms", agreed_at=now)
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code, player.calls) == (Status.FAILED, "wrong_number", [])


class TestTwilioThatHangsUp:
    """It takes the message and the line is cut: the row is uncertain, and Twilio is asked."""

    def cut(self, player, message, run):
        player.behave = "hang up"
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.UNCERTAIN, "gateway_broke_off")
        player.behave = "take"

    def test_is_given_time_to_tell_of_it_by_itself(self, player, message, run, clock):
        self.cut(player, message, run)
        clock.pass_(seconds=59)
        run()
        assert len(player.calls) == 1
        assert not player.asked

    def test_sends_once_where_it_is_in_the_list(self, player, message, run, clock):
        self.cut(player, message, run)
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.gateway_ref, message.may_have_arrived_twice) == (Status.SENT, "SM1", False)
        assert len(player.taken) == 1

    def test_sends_once_more_under_the_same_name_where_it_is_not(self, player, message, run, clock):
        player.lists = False
        self.cut(player, message, run)
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.may_have_arrived_twice) == (Status.SENT, True)
        assert message.pill.tone == "warn"
        first, again = (call["fields"] for call in player.calls)
        assert first == again
        assert first["StatusCallback"].endswith(f"?of={message.uid}.0")

    def test_does_not_take_the_same_words_to_the_same_number_for_its_own(self, player, message, run, clock, now):
        MessageFactory(status=Status.SENT, sent_at=now, gateway="twilio", gateway_ref="SM1")
        self.cut(player, message, run)
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.may_have_arrived_twice) == (Status.SENT, True)

    def test_asks_again_where_it_does_not_answer(self, player, message, run, clock):
        self.cut(player, message, run)
        player.server.shutdown()
        player.server.server_close()
        player.close = lambda: threading.Event().set()
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert message.status == Status.UNCERTAIN
