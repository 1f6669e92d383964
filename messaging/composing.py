"""Who words what: the rooms above register a composer per purpose, and are asked when messages are due.

A message row carries opaque ids only, so its words follow today's language, phone and hearing, and a row that waits gives
nothing away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.actors import Actor
from messaging.models import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message ready to go: `channel` is one of `Message.Channel`, `address` an E.164 number or an e-mail address.

    `otherwise` are the ways to try, in their order, once this one has failed for good. `agreed_at` is when the reader last agreed
    to messages: a number that asked for silence later gets none. `template` and `pieces` fill the forms that some gateways need.
    """

    channel: str
    address: str
    language: str
    body: str
    title: str = ""
    otherwise: "tuple[Draft, ...]" = ()
    agreed_at: datetime | None = None
    template: str = ""
    pieces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """The message is not to go; `reason` is a code kept on the row (`superseded`, `no_consent`, `no_address`)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """The message is not to go before `at`; `reason` is a code kept on the row (`quiet_hours`). No try is counted."""

    at: datetime
    reason: str


Worded = Draft | Skip | Later
Composer = Callable[[Sequence[Message], Actor, datetime], Sequence[Worded]]

_composers: dict[str, Composer] = {}


def composes(purpose: str) -> Callable[[Composer], Composer]:
    """Have the decorated function word the messages of `purpose`: many at a time, by as many queries as for one."""

    def register(composer: Composer) -> Composer:
        _composers[purpose] = composer
        return composer

    return register


def compose(messages: Sequence[Message], *, actor: Actor, at: datetime) -> list[Worded]:
    """The words and address of each of `messages` at `at`, or why it is not to go, or not yet, in their order.

    A purpose without a composer is a bug.
    """
    said: dict[int, Worded] = {}
    for purpose in dict.fromkeys(message.purpose for message in messages):
        mine = [message for message in messages if message.purpose == purpose]
        worded = _composers[purpose](mine, actor, at)
        said |= {message.pk: each for message, each in zip(mine, worded, strict=True)}
    return [said[message.pk] for message in messages]
