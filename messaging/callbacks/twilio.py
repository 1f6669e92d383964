"""Twilio's calls: forms, signed over the address and their sorted fields (https://www.twilio.com/docs/usage/security)."""

import base64
import hmac
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import settings

from messaging.callbacks.base import Call, Ear, Heard, News, Receipt, Told, Unreadable

TEXTS = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), Told.TAKEN),
    **dict.fromkeys(("undelivered", "failed", "canceled"), Told.UNDELIVERED),
    "delivered": Told.DELIVERED,
    "read": Told.READ,
}
CALLS = {
    **dict.fromkeys(("queued", "initiated", "ringing", "in-progress"), Told.TAKEN),
    **dict.fromkeys(("busy", "no-answer"), Told.UNANSWERED),
    **dict.fromkeys(("failed", "canceled"), Told.UNDELIVERED),
    "completed": Told.DELIVERED,
}


class TwilioEar(Ear):
    """Of texts and calls of the account of `settings.TWILIO`."""

    code: ClassVar[str] = "twilio"
    answer: ClassVar[str] = "<Response/>"
    answer_type: ClassVar[str] = "text/xml"

    def is_set_up(self) -> bool:
        """The account's token signs."""
        return bool(settings.TWILIO["token"])

    def is_genuine(self, call: Call) -> bool:
        """HMAC-SHA1 over the address that Twilio called and each field with its value, sorted by name."""
        fields = sorted(_pairs(call))
        signed = call.url + "".join(f"{name}{value}" for name, value in fields)
        digest = hmac.digest(settings.TWILIO["token"].encode(), signed.encode(), "sha1")
        return hmac.compare_digest(
            base64.b64encode(digest), call.headers.get("x-twilio-signature", "").encode(errors="replace")
        )

    def read(self, call: Call) -> News:
        """A call with words is somebody's; every other tells of a message of ours."""
        fields = dict(_pairs(call))
        tag = parse_qs(urlsplit(call.url).query).get("of", [""])[0]
        code = fields.get("ErrorCode", "")
        code = f"twilio_{code}" if code.isdecimal() else ""
        if told := TEXTS.get(fields.get("MessageStatus", "")):
            return News(receipts=(Receipt(told=told, tag=tag, ref=fields.get("MessageSid", ""), code=code),))
        if told := CALLS.get(fields.get("CallStatus", "")):
            return News(receipts=(Receipt(told=told, tag=tag, ref=fields.get("CallSid", ""), code=code),))
        if "Body" in fields and fields.get("MessageSid") and fields.get("From"):
            return News(replies=(_heard(fields),))
        if "MessageStatus" in fields or "CallStatus" in fields:
            return News()  # a state that Twilio has added since: nothing that we wait for
        raise Unreadable


def _heard(fields: dict[str, str]) -> Heard:
    sender = fields["From"]
    channel = "whatsapp" if sender.startswith("whatsapp:") else "sms"
    return Heard(
        ref=fields["MessageSid"], channel=channel, address=sender.removeprefix("whatsapp:"), text=fields["Body"]
    )


def _pairs(call: Call) -> list[tuple[str, str]]:
    try:
        return parse_qsl(call.body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []
