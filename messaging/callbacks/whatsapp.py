"""WhatsApp's calls: JSON, signed over the body with the app's secret; many messages may be told of at once."""

import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.conf import settings

from messaging.callbacks.base import Call, Ear, Heard, News, Receipt, Told, Unreadable

STATES = {
    "sent": Told.TAKEN,
    "delivered": Told.DELIVERED,
    "read": Told.READ,
    "failed": Told.UNDELIVERED,
}


class WhatsAppEar(Ear):
    """Of the business number of `settings.WHATSAPP`."""

    code: ClassVar[str] = "whatsapp"

    def is_set_up(self) -> bool:
        """The app's secret signs."""
        return bool(settings.WHATSAPP["secret"])

    def is_genuine(self, call: Call) -> bool:
        """`X-Hub-Signature-256: sha256=<hex>`."""
        digest = hmac.digest(settings.WHATSAPP["secret"].encode(), call.body, "sha256").hex()
        signature = call.headers.get("x-hub-signature-256", "")
        return hmac.compare_digest(f"sha256={digest}".encode(), signature.encode(errors="replace"))

    def read(self, call: Call) -> News:
        """The states and the messages of every change that it tells."""
        try:
            content = json.loads(call.body)
            values = list(_values(content))
            receipts = tuple(_receipt(each) for value in values for each in value.get("statuses", ()))
            replies = tuple(_heard(each) for value in values for each in value.get("messages", ()))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unreadable from None
        return News(tuple(each for each in receipts if each is not None), replies)


def _values(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in content["entry"]:
        for change in entry["changes"]:
            yield change["value"]


def _receipt(status: Mapping[str, Any]) -> Receipt | None:
    told = STATES.get(status["status"])
    if told is None:
        return None
    errors = status.get("errors") or [{}]
    code = errors[0].get("code")
    return Receipt(
        told=told,
        tag=str(status.get("biz_opaque_callback_data", "")),
        ref=str(status["id"]),
        code=f"whatsapp_{code}" if isinstance(code, int) else "",
    )


def _heard(message: Mapping[str, Any]) -> Heard:
    """Pictures and voices have no words: a person must open WhatsApp itself."""
    place, name = {"text": ("text", "body"), "button": ("button", "text")}.get(message.get("type", ""), ("", ""))
    words = message[place][name] if place else ""
    return Heard(
        ref=str(message["id"]), channel="whatsapp", address=f"+{str(message['from']).lstrip('+')}", text=str(words)
    )
