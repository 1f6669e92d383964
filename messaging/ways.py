"""Which way a message takes: the first that has not failed, whose number did not ask for silence, and that a gateway carries."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from messaging.composing import Draft
from messaging.gateways import gateway_for
from messaging.models import Message, Number
from privacy.blind_index import NoNumber, token_of_number


class Instead(Enum):
    """What becomes of a message that has no way."""

    SKIP = "skip"
    WAIT = "wait"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class NoWay:
    """There is none, and why; `code` stays on the row."""

    instead: Instead
    code: str


def token_of(channel: str, address: str) -> int | None:
    """The fingerprint of an address, the same for a number however it is written; None for what is no address."""
    with suppress(NoNumber):
        return token_of_number(address, "email" if channel == Message.Channel.EMAIL else "phone").value
    return None


def name_of(channel: str, address: str) -> str:
    """What a way is called on the row once it has failed: `sms:<fingerprint>`."""
    return f"{channel}:{token_of(channel, address)}"


class Numbers:
    """What the numbers of many drafts, and of what comes otherwise, told us; one query for all."""

    def __init__(self, addresses: Iterable[tuple[str, str]]) -> None:
        self.tokens = {way: token_of(*way) for way in set(addresses)}
        known = Number.objects.of(*{token for token in self.tokens.values() if token is not None})
        self.told = {number.token: number for number in known} if any(self.tokens.values()) else {}

    def of(self, channel: str, address: str) -> Number | None:
        """What this one told, if anything."""
        token = self.tokens[channel, address]
        return None if token is None else self.told.get(token)


def numbers_of(drafts: Iterable[Draft]) -> Numbers:
    """What the numbers told us that `drafts` may take."""
    return Numbers((way.channel, way.address) for draft in drafts for way in (draft, *draft.otherwise))


def next_way(message: Message, draft: Draft, numbers: Numbers) -> Draft | NoWay:
    """The way that `message` takes now, of `draft` and what comes otherwise; `numbers` are those of `draft`."""
    ways = [each for each in (draft, *draft.otherwise) if not _has_failed(message, each)]
    if not ways:
        return NoWay(Instead.FAIL, message.error_code or "no_way")
    told = [(each, numbers.of(each.channel, each.address)) for each in ways]
    right = [(each, number) for each, number in told if not (number and number.wrong_at)]
    if not right:
        return NoWay(Instead.FAIL, "wrong_number")
    heard = [each for each, number in right if not (number and number.is_stopped_for(each.agreed_at))]
    if not heard:
        return NoWay(Instead.SKIP, "stopped")
    carried = next((each for each in heard if gateway_for(each.channel)), None)
    return carried or NoWay(Instead.WAIT, "no_gateway")


def _has_failed(message: Message, draft: Draft) -> bool:
    return bool(message.tried) and name_of(draft.channel, draft.address) in message.tried


def reaches(addresses: Iterable[tuple[str, str]], agreed_at: datetime | None) -> bool:
    """Whether any of `addresses` (channel and address) may be written to, for somebody who agreed to messages at `agreed_at`."""
    ways = [*addresses]
    numbers = Numbers(ways)
    told = [numbers.of(*way) for way in ways]
    return any(number is None or not (number.wrong_at or number.is_stopped_for(agreed_at)) for number in told)
