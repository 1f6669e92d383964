import base64
import hmac
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Event, EventType
from messaging import forgeries
from messaging.models import Message, Number, Reply
from messaging.views import LARGEST_CALL
from messaging.ways import token_of
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db
Status, Receipt = Message.Status, Message.Receipt
NUMBER = "+526561230000"
URL = "https://mpp.example.org"


@pytest.fixture(autouse=True)
def gateways(settings, now):
    settings.MESSAGE_GATEWAYS = ["twilio", "whatsapp", "sms_http"]
    settings.PUBLIC_URL = URL
    settings.TWILIO = {"token": "twilio-secret"}
    settings.WHATSAPP = {"secret": "whatsapp-secret", "verify": "our-word"}
    settings.SMS_HTTP = {"secret": "sms-secret"}
    forgeries.counts.clear()
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def sent(now):
    return MessageFactory(
        status=Status.SENT,
        sent_at=now - timedelta(minutes=1),
        gateway="twilio",
        gateway_ref="SM1",
        channel="sms",
        address=NUMBER,
        token=token_of("sms", NUMBER),
    )


def twilio(fields, query="", secret="twilio-secret", url=URL):
    path = reverse("messaging:callback", args=["twilio"]) + query
    signed = f"{url}{path}" + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
    signature = base64.b64encode(hmac.digest(secret.encode(), signed.encode(), "sha1")).decode()
    return Client(enforce_csrf_checks=True).post(
        path, fields_of(fields), FORM, headers={"X-Twilio-Signature": signature}
    )


FORM = "application/x-www-form-urlencoded"


def fields_of(fields):
    from urllib.parse import urlencode

    return urlencode(fields)


def status(message, state, **fields):
    return twilio({"MessageSid": "SM1", "MessageStatus": state, **fields}, f"?of={message.tag}")


def whatsapp(content, secret="whatsapp-secret"):
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": content}]}]})
    signature = hmac.digest(secret.encode(), body.encode(), "sha256").hex()
    headers = {"X-Hub-Signature-256": f"sha256={signature}"}
    return Client().post(reverse("messaging:callback", args=["whatsapp"]), body, "application/json", headers=headers)


def sms(content, moment, secret="sms-secret"):
    body, stamp = json.dumps(content), str(int(moment.timestamp()))
    signature = hmac.digest(secret.encode(), f"{stamp}.{body}".encode(), "sha256").hex()
    headers = {"X-Timestamp": stamp, "X-Signature": f"sha256={signature}"}
    return Client().post(reverse("messaging:callback", args=["sms_http"]), body, "application/json", headers=headers)


def fate(message):
    message.refresh_from_db()
    return message.status, message.receipt


class TestCallback:
    def test_proves_a_signature_that_twilios_own_example_has(self, settings):
        """The vector of Twilio's documentation, and of its library's tests."""
        from messaging.callbacks import Call, ear_of

        settings.TWILIO = {"token": "12345"}
        fields = {
            "CallSid": "CA1234567890ABCDE",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
            "Caller": "+14158675309",
        }
        call = Call(
            url="https://mycompany.com/myapp.php?foo=1&bar=2",
            headers={"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
            body=fields_of(fields).encode(),
            at=None,
        )
        assert ear_of("twilio").is_genuine(call)

    @pytest.mark.parametrize("secret", ["other", ""])
    def test_refuses_what_another_signed(self, sent, secret, now):
        assert (
            twilio({"MessageSid": "SM1", "MessageStatus": "read"}, f"?of={sent.tag}", secret or "x").status_code == 403
        )
        assert whatsapp({"statuses": []}, secret or "x").status_code == 403
        assert sms({"type": "status"}, now, secret or "x").status_code == 403
        assert fate(sent) == (Status.SENT, "")

    def test_refuses_a_signature_for_another_address(self, sent):
        fields = {"MessageSid": "SM1", "MessageStatus": "read"}
        assert twilio(fields, f"?of={sent.tag}", url="http://internal:8000").status_code == 403

    def test_refuses_what_is_not_signed_at_all(self):
        for gateway in ("twilio", "whatsapp", "sms_http"):
            assert Client().post(reverse("messaging:callback", args=[gateway]), {}).status_code == 403

    def test_refuses_what_was_kept_and_said_again(self, now):
        assert sms({"type": "status", "status": "read"}, now - timedelta(minutes=6)).status_code == 403
        assert sms({"type": "status", "status": "read"}, now - timedelta(minutes=4)).status_code == 200

    def test_hears_no_more_of_one_who_keeps_guessing(self, sent):
        path = reverse("messaging:callback", args=["twilio"])
        answers = [Client().post(path, {}).status_code for _ in range(forgeries.MOST + 1)]
        assert answers == [403] * forgeries.MOST + [429]

    def test_reads_no_more_than_any_gateway_says(self):
        path = reverse("messaging:callback", args=["whatsapp"])
        assert Client().post(path, b"x" * (LARGEST_CALL + 1), "application/json").status_code == 413

    def test_says_the_same_of_messages_that_it_knows_and_does_not_know(self, sent):
        known, unknown = status(sent, "delivered"), twilio({"MessageSid": "SM9", "MessageStatus": "delivered"}, "?of=x")
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (200, b"<Response/>")

    def test_is_missing_for_a_gateway_that_is_not_used(self, settings):
        settings.MESSAGE_GATEWAYS = ["smtp"]
        for gateway in ("twilio", "smtp", "nothing"):
            assert Client().post(reverse("messaging:callback", args=[gateway]), {}).status_code == 404

    def test_says_so_of_what_it_cannot_read(self, now):
        assert twilio({"Nothing": "1"}).status_code == 400
        assert sms({"type": "status", "status": "lost"}, now).status_code == 400
        assert whatsapp({"statuses": [{"status": "read"}]}).status_code == 400

    def test_tells_whatsapp_once_that_the_address_is_ours(self):
        path = reverse("messaging:callback", args=["whatsapp"])
        asked = {"hub.mode": "subscribe", "hub.verify_token": "our-word", "hub.challenge": "12345"}
        assert Client().get(path, asked).content == b"12345"
        assert Client().get(path, asked | {"hub.verify_token": "guess"}).status_code == 404
        assert Client().get(path, asked | {"hub.challenge": "<script>"}).status_code == 404

    def test_keeps_no_session_and_asks_for_no_token(self, sent):
        answer = status(sent, "delivered")
        assert (answer.status_code, dict(answer.cookies)) == (200, {})


class TestNoteReceipt:
    @pytest.mark.parametrize(
        ("states", "receipt"),
        [
            (["sent"], ""),
            (["delivered"], Receipt.DELIVERED),
            (["delivered", "delivered"], Receipt.DELIVERED),
            (["delivered", "read"], Receipt.READ),
            (["read", "delivered", "sent"], Receipt.READ),
            (["delivered", "undelivered"], Receipt.DELIVERED),
        ],
    )
    def test_never_goes_back(self, sent, states, receipt):
        for state in states:
            assert status(sent, state).status_code == 200
        assert fate(sent) == (Status.SENT, receipt)

    def test_records_each_state_once(self, sent):
        for state in ("delivered", "delivered", "read"):
            status(sent, state)
        assert Event.objects.filter(type=EventType.MESSAGE_ARRIVED, household=sent.subject).count() == 2

    def test_is_shown_on_the_message(self, sent):
        status(sent, "delivered")
        sent.refresh_from_db()
        assert (sent.pill.tone, sent.pill.text) == ("ok", Receipt.DELIVERED.label)

    @pytest.mark.parametrize("state", [Status.CLAIMED, Status.UNCERTAIN])
    def test_settles_what_nobody_knew(self, now, state):
        message = MessageFactory(
            status=state,
            gateway="twilio",
            channel="sms",
            claim="7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10",
            claimed_at=now,
            claim_expires_at=now,
        )
        status(message, "sent")
        assert fate(message) == (Status.SENT, "")
        assert (message.gateway_ref, message.may_have_arrived_twice) == ("SM1", False)
        assert Event.objects.filter(type=EventType.MESSAGE_SENT, household=message.subject).exists()

    def test_takes_the_next_way_when_it_did_not_arrive(self, sent):
        status(sent, "undelivered", ErrorCode="30005")
        assert fate(sent) == (Status.PLANNED, Receipt.UNDELIVERED)
        assert (sent.error_code, sent.tried, sent.next_try_at) == ("twilio_30005", [f"sms:{sent.token}"], None)
        assert Event.objects.get(type=EventType.MESSAGE_UNDELIVERED).facts["code"] == "twilio_30005"

    def test_fails_when_it_did_not_arrive_and_it_is_too_late(self, sent, now):
        Message.objects.update(expires_at=now, due_at=now - timedelta(days=1))
        status(sent, "undelivered", ErrorCode="30005")
        assert fate(sent) == (Status.FAILED, Receipt.UNDELIVERED)

    def test_is_not_heard_of_a_way_that_was_given_up(self, sent):
        earlier = f"?of={sent.tag}"
        status(sent, "undelivered")
        twilio({"MessageSid": "SM1", "MessageStatus": "delivered"}, earlier)
        assert fate(sent) == (Status.PLANNED, Receipt.UNDELIVERED)

    def test_calls_again_after_a_pause_who_did_not_pick_up(self, sent, now):
        Message.objects.update(channel="voice", attempts=1)
        twilio({"CallSid": "CA1", "CallStatus": "no-answer"}, f"?of={sent.tag}")
        assert fate(sent)[0] == Status.PLANNED
        assert sent.tried == []
        assert timedelta(seconds=60) <= sent.next_try_at - now <= timedelta(seconds=75)

    def test_hears_whatsapp_by_our_name_and_by_its_own(self, sent):
        Message.objects.update(gateway="whatsapp", gateway_ref="wamid.1")
        whatsapp({"statuses": [{"id": "wamid.1", "status": "delivered"}]})
        assert fate(sent) == (Status.SENT, Receipt.DELIVERED)
        whatsapp({"statuses": [{"id": "other", "status": "read", "biz_opaque_callback_data": sent.tag}]})
        assert fate(sent) == (Status.SENT, Receipt.READ)

    def test_hears_any_other_service(self, sent, now):
        Message.objects.update(gateway="sms_http")
        sms({"type": "status", "tag": sent.tag, "id": "x", "status": "delivered"}, now)
        assert fate(sent) == (Status.SENT, Receipt.DELIVERED)

    def test_is_not_heard_from_another_gateway(self, sent):
        whatsapp({"statuses": [{"id": "SM1", "status": "read", "biz_opaque_callback_data": sent.tag}]})
        assert fate(sent) == (Status.SENT, "")


def write(text, sid="SM-in-1", number=NUMBER):
    return twilio({"MessageSid": sid, "From": number, "To": "+15005550006", "Body": text})


class TestNoteReply:
    def test_keeps_the_words_for_the_household_whose_number_it_was(self, sent):
        assert write("¿Puedo llevar a mi hija?").status_code == 200
        reply = Reply.objects.get()
        assert (reply.text, reply.address, reply.meaning) == ("¿Puedo llevar a mi hija?", NUMBER, "unclear")
        assert reply.handled_at is None
        assert [each.subject for each in reply.about.all()] == [sent.subject]
        assert Event.objects.get(type=EventType.REPLY_RECEIVED).household == sent.subject

    def test_hears_it_once_however_often_it_is_told(self, sent):
        for _ in range(3):
            write("Ayuda")
        assert Reply.objects.count() == 1
        assert Event.objects.filter(type=EventType.REPLY_RECEIVED).count() == 1

    def test_keeps_words_and_number_out_of_events_and_logs(self, sent, caplog):
        caplog.set_level("DEBUG")
        write("Estoy en la calle Juárez")
        facts = " ".join(str(event.facts) for event in Event.objects.all())
        for trace in ("calle", NUMBER[1:]):
            assert trace not in facts + caplog.text

    def test_notes_a_yes_on_what_was_last_said_and_waits_for_nobody(self, sent, now):
        earlier = MessageFactory(
            status=Status.SENT, sent_at=now - timedelta(days=3), token=sent.token, recipient=sent.recipient
        )
        write("Sí, gracias")
        assert fate(sent) == (Status.SENT, Receipt.READ)
        assert (sent.confirmed_at, sent.pill.tone) == (now, "ok")
        assert fate(earlier) == (Status.SENT, "")
        assert Reply.objects.get().handled_by == "gateways"

    def test_silences_the_number_at_once(self, sent, now):
        write("STOP")
        number = Number.objects.get()
        assert (number.token, number.stopped_at) == (sent.token, now)
        assert number.is_stopped_for(now - timedelta(days=1))
        assert not number.is_stopped_for(now + timedelta(seconds=1))
        assert Event.objects.filter(type=EventType.NUMBER_STOPPED, household=sent.subject).exists()
        assert Reply.objects.open().count() == 1

    def test_takes_a_wrong_number_out_of_use(self, sent, now):
        write("Número equivocado")
        assert Number.objects.get().wrong_at == now

    def test_knows_a_number_however_the_gateway_writes_it(self, sent):
        whatsapp({"messages": [{"id": "wamid.5", "from": "5216561230000", "type": "text", "text": {"body": "baja"}}]})
        assert Number.objects.get().token == sent.token

    def test_keeps_what_has_no_words(self, sent):
        whatsapp({"messages": [{"id": "wamid.6", "from": NUMBER[1:], "type": "image", "image": {"id": "1"}}]})
        assert (Reply.objects.get().text, Reply.objects.get().meaning) == ("", "unclear")

    def test_tells_of_all_who_share_the_phone(self, sent, now):
        other = MessageFactory(status=Status.SENT, sent_at=now, token=sent.token)
        write("Ayuda")
        assert {each.subject for each in Reply.objects.get().about.all()} == {sent.subject, other.subject}

    def test_hears_of_any_other_service(self, sent, now):
        sms({"type": "message", "id": "1", "from": "656 123 0000", "text": "Ayuda"}, now)
        assert Reply.objects.get().address == NUMBER

    def test_does_not_hear_what_comes_from_no_number(self, sent):
        assert write("Oferta", number="BANCO").status_code == 200
        assert not Reply.objects.exists()
