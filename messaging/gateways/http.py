"""One request to a gateway over HTTP, and what its end says about the message's fate.

Each request has a connection of its own: on a kept one that the other side has just closed nobody could tell whether the message
was taken. Addresses come from the settings alone and redirects are not followed. What went over the line is never logged, and no
text of an error that might repeat it is kept.
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3

from messaging.gateways.base import FateUnknown, PermanentFailure, TemporaryFailure

CONNECT_SECONDS = 5
READ_SECONDS = 20  # for one piece of an answer
WHOLE_SECONDS = 40  # for all of it; a claim holds three times as long
LARGEST_ANSWER = 1 << 20
# The gateway's side is not in order (a key, an address, a limit): another way would hide that, and an hour may mend it.
COME_AGAIN = frozenset({401, 402, 403, 404, 408, 425, 429, 500, 503})
# Something stood between us and the gateway, and gave up on it.
NOBODY_KNOWS = frozenset({502, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx or 4xx with its JSON, empty where it had none that could be read."""

    status: int
    content: Mapping[str, Any] = field(default_factory=dict)


def ask(method: str, url: str, **options: Any) -> Answer:
    """The answer of `url`. `options` are those of requests (auth, headers, params, data, json).

    Raises TemporaryFailure when nothing can have been taken, FateUnknown when it may have been; other refusals (4xx) are returned,
    for their codes are the gateway's own.
    """
    try:
        response = requests.request(
            method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, stream=True, **options
        )
    except requests.RequestException as error:
        raise _broken(error) from None
    with response:
        status = response.status_code
        if status in NOBODY_KNOWS:
            raise FateUnknown(f"http_{status}")
        if status in COME_AGAIN or status >= 500 or 300 <= status < 400:
            raise TemporaryFailure(f"http_{status}")
        return Answer(status, _content(response))


def refused(answer: Answer, *, code: object, gateway: str, come_again: frozenset[int] = frozenset()) -> None:
    """Raise what a refusal with the gateway's own `code` means; nothing of its text is kept, which may repeat the number."""
    number = int(code) if isinstance(code, int | str) and str(code).isdecimal() else None
    name = f"{gateway}_{number if number is not None else answer.status}"[:40]
    if number in come_again:
        raise TemporaryFailure(name)
    raise PermanentFailure(name)


def _broken(error: requests.RequestException) -> TemporaryFailure | FateUnknown:
    """Before the line stood nothing can have been taken; whatever broke afterwards may have come through."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    before = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    unproven = isinstance(reason, urllib3.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason)
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, before) or unproven:
        return TemporaryFailure("gateway_unreachable")
    if isinstance(error, requests.ReadTimeout):
        return FateUnknown("gateway_silent")
    return FateUnknown("gateway_broke_off")


def _content(response: requests.Response) -> Mapping[str, Any]:
    """The JSON of an answer whose status is known: if it breaks off, is too long or too slow, the status must do."""
    until, body = time.monotonic() + WHOLE_SECONDS, bytearray()
    try:
        for piece in response.iter_content(1 << 14):
            body += piece
            if len(body) > LARGEST_ANSWER or time.monotonic() > until:
                return {}
        content = json.loads(body)
    except (requests.RequestException, ssl.SSLError, OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
