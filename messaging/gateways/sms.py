"""Any text service that takes JSON over HTTP: an address, fields with blanks, and a header in which it honours our key."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings

from messaging.gateways.base import Fate, Gateway, Letter, NotSeen, Sent, Unknown
from messaging.gateways.http import Answer, ask, refused


class HttpSmsGateway(Gateway):
    """The service of `settings.SMS_HTTP`. Blanks in its fields: {address}, {body}, {tag}, {language}."""

    code: ClassVar[str] = "sms_http"
    channels: ClassVar[frozenset[str]] = frozenset({"sms"})

    def send(self, letter: Letter) -> Sent:
        """Hand it over under its tag, so that a second hand-over is not sent again."""
        service = settings.SMS_HTTP
        headers = {}
        if service["token"]:
            headers["Authorization"] = f"Bearer {service['token']}"
        if service["key_header"]:
            headers[service["key_header"]] = letter.tag
        answer = ask("POST", service["url"], headers=headers, json=_filled(service["fields"], letter))
        if answer.status >= 300:
            refused(answer, code=answer.content.get("code"), gateway=self.code)
        return Sent(_ref(answer))

    def lookup(self, letter: Letter) -> Fate:
        """Where it honours our key handing over once more is safe, whatever became of the first; else nobody knows."""
        return NotSeen() if settings.SMS_HTTP["key_header"] else Unknown()


def _filled(fields: Any, letter: Letter) -> Any:
    """`fields` with their blanks filled, at any depth. Replaced, not formatted: what people's texts hold stays text."""
    if isinstance(fields, Mapping):
        return {name: _filled(value, letter) for name, value in fields.items()}
    if isinstance(fields, list):
        return [_filled(value, letter) for value in fields]
    blanks = {"{address}": letter.address, "{body}": letter.body, "{tag}": letter.tag, "{language}": letter.language}
    return blanks.get(fields, fields) if isinstance(fields, str) else fields


def _ref(answer: Answer) -> str:
    """The service's own name for it: `id` or `message_id`, as most call it."""
    return str(answer.content.get("id") or answer.content.get("message_id") or "")
