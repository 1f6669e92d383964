"""Twilio: text messages, and calls in which our words are read out, for those who do not read.

It honours no key of ours. A crash between its yes and our commit leaves the message uncertain: it is looked for among those to the
same number since the hand-over, and where it is not found nobody knows. What it tells later comes to `messaging.callbacks.twilio`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings

from messaging.gateways.base import Fate, Gateway, Letter, PermanentFailure, Sent, Unknown
from messaging.gateways.http import ask, refused

# The voices of <Say>, by our ISO 639-3 codes. There is none for Haitian Creole: those who speak it are written to.
VOICES = {"spa": "es-MX", "eng": "en-US", "por": "pt-BR", "fra": "fr-FR"}
# Queue full, too many requests: https://www.twilio.com/docs/api/errors
COME_AGAIN = frozenset({20001, 20429, 21611, 30001})
CLOCKS_DIFFER = timedelta(seconds=5)
LISTED = 50


class TwilioGateway(Gateway):
    """The account of `settings.TWILIO`."""

    code: ClassVar[str] = "twilio"
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "voice"})
    patience_seconds: ClassVar[float] = 60

    def send(self, letter: Letter) -> Sent:
        """Have it sent, or have the number called."""
        fields = _call(letter) if letter.channel == "voice" else _text(letter)
        answer = ask("POST", _address(letter.channel), auth=_key(), data=fields)
        if answer.status >= 300:
            refused(answer, code=answer.content.get("code"), gateway=self.code, come_again=COME_AGAIN)
        return Sent(str(answer.content.get("sid", "")))

    def lookup(self, letter: Letter) -> Fate:
        """Whether the account's list holds it. The list may be behind, so that what is not in it may still have been taken."""
        since = letter.handed_at - CLOCKS_DIFFER
        day = "StartTime>" if letter.channel == "voice" else "DateSent>"
        params = {"To": letter.address, day: f"{since.astimezone(UTC):%Y-%m-%d}", "PageSize": str(LISTED)}
        answer = ask("GET", _address(letter.channel), auth=_key(), params=params)
        listed = answer.content.get("calls" if letter.channel == "voice" else "messages") or []
        for one in listed:
            if _is_ours(one, letter, since):
                return Sent(str(one.get("sid", "")))
        return Unknown()


def _is_ours(listed: Mapping[str, Any], letter: Letter, since: datetime) -> bool:
    """A call is known by its moment, a text by its words as well."""
    try:
        made_at = parsedate_to_datetime(str(listed.get("date_created", "")))
    except ValueError:
        return False
    return made_at >= since and (letter.channel == "voice" or listed.get("body") == letter.body)


def _text(letter: Letter) -> dict[str, str]:
    sender = settings.TWILIO["messaging_service"]
    who = {"MessagingServiceSid": sender} if sender else {"From": settings.TWILIO["from"]}
    return {"To": letter.address, "Body": letter.body, "StatusCallback": callback_url(letter.tag), **who}


def _call(letter: Letter) -> dict[str, str]:
    voice = VOICES.get(letter.language)
    if voice is None:
        raise PermanentFailure("no_voice")
    say = f"<Say language={quoteattr(voice)}>{escape(letter.body)}</Say>"
    return {
        "To": letter.address,
        "From": settings.TWILIO["from"],
        "Twiml": f'<Response>{say}<Pause length="2"/>{say}</Response>',
        "StatusCallback": callback_url(letter.tag),
    }


def callback_url(tag: str) -> str:
    """Where Twilio tells what became of the message `tag`."""
    return f"{settings.PUBLIC_URL}/messages/callbacks/twilio/?of={quote(tag)}"


def _address(channel: str) -> str:
    account = settings.TWILIO["account"]
    return (
        f"{settings.TWILIO['url']}/2010-04-01/Accounts/{account}/{'Calls' if channel == 'voice' else 'Messages'}.json"
    )


def _key() -> tuple[str, str]:
    return settings.TWILIO["account"], settings.TWILIO["token"]
