"""One sweep: settle what is uncertain, send what is due, say that the sweep ran.

Messages are taken in hand and worded some at a time; each goes claim, gateway, fate, with a commit between, so that a crash anywhere
leaves a row that tells where, and no more than one in doubt for each sender.
"""

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.actors import Actor
from messaging import actions
from messaging.composing import Draft
from messaging.gateways import (
    Fate,
    FateUnknown,
    Gateway,
    Letter,
    NotSeen,
    PermanentFailure,
    Sent,
    TemporaryFailure,
    Unknown,
    gateway_for,
)
from messaging.models import Message

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

NAME = "messages"
MOST_IN_HAND = 20
LONGEST = timedelta(seconds=100)  # well under the worker's own time limit; what is left waits for the next beat
SETTLE_PAUSES_SECONDS = (0.2, 0.5, 1, 2, 4)


def sweep(*, actor: Actor, clock: Clock, longest: timedelta = LONGEST, senders: int = 1) -> int:
    """Handle what is due until nothing is left or `longest` is over; returns how many messages were handled.

    Most of the time of a message is spent waiting for its gateway: so many `senders` wait side by side. Sweeps may run at once too:
    what one sender has in hand the others skip.
    """
    began = clock()
    actions.recover_expired_claims(actor=actor, at=began)
    actions.skip_outdated(actor=actor, at=began)
    until = began + longest
    handled = _settle_all(actor, clock, until)
    wanted = Message.objects.due(clock())[:senders].count() if senders > 1 else 1
    handled += _send_all(1, actor, clock, until) if wanted < 2 else _side_by_side(wanted, actor, clock, until)
    actions.beat(sweep=NAME, handled=handled, actor=actor, at=clock())
    return handled


def _side_by_side(senders: int, actor: Actor, clock: Clock, until: datetime) -> int:
    """The same by several at once, each with a connection of its own to the database."""

    def send() -> int:
        try:
            return _send_all(senders, actor, clock, until)
        finally:
            connection.close()

    with ThreadPoolExecutor(senders, thread_name_prefix="sender") as pool:
        return sum(future.result() for future in [pool.submit(send) for _ in range(senders)])


def _send_all(senders: int, actor: Actor, clock: Clock, until: datetime) -> int:
    """What one of `senders` does: takes its share of what is due in hand, sends it, and takes again until nothing is left."""
    handled = 0
    while clock() < until and (taken := actions.take_due(most=_share(senders, clock()), actor=actor, at=clock())):
        handled += taken.others
        hold_until = min(until, clock() + actions.WORDS_HOLD)
        for message, draft in taken.ready:
            if clock() >= hold_until:
                break
            handled += _send(message, draft, actor, clock)
    return handled


def _share(senders: int, at: datetime) -> int:
    """How many of those due are for each of `senders`, so that none is left with many while others are idle."""
    free = Message.objects.due(at).free(at)[: senders * MOST_IN_HAND].count()
    return max(1, free // senders)


def _send(message: Message, draft: Draft, actor: Actor, clock: Clock) -> bool:
    is_ours = actions.hand_over(
        message=message, draft=draft, claim_seconds=settings.CLAIM_SECONDS, actor=actor, at=clock()
    )
    if is_ours:
        _to_gateway(message, actor, clock)
    return is_ours


def _settle_all(actor: Actor, clock: Clock, until: datetime) -> int:
    handled = 0
    while clock() < until and _settle_next(actor, clock):
        handled += 1
    return handled


def _settle_next(actor: Actor, clock: Clock) -> bool:
    message = actions.claim_uncertain(claim_seconds=settings.CLAIM_SECONDS, actor=actor, at=clock())
    if message is None:
        return False
    try:
        fate = _not_anothers(message, _gateway_of(message).lookup(letter_of(message)))
    except (TemporaryFailure, FateUnknown):
        return True  # it does not answer now; the claim runs out and it is asked again
    if isinstance(fate, Sent):
        _persistently(lambda: actions.settle_sent(message=message, ref=fate.ref, actor=actor, at=clock()))
    elif actions.claim_resend(message=message, gateway_knows=isinstance(fate, NotSeen), actor=actor, at=clock()):
        _to_gateway(message, actor, clock)
    return True


def _to_gateway(message: Message, actor: Actor, clock: Clock) -> None:
    """Give a claimed message to its gateway and keep what became of it."""
    gateway = _gateway_of(message)
    try:
        sent = gateway.send(letter_of(message))
    except FateUnknown as error:
        code, patience = error.code, gateway.patience_seconds
        _persistently(
            lambda: actions.settle_unknown(
                message=message, code=code, patience_seconds=patience, actor=actor, at=clock()
            )
        )
    except (TemporaryFailure, PermanentFailure) as error:
        code, again = error.code, isinstance(error, TemporaryFailure)
        _persistently(
            lambda: actions.settle_failed(message=message, code=code, try_again=again, actor=actor, at=clock())
        )
    else:
        _persistently(lambda: actions.settle_sent(message=message, ref=sent.ref, actor=actor, at=clock()))


def letter_of(message: Message) -> Letter:
    """A claimed message as gateways are given it."""
    return Letter(
        uid=message.uid,
        tag=message.tag,
        channel=message.channel,
        address=message.address,
        language=message.language,
        title=message.title,
        body=message.body,
        handed_at=message.handed_at or message.due_at,
        template=message.template,
        pieces=json.loads(message.pieces or "{}"),
    )


def _not_anothers(message: Message, fate: Fate) -> Fate:
    """What a gateway found by number and words may be another message that says the same: one that is known is not ours."""
    if not isinstance(fate, Sent) or not fate.ref:
        return fate
    others = Message.objects.filter(gateway=message.gateway, gateway_ref=fate.ref).exclude(pk=message.pk)
    return Unknown() if others.exists() else fate


def _gateway_of(message: Message) -> Gateway:
    gateway = gateway_for(message.channel)
    if gateway is None:
        raise LookupError(f"no gateway carries {message.channel}")
    return gateway


def _persistently(settle: Callable[[], bool]) -> None:
    """Keep the fate of a message though the database is being restarted: a fact lost here would send it twice."""
    for pause_seconds in SETTLE_PAUSES_SECONDS:
        try:
            if not settle():
                logger.warning("a message was settled by another sweep after our claim on it ran out")
            return
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause_seconds)
    settle()
