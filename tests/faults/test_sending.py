"""Parts of the running product are killed while messages are on their way: none is lost, none is sent twice unseen."""

import time

import pytest

from tests.faults.conftest import wait_for
from tests.faults.gateways import handed_over, taken

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

SENDERS = 2 * 8  # of the two processes of a worker


def stalled(product):
    return (product.gateway / "stalled").exists


def tries_of(message):
    return handed_over().count(message)


class TestTheWorkerIsKilledInMidSend:
    def test_sends_once_where_the_gateway_knows_that_it_took_it(self, whole):
        (whole.gateway / "stall").touch()
        (message,) = whole.let_be_due(whole.note_hearings(1))
        wait_for(stalled(whole), "the gateway to hold the message")
        whole.kill("worker")
        (whole.gateway / "stall").unlink()
        whole.wait_until_sent(message)
        assert (whole.fate(message), tries_of(message)) == (("sent", False), 1)
        assert whole.rows(
            "SELECT 1 FROM audit_event WHERE type = 'message.uncertain' AND facts->>'attempts' = '1' LIMIT 1"
        )

    def test_sends_it_where_the_gateway_knows_that_it_never_came(self, whole):
        (whole.gateway / "stall_before").touch()
        (message,) = whole.let_be_due(whole.note_hearings(1))
        wait_for(stalled(whole), "the gateway to be asked")
        whole.kill("worker")
        assert message not in taken()
        (whole.gateway / "stall_before").unlink()
        whole.wait_until_sent(message)
        assert message in taken()
        assert (whole.fate(message), tries_of(message)) == (("sent", False), 2)

    def test_sends_once_more_with_the_same_id_and_says_so_where_nobody_knows(self, whole):
        (whole.gateway / "forgetful").touch()
        (whole.gateway / "stall").touch()
        (message,) = whole.let_be_due(whole.note_hearings(1))
        wait_for(stalled(whole), "the gateway to hold the message")
        whole.kill("worker")
        (whole.gateway / "stall").unlink()
        whole.wait_until_sent(message)
        assert (whole.fate(message), tries_of(message)) == (("sent", True), 2)

    def test_leaves_in_doubt_no_more_than_was_on_its_way(self, whole):
        (whole.gateway / "forgetful").touch()
        (whole.gateway / "stall").touch()
        messages = whole.let_be_due(whole.note_hearings(40))
        wait_for(stalled(whole), "the gateway to hold some of them")
        whole.kill("worker")
        (whole.gateway / "stall").unlink()
        whole.wait_until_sent(*messages)
        twice = [message for message in messages if whole.fate(message)[1]]
        assert 1 <= len(twice) <= SENDERS
        assert {tries_of(message) for message in set(messages) - set(twice)} == {1}
        assert {tries_of(message) for message in twice} <= {1, 2}

    def test_mails_once_more_with_the_same_message_id_and_says_so(self, whole):
        whole.mail.stalls = True
        (message,) = whole.let_be_due(whole.note_hearings(1, "email"))
        wait_for(lambda: whole.mail.mails, "the mail server to take the mail")
        whole.kill("worker")
        whole.mail.stalls = False
        whole.wait_until_sent(message)
        assert whole.fate(message) == ("sent", True)
        ours = [mail for mail in whole.mail.mails if str(message) in mail]
        assert len(ours) == 2
        assert len(set(ours)) == 1


class TestTheWorkerIsKilledWhileTwilioCalls:
    """Twilio honours no key of ours. It has the call, the worker dies before it hears so."""

    def kill_in_mid_call(self, whole):
        whole.twilio.behave = "stall"
        (message,) = whole.let_be_due(whole.note_hearings(1, "voice"))
        wait_for(whole.twilio.held.is_set, "Twilio to take the call")
        whole.kill("worker")
        whole.twilio.behave = "take"
        whole.twilio.freed.set()
        whole.wait_until_sent(message)
        return message

    def test_calls_once_where_twilio_lists_it(self, whole):
        message = self.kill_in_mid_call(whole)
        assert (whole.fate(message), len(whole.twilio.taken)) == (("sent", False), 1)

    def test_calls_once_more_under_the_same_name_and_says_so_where_it_does_not(self, whole):
        whole.twilio.lists = False
        message = self.kill_in_mid_call(whole)
        assert whole.fate(message) == ("sent", True)
        first, again = (call["fields"] for call in whole.twilio.calls)
        assert first == again
        assert str(message) in first["StatusCallback"]


class TestPostgresIsKilledInMidSend:
    def test_keeps_what_the_gateway_said_until_the_database_is_back(self, whole):
        (whole.gateway / "stall").touch()
        (message,) = whole.let_be_due(whole.note_hearings(1))
        wait_for(stalled(whole), "the gateway to hold the message")
        before = whole.pid_of("postgres")
        whole.kill("postgres")
        wait_for(lambda: whole.pid_of("postgres") != before, "PostgreSQL to be started again")
        (whole.gateway / "stall").unlink()
        wait_for(whole.servers.cluster.answers, "PostgreSQL to answer")
        whole.wait_until_sent(message)
        assert (whole.fate(message), tries_of(message)) == (("sent", False), 1)


class TestTheBrokerIsDown:
    def test_notes_hearings_all_the_same_and_sends_when_it_is_back(self, whole):
        whole.kill("valkey")
        began = time.monotonic()
        households = whole.note_hearings(2)
        while time.monotonic() - began < 4:
            if whole.servers.broker.answers():
                whole.kill("valkey")
            time.sleep(0.1)
        wait_for(whole.servers.broker.answers, "the broker to be back")
        messages = whole.let_be_due(households)
        whole.wait_until_sent(*messages)
        assert [tries_of(message) for message in messages] == [1, 1]


class TestTheWebServerIsKilled:
    def test_is_back_at_once_and_has_lost_nothing(self, whole):
        households = whole.note_hearings(1)
        whole.kill("web")
        wait_for(whole.is_up, "the web server to be back")
        whole.wait_until_sent(*whole.let_be_due(households))


class TestManySweepsAtOnce:
    def test_send_each_message_once(self, whole):
        messages = whole.let_be_due(whole.note_hearings(30))
        sweeps = [
            whole.run("manage.py", "shell", "-c", "from messaging.tasks import send_due; send_due()") for _ in range(3)
        ]
        for sweep in sweeps:
            _, complaint = sweep.communicate(timeout=60)
            assert sweep.returncode == 0, complaint
        whole.wait_until_sent(*messages)
        assert [tries_of(message) for message in messages] == [1] * 30
        told = whole.rows(
            "SELECT count(*) FROM audit_event WHERE type = 'message.sent' AND subject_id IN"
            " (SELECT id FROM messaging_message WHERE uid = ANY(%s::uuid[]))",
            [str(message) for message in messages],
        )
        assert told == [(30,)]
