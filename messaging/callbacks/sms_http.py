"""Calls of any other text service: JSON, signed with a shared secret over the moment and the body.

X-Timestamp: 1638986400
X-Signature: sha256=<hex of HMAC-SHA256 over "<timestamp>.<body>">
{"type": "status", "tag": "<ours>", "id": "<theirs>", "status": "delivered", "code": "30005"}
{"type": "message", "id": "<theirs>", "from": "+526561230000", "text": "Si"}
"""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from messaging.callbacks.base import Call, Ear, Heard, News, Receipt, Told, Unreadable

TOLERANCE = timedelta(minutes=5)


class HttpSmsEar(Ear):
    """Of the service of `settings.SMS_HTTP`."""

    code: ClassVar[str] = "sms_http"

    def is_set_up(self) -> bool:
        """The shared secret signs."""
        return bool(settings.SMS_HTTP["secret"])

    def is_genuine(self, call: Call) -> bool:
        """A call older than the tolerance is refused: somebody may have kept it."""
        stamp = call.headers.get("x-timestamp", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
            return False
        signed = f"{stamp}.".encode() + call.body
        digest = f"sha256={hmac.digest(settings.SMS_HTTP['secret'].encode(), signed, 'sha256').hex()}"
        is_signed = hmac.compare_digest(digest.encode(), call.headers.get("x-signature", "").encode(errors="replace"))
        return is_signed and abs(call.at.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()

    def read(self, call: Call) -> News:
        """One status or one message."""
        try:
            return _news(json.loads(call.body))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unreadable from None


def _news(content: Mapping[str, Any]) -> News:
    if content["type"] == "message":
        heard = Heard(
            ref=str(content["id"]), channel="sms", address=str(content["from"]), text=str(content.get("text", ""))
        )
        return News(replies=(heard,))
    code = str(content.get("code", ""))
    receipt = Receipt(
        told=Told(content["status"]),
        tag=str(content.get("tag", "")),
        ref=str(content.get("id", "")),
        code=f"sms_{code}" if code.isalnum() and code.isascii() and len(code) <= 20 else "",
    )
    return News(receipts=(receipt,))
