"""Messages that are due, taken in hand some at a time and worded together, by as many queries for twenty as for one.

What is in hand waits as before: it may be withdrawn, and it is not handed over (`sending`) once something happened to its household or
its words are no longer of the moment; then anybody may take it again. A crash here leaves nothing in doubt, for only what is handed
over is claimed.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core.actors import Actor
from core.rows import update_rows
from messaging.actions.sending import fail, leave_out, postpone
from messaging.composing import Draft, Later, Skip, Worded, compose
from messaging.models import Message
from messaging.ways import Instead, NoWay, Numbers, next_way, numbers_of
from words.discretion import give_away

logger = logging.getLogger(__name__)

WORDS_HOLD = timedelta(seconds=10)  # for so long a message is sent as it was worded
WORDED_ANEW = ("address", "title", "body", "pieces")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one sender has in hand: messages with their words, in the order to be sent, and how many are not to go (yet)."""

    ready: Sequence[tuple[Message, Draft]] = ()
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.ready or self.others)


@transaction.atomic
def take_due(*, most: int, actor: Actor, at: datetime) -> Taken:
    """Take up to `most` of the longest due messages in hand and word them; nobody else takes them while their words hold.

    What must not go, or not yet, is settled here.
    """
    free = Message.objects.due(at).free(at).defer(*WORDED_ANEW).select_for_update(skip_locked=True)
    messages = list(free.with_happenings().order_by("due_at", "pk")[:most])  # counted before they are worded
    if not messages:
        return Taken()
    worded = _worded(messages, actor, at)
    told = numbers_of(each for each in worded if isinstance(each, Draft))
    said = [(message, _way(message, each, told)) for message, each in zip(messages, worded, strict=True)]
    ready = [(message, each) for message, each in said if isinstance(each, Draft)]
    _settle_others(said, actor, at)
    _hold([message for message, _ in ready], at)
    return Taken(ready, len(messages) - len(ready))


def _worded(messages: Sequence[Message], actor: Actor, at: datetime) -> list[Worded | None]:
    """What the composers say; None of a message that breaks them, which must not hold up the others."""
    try:
        with transaction.atomic():
            return [*compose(messages, actor=actor, at=at)]
    except Exception as error:  # logged without its text, which may hold what a message must not
        if len(messages) > 1:
            return [each for message in messages for each in _worded([message], actor, at)]
        (broken,) = messages
        logger.error("message %s (%s) could not be worded: %s", broken.uid, broken.purpose, type(error).__name__)
        return [None]


def _way(message: Message, said: Worded | None, numbers: Numbers) -> Worded | NoWay | None:
    """The way that a draft takes now, or why there is none; words that give their reader away take none."""
    if not isinstance(said, Draft):
        return said
    way = next_way(message, said, numbers)
    if isinstance(way, NoWay):
        return way
    if terms := give_away(f"{way.title} {way.body}", language=way.language):
        logger.error("message %s would give its reader away (%s)", message.uid, ", ".join(terms))
        return NoWay(Instead.FAIL, "gives_away")
    return way


def _settle_others(said: Iterable[tuple[Message, Worded | NoWay | None]], actor: Actor, at: datetime) -> None:
    """Leave out, put off or give up what is not to go now."""
    left_out: dict[str, list[Message]] = {}
    put_off: list[Message] = []
    for message, each in said:
        match each:
            case Skip(reason) | NoWay(Instead.SKIP, reason):
                left_out.setdefault(reason, []).append(message)
            case Later(at=when, reason=reason):
                message.wait_again(reason, until=when)
                put_off.append(message)
            case NoWay(Instead.WAIT, code):
                postpone(message=message, code=code, actor=actor, at=at)
            case NoWay(Instead.FAIL, code):
                fail(message=message, code=code, actor=actor, at=at)
            case None:
                postpone(message=message, code="cannot_word", actor=actor, at=at)
    for reason, messages in left_out.items():
        leave_out(messages=messages, reason=reason, actor=actor, at=at)
    update_rows(put_off, Message.OF_WAITING)


def _hold(messages: Sequence[Message], at: datetime) -> None:
    claim = uuid.uuid4()
    for message in messages:
        message.claim, message.claimed_at, message.claim_expires_at = claim, at, at + WORDS_HOLD
    in_hand = Message.objects.filter(pk__in=[message.pk for message in messages])
    in_hand.update(claim=claim, claimed_at=at, claim_expires_at=at + WORDS_HOLD)
