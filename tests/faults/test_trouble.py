"""Trouble around the running product: a slow, failing or repeating gateway, a clock that jumps, a day on which nothing ran."""

import base64
import hmac
import os
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import wait_for
from tests.faults.gateways import handed_over, taken

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

AWAY_SECONDS = float(os.environ.get("MPP_TEST_AWAY_SECONDS", "6"))
JUMPED_SWEEP = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from messaging.tasks import send_due
with time_machine.travel(timezone.now() + timedelta(hours={hours})):
    send_due()
"""


def tries_of(message):
    return handed_over().count(message)


def let_it_be_noon(product):
    """Move where people sleep to where it is noon now: what is late is not said at night."""
    ahead = 12 - datetime.now(UTC).hour
    product.rows("UPDATE places_city SET zone = %s", f"Etc/GMT{-ahead:+d}" if ahead else "UTC")


class TestAGatewayThatIsSlow:
    def test_gets_each_message_once_though_many_sweeps_begin_meanwhile(self, whole):
        (whole.gateway / "slow").write_text("1.2")
        messages = whole.let_be_due(whole.note_hearings(12))
        whole.wait_until_sent(*messages)
        assert [(whole.fate(message), tries_of(message)) for message in messages] == [(("sent", False), 1)] * 12


class TestAGatewayThatFails:
    def test_gets_each_message_once_when_it_is_well_again(self, whole):
        (whole.gateway / "busy").touch()
        messages = whole.let_be_due(whole.note_hearings(5))
        wait_for(lambda: all(tries_of(message) for message in messages), "all to be refused")
        wait_for(lambda: {whole.fate(message)[0] for message in messages} == {"planned"}, "all to wait")
        (whole.gateway / "busy").unlink()
        assert not taken() & set(messages)
        whole.rows(
            "UPDATE messaging_message SET next_try_at = now() WHERE uid = ANY(%s::uuid[])",
            [str(each) for each in messages],
        )
        whole.wait_until_sent(*messages)
        assert [(whole.fate(message), tries_of(message)) for message in messages] == [(("sent", False), 2)] * 5


class TestAGatewayThatTellsTwice:
    def tell(self, whole, message):
        path = f"/messages/callbacks/twilio/?of={message}.0"
        fields = {"CallSid": "CA1", "CallStatus": "completed"}
        signed = f"http://localhost:8000{path}" + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
        signature = base64.b64encode(hmac.digest(b"secret", signed.encode(), "sha1")).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{whole.state.ports()['web']}{path}",
            urlencode(fields).encode(),
            {"X-Twilio-Signature": signature},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status

    def test_is_believed_once(self, whole):
        (message,) = whole.let_be_due(whole.note_hearings(1, "voice"))
        whole.wait_until_sent(message)
        with ThreadPoolExecutor(6) as lines:
            assert set(lines.map(lambda _: self.tell(whole, message), range(6))) == {200}
        told = whole.rows(
            "SELECT count(*) FROM audit_event WHERE type = 'message.arrived' AND subject_id ="
            " (SELECT id FROM messaging_message WHERE uid = %s::uuid)",
            str(message),
        )
        assert (told, whole.fate(message), len(whole.twilio.taken)) == ([(1,)], ("sent", False), 1)


class TestAClockThatJumps:
    @pytest.mark.parametrize("hours", [26, -26])
    def test_has_nobody_told_twice_while_a_sender_holds_the_message(self, whole, hours):
        (whole.gateway / "stall").touch()
        (message,) = whole.let_be_due(whole.note_hearings(1))
        wait_for((whole.gateway / "stalled").exists, "the gateway to hold the message")
        sweep = whole.run("manage.py", "shell", "-v", "0", "-c", JUMPED_SWEEP.format(hours=hours))
        _, complaint = sweep.communicate(timeout=120)
        assert sweep.returncode == 0, complaint
        (whole.gateway / "stall").unlink()
        whole.wait_until_sent(message)
        assert (whole.fate(message), tries_of(message)) == (("sent", False), 1)


class TestADayWithoutTheBeat:
    def test_sends_each_family_the_last_word_and_no_other(self, whole):
        let_it_be_noon(whole)
        households = [str(each) for each in whole.note_hearings(8)]
        wait_for(lambda: whole.planned(households) == 8, "the reminders to be planned")
        whole.rows(
            "UPDATE messaging_message SET due_at = now() - CASE rung WHEN 'days_7' THEN 26 ELSE 2 END * interval '1 hour'"
            " WHERE subject = ANY(%s::uuid[]) AND rung IN ('days_7', 'days_3')",
            households,
        )
        fates = lambda: dict(  # noqa: E731
            whole.rows(
                "SELECT rung || ' ' || status, count(*) FROM messaging_message WHERE subject = ANY(%s::uuid[])"
                " AND rung IN ('days_7', 'days_3') GROUP BY 1",
                households,
            )
        )
        wait_for(lambda: fates() == {"days_3 sent": 8, "days_7 skipped": 8}, "the last word to be sent, and no other")
        told = whole.rows("SELECT uid::text FROM messaging_message WHERE subject = ANY(%s::uuid[])", households)
        assert sum(tries_of(uuid.UUID(uid)) for (uid,) in told) == 8


class TestTheBrokerIsAway:
    def test_loses_nothing_and_repeats_nothing(self, whole):
        began = time.monotonic()
        messages = whole.let_be_due(whole.note_hearings(4))
        whole.kill("valkey")
        while time.monotonic() - began < AWAY_SECONDS:
            if whole.servers.broker.answers():
                whole.kill("valkey")
            time.sleep(0.1)
        wait_for(whole.servers.broker.answers, "the broker to be back")
        whole.wait_until_sent(*messages)
        assert [tries_of(message) for message in messages] == [1] * 4
