import json
import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from messaging.gateways import FateUnknown, Letter, NotSeen, PermanentFailure, Sent, TemporaryFailure, Unknown, http
from messaging.gateways.sms import HttpSmsGateway
from messaging.gateways.twilio import TwilioGateway
from messaging.gateways.whatsapp import WhatsAppGateway
from mpp_tracker import ways_out
from tests.messaging.playing import Player

UID = uuid.UUID(int=7)
NUMBER = "+526561230000"
LETTER = Letter(
    uid=UID,
    tag=f"{UID}.0",
    channel="sms",
    address=NUMBER,
    language="spa",
    title="Recordatorio",
    body="Lleve sus papeles. Mañana & <04:30>.",
    handed_at=datetime(2021, 12, 8, 18, tzinfo=UTC),
)
CALL = replace(LETTER, channel="voice")


@pytest.fixture
def player(settings, monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    player = Player()
    settings.TWILIO = {
        "url": player.url,
        "account": "AC1",
        "token": "secret",
        "from": "+15005550006",
        "messaging_service": "",
    }
    settings.SMS_HTTP = {
        "url": f"{player.url}/send",
        "fields": {"to": "{address}", "content": {"text": "{body}"}, "ids": ["{tag}"], "kind": "text"},
        "token": "t0ken",
        "key_header": "Idempotency-Key",
        "secret": "",
    }
    form = {"name": "aviso_1", "language": "es_MX", "params": ["day", "body"]}
    settings.WHATSAPP = {
        "url": player.url,
        "phone_id": "55",
        "token": "t0ken",
        "templates": {"ahead.spa": form, "*.por": {**form, "params": ["body"], "language": "pt_BR"}},
    }
    yield player
    player.close()


EVERY = pytest.mark.parametrize(
    "gateway", [TwilioGateway(), HttpSmsGateway(), WhatsAppGateway()], ids=lambda each: each.code
)
FORM = replace(LETTER, template="ahead", pieces={"day": "lunes 9"})


@EVERY
class TestEveryGatewayOverHttp:
    def test_gives_the_gateways_own_name_for_it(self, gateway, player):
        assert gateway.send(FORM) == Sent({"twilio": "SM1", "sms_http": "id-1", "whatsapp": "wamid.1"}[gateway.code])

    @pytest.mark.parametrize("status", [429, 500, 503, 401])
    def test_comes_again_when_the_gateway_is_not_in_order(self, gateway, player, status):
        player.behave = (status, {"code": 1, "message": f"not {NUMBER}"})
        with pytest.raises(TemporaryFailure) as caught:
            gateway.send(FORM)
        assert caught.value.code == f"http_{status}"

    @pytest.mark.parametrize("status", [502, 504])
    def test_does_not_claim_to_know_when_something_between_gave_up(self, gateway, player, status):
        player.behave = (status, {})
        with pytest.raises(FateUnknown):
            gateway.send(FORM)

    def test_does_not_claim_to_know_when_the_line_is_cut_after_the_words(self, gateway, player):
        player.behave = "hang up"
        with pytest.raises(FateUnknown) as caught:
            gateway.send(FORM)
        assert caught.value.code == "gateway_broke_off"

    def test_does_not_claim_to_know_when_it_says_nothing(self, gateway, player):
        player.behave = "stall"
        with pytest.raises(FateUnknown) as caught:
            gateway.send(FORM)
        assert caught.value.code == "gateway_silent"

    def test_comes_again_when_nobody_is_there(self, gateway, player):
        player.server.shutdown()
        player.server.server_close()
        with pytest.raises(TemporaryFailure) as caught:
            gateway.send(FORM)
        assert caught.value.code == "gateway_unreachable"
        player.server.server_close()
        player.close = lambda: None

    def test_is_not_led_elsewhere(self, gateway, player):
        player.behave = (307, {})
        with pytest.raises(TemporaryFailure):
            gateway.send(FORM)
        assert len(player.calls) == 1

    def test_keeps_number_and_words_out_of_logs_and_errors(self, gateway, player, caplog):
        caplog.set_level(logging.DEBUG)
        said = []
        for behave in (
            "take",
            "hang up",
            (400, {"code": 21211, "message": f"{NUMBER} is no number", "error": {"code": 131026}}),
        ):
            player.behave = behave
            try:
                gateway.send(FORM)
                gateway.lookup(FORM)
            except (FateUnknown, PermanentFailure) as error:
                said.append(f"{error!r} {error.__context__ and ''} {error.code}")
        assert len(said) == 2
        for trace in (NUMBER, NUMBER[1:], "papeles", "%2B52"):
            assert trace not in caplog.text + "".join(said)


class TestTwilioGateway:
    def test_sends_a_text_that_will_be_told_of_by_our_name(self, player):
        TwilioGateway().send(LETTER)
        (call,) = player.calls
        assert call["path"] == "/2010-04-01/Accounts/AC1/Messages.json"
        assert call["fields"] == {
            "To": NUMBER,
            "From": "+15005550006",
            "Body": LETTER.body,
            "StatusCallback": f"http://localhost:8000/messages/callbacks/twilio/?of={UID}.0",
        }
        assert call["headers"]["Authorization"].startswith("Basic ")

    def test_uses_the_messaging_service_where_there_is_one(self, player, settings):
        settings.TWILIO["messaging_service"] = "MG1"
        TwilioGateway().send(LETTER)
        assert player.calls[0]["fields"]["MessagingServiceSid"] == "MG1"
        assert "From" not in player.calls[0]["fields"]

    def test_reads_the_words_out_twice_in_their_language(self, player):
        TwilioGateway().send(CALL)
        (call,) = player.calls
        assert call["path"].endswith("/Calls.json")
        say = '<Say language="es-MX">Lleve sus papeles. Mañana &amp; &lt;04:30&gt;.</Say>'
        assert call["fields"]["Twiml"] == f'<Response>{say}<Pause length="2"/>{say}</Response>'

    def test_does_not_call_in_a_language_that_it_cannot_speak(self, player):
        with pytest.raises(PermanentFailure) as caught:
            TwilioGateway().send(replace(CALL, language="hat"))
        assert (caught.value.code, player.calls) == ("no_voice", [])

    @pytest.mark.parametrize(
        ("code", "kind", "kept"),
        [
            (21211, PermanentFailure, "twilio_21211"),
            (21611, TemporaryFailure, "twilio_21611"),
            ("x<y", PermanentFailure, "twilio_400"),
        ],
    )
    def test_keeps_the_code_of_a_refusal(self, player, code, kind, kept):
        player.behave = (400, {"code": code, "message": NUMBER})
        with pytest.raises(kind) as caught:
            TwilioGateway().send(LETTER)
        assert caught.value.code == kept

    def test_finds_what_it_took_by_number_words_and_moment(self, player):
        letter = replace(LETTER, handed_at=datetime.now(UTC))
        player.behave = "hang up"
        with pytest.raises(FateUnknown):
            TwilioGateway().send(letter)
        assert TwilioGateway().lookup(letter) == Sent("SM1")
        assert TwilioGateway().lookup(replace(letter, body="Otra cosa.")) == Unknown()
        assert TwilioGateway().lookup(replace(letter, address="+526561230001")) == Unknown()
        assert TwilioGateway().lookup(replace(letter, handed_at=letter.handed_at + timedelta(minutes=1))) == Unknown()

    def test_does_not_take_a_list_without_it_for_a_no(self, player):
        assert TwilioGateway().lookup(LETTER) == Unknown()
        assert player.asked[0][1]["DateSent>"] == "2021-12-08"


class TestHttpSmsGateway:
    def test_fills_the_blanks_at_any_depth_and_bears_our_key(self, player):
        HttpSmsGateway().send(LETTER)
        (call,) = player.calls
        assert call["fields"] == {"to": NUMBER, "content": {"text": LETTER.body}, "ids": [LETTER.tag], "kind": "text"}
        assert call["headers"]["Idempotency-Key"] == LETTER.tag
        assert call["headers"]["Authorization"] == "Bearer t0ken"

    def test_is_taken_once_however_often_it_is_handed_over(self, player):
        player.honours = "Idempotency-Key"
        player.behave = "hang up"
        with pytest.raises(FateUnknown):
            HttpSmsGateway().send(LETTER)
        assert HttpSmsGateway().lookup(LETTER) == NotSeen()
        player.behave = "take"
        assert HttpSmsGateway().send(LETTER) == Sent("id-1")
        assert len(player.taken) == 1

    def test_knows_nothing_where_the_service_honours_no_key(self, player, settings):
        settings.SMS_HTTP["key_header"] = ""
        assert HttpSmsGateway().lookup(LETTER) == Unknown()


class TestWhatsAppGateway:
    def test_fills_the_form_that_was_approved(self, player):
        WhatsAppGateway().send(FORM)
        (call,) = player.calls
        assert call["path"] == "/55/messages"
        assert call["fields"] == {
            "messaging_product": "whatsapp",
            "to": NUMBER[1:],
            "type": "template",
            "template": {
                "name": "aviso_1",
                "language": {"code": "es_MX"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "lunes 9"}, {"type": "text", "text": LETTER.body}],
                    }
                ],
            },
            "biz_opaque_callback_data": LETTER.tag,
        }

    def test_takes_the_form_for_everything_where_there_is_none_of_its_own(self, player):
        WhatsAppGateway().send(replace(LETTER, language="por"))
        assert player.calls[0]["fields"]["template"]["language"] == {"code": "pt_BR"}

    @pytest.mark.parametrize(
        ("letter", "code"),
        [(replace(FORM, language="hat"), "no_template"), (replace(FORM, pieces={}), "template_lacks_piece")],
    )
    def test_leaves_it_to_the_next_way_without_a_form(self, player, letter, code):
        with pytest.raises(PermanentFailure) as caught:
            WhatsAppGateway().send(letter)
        assert (caught.value.code, player.calls) == (code, [])

    @pytest.mark.parametrize(("code", "kind"), [(131026, PermanentFailure), (131056, TemporaryFailure)])
    def test_keeps_the_code_of_a_refusal(self, player, code, kind):
        player.behave = (400, {"error": {"code": code, "message": NUMBER}})
        with pytest.raises(kind) as caught:
            WhatsAppGateway().send(FORM)
        assert caught.value.code == f"whatsapp_{code}"


class TestWaysOut:
    def test_refuses_to_start_half_set_up(self):
        with pytest.raises(ways_out.ImproperlyConfigured, match="TWILIO_AUTH_TOKEN, TWILIO_FROM"):
            ways_out.gateways({"MPP_GATEWAYS": "smtp,twilio", "TWILIO_ACCOUNT_SID": "AC1"})

    def test_refuses_fields_that_are_no_json(self):
        with pytest.raises(ways_out.ImproperlyConfigured, match="SMS_HTTP_FIELDS"):
            ways_out.sms_http({"SMS_HTTP_FIELDS": "{"})

    def test_reads_forms_from_the_environment(self):
        assert ways_out.whatsapp({"WHATSAPP_TEMPLATES": json.dumps({"*.spa": {}})})["templates"] == {"*.spa": {}}
