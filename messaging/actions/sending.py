"""What happens to messages that are due: claimed once, settled by whoever claimed them.

The gateway is called between two transactions, never inside one (`sweeping`): the claim is committed before, the fate after.
"""

import json
import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from messaging.composing import Draft, Later, Skip, compose
from messaging.gateways import gateway_for
from messaging.models import Heartbeat, Message
from messaging.patience import PAUSES, pause_of
from messaging.ways import Instead, NoWay, name_of, next_way, token_of
from words.discretion import give_away

logger = logging.getLogger(__name__)

Status = Message.Status


@transaction.atomic
def skip_outdated(*, actor: Actor, at: datetime) -> int:
    """Leave out what is of no more use, and return how many: nobody is reminded of what is past.

    What had failed on some way and found no other in time has failed: its reader was not reached.
    """
    late = list(Message.objects.out_of_date(at).select_for_update(skip_locked=True).order_by("pk"))
    for message in late:
        if message.tried:
            _fail(message, message.error_code, actor, at)
        else:
            _leave_out(message, "expired", actor, at)
    return len(late)


@transaction.atomic
def claim_next(*, claim_seconds: float, actor: Actor, at: datetime) -> Message | None:
    """Claim the longest due message and word it, so that exactly one sender sends it; None when nothing is due.

    The claim holds for `claim_seconds`: a sender that has not settled it by then counts as dead. A message that must not go is
    returned skipped, put off or failed instead of claimed.
    """
    message = Message.objects.due(at).select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if message is None:
        return None
    draft = _worded(message, actor, at)
    if isinstance(draft, Skip):
        return _leave_out(message, draft.reason, actor, at)
    if isinstance(draft, Later):
        return _put_back(message, draft.reason, next_try_at=draft.at)
    if draft is None:
        return postpone(message=message, code="cannot_word", actor=actor, at=at)
    way = next_way(message, draft)
    if isinstance(way, NoWay):
        return _instead(message, way, actor, at)
    return _claim(message, way, claim_seconds, actor, at)


def _instead(message: Message, no_way: NoWay, actor: Actor, at: datetime) -> Message:
    if no_way.instead is Instead.SKIP:
        return _leave_out(message, no_way.code, actor, at)
    if no_way.instead is Instead.WAIT:
        return postpone(message=message, code=no_way.code, actor=actor, at=at)
    return _fail(message, no_way.code, actor, at)


def _claim(message: Message, draft: Draft, claim_seconds: float, actor: Actor, at: datetime) -> Message:
    """Keep the words and the way on the row, and the claim; words that give their reader away fail instead."""
    if terms := give_away(f"{draft.title} {draft.body}", language=draft.language):
        logger.error("message %s would give its reader away (%s)", message.uid, ", ".join(terms))
        return _fail(message, "gives_away", actor, at)
    gateway, token = gateway_for(draft.channel), token_of(draft.channel, draft.address)
    is_same_way = (message.channel, message.token) == (draft.channel, token)
    message.attempts = message.attempts + 1 if is_same_way or not message.channel else 1
    message.channel, message.language, message.token = draft.channel, draft.language, token
    message.address, message.title, message.body = draft.address, draft.title, draft.body
    message.template, message.pieces = draft.template, json.dumps(dict(draft.pieces))
    message.gateway, message.gateway_ref = gateway.code if gateway else "", ""
    message.receipt, message.receipt_at, message.handed_at = "", None, at
    message.status, message.claim = Status.CLAIMED, uuid.uuid4()
    message.claimed_at, message.claim_expires_at = at, at + timedelta(seconds=claim_seconds)
    message.save()
    return message


@transaction.atomic
def settle_sent(*, message: Message, ref: str, actor: Actor, at: datetime) -> bool:
    """The gateway took `message`. False when the claim is no longer ours to settle."""
    if not _settle(message, status=Status.SENT, sent_at=at, gateway_ref=ref[:120], next_try_at=None, error_code=""):
        return False
    record(
        EventType.MESSAGE_SENT,
        subject=message,
        actor=actor,
        at=at,
        household=message.subject,
        channel=message.channel,
        rung=message.rung,
        attempts=message.attempts,
        may_have_arrived_twice=message.may_have_arrived_twice,
    )
    return True


@transaction.atomic
def settle_failed(*, message: Message, code: str, try_again: bool, actor: Actor, at: datetime) -> bool:
    """The gateway did not take `message`: plan the next try, or give up. False when the claim is no longer ours."""
    if not Message.objects.filter(pk=message.pk, claim=message.claim, status__in=IN_HAND).select_for_update().exists():
        return False
    if try_again:
        postpone(message=message, code=code, actor=actor, at=at)
    else:
        fall_through(message=message, code=code, actor=actor, at=at)
    return True


@transaction.atomic
def settle_unknown(*, message: Message, code: str, patience_seconds: float = 0, actor: Actor, at: datetime) -> bool:
    """The connection broke when the gateway may have taken `message`: have it looked into after `patience_seconds`.

    False when the claim is no longer ours.
    """
    look_at = at + timedelta(seconds=patience_seconds)
    if not _settle(message, status=Status.UNCERTAIN, claim_expires_at=look_at, error_code=code):
        return False
    _record(EventType.MESSAGE_UNCERTAIN, message, actor, at)
    return True


@transaction.atomic
def recover_expired_claims(*, actor: Actor, at: datetime) -> int:
    """Mark as uncertain what was claimed and never settled, and return how many: a crash fell between claim and fate."""
    abandoned = list(Message.objects.abandoned(at).select_for_update(skip_locked=True).order_by("pk"))
    Message.objects.filter(pk__in=[message.pk for message in abandoned]).update(status=Status.UNCERTAIN)
    for message in abandoned:
        _record(EventType.MESSAGE_UNCERTAIN, message, actor, at)
    return len(abandoned)


@transaction.atomic
def claim_uncertain(*, claim_seconds: float, actor: Actor, at: datetime) -> Message | None:
    """Claim the next message whose fate must be settled; None when there is none."""
    message = (
        Message.objects.to_settle(at).select_for_update(skip_locked=True).order_by("claim_expires_at", "pk").first()
    )
    if message is None:
        return None
    message.claim, message.claimed_at = uuid.uuid4(), at
    message.claim_expires_at = at + timedelta(seconds=claim_seconds)
    message.save(update_fields=["claim", "claimed_at", "claim_expires_at"])
    return message


@transaction.atomic
def claim_resend(*, message: Message, gateway_knows: bool, actor: Actor, at: datetime) -> bool:
    """Clear an uncertain `message` for another try with the same words and id; False when it must not go again.

    Where the gateway knows that it never saw the message, trying again is safe. Where nobody knows, it goes out once more and is
    marked as possibly received twice; after that, or once it is of no use, a person must call.
    """
    if message.expires_at <= at:
        settle_failed(message=message, code="fate_unknown", try_again=False, actor=actor, at=at)
        return False
    if not gateway_knows and message.may_have_arrived_twice:
        settle_failed(message=message, code="uncertain_twice", try_again=False, actor=actor, at=at)
        return False
    twice = message.may_have_arrived_twice or not gateway_knows
    if not _settle(message, status=Status.CLAIMED, may_have_arrived_twice=twice, attempts=message.attempts + 1):
        return False
    message.refresh_from_db()
    return True


def beat(*, sweep: str, handled: int, actor: Actor, at: datetime) -> None:
    """Note that the sweep called `sweep` ran to its end at `at`, having handled so many messages."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(sweep=sweep, ran_at=at, handled=handled)],
        update_conflicts=True,
        unique_fields=["sweep"],
        update_fields=["ran_at", "handled"],
    )


IN_HAND = (Status.CLAIMED, Status.UNCERTAIN)


def _settle(message: Message, **fate: object) -> bool:
    """Write the fate of a message if our claim on it still holds."""
    held = Message.objects.filter(pk=message.pk, claim=message.claim, status__in=IN_HAND)
    return bool(held.update(**fate))


def _worded(message: Message, actor: Actor, at: datetime) -> Draft | Later | Skip | None:
    """The composer's draft; None when the composer breaks: one broken message must not hold up the others."""
    try:
        with transaction.atomic():
            return compose(message, actor=actor, at=at)
    except Exception as error:  # logged without its text, which may hold what a message must not
        logger.error("message %s (%s) could not be worded: %s", message.uid, message.purpose, type(error).__name__)
        return None


def postpone(*, message: Message, code: str, actor: Actor, at: datetime) -> Message:
    """Put a message back for a later try; after the last pause this way has failed, or where it never had one, the message."""
    had_a_way = message.status in (*IN_HAND, Status.SENT)
    if not had_a_way:
        message.attempts += 1
    tries = message.attempts
    if tries > len(PAUSES) or at + pause_of(message) >= message.expires_at:
        if had_a_way:
            return fall_through(message=message, code=code, actor=actor, at=at)
        return _fail(message, code, actor, at)
    return _put_back(message, code, next_try_at=at + pause_of(message))


def fall_through(*, message: Message, code: str, actor: Actor, at: datetime) -> Message:
    """This way has failed for good: the next claim takes the next one, and finds out when none is left. Too late, it fails."""
    message.tried = [*message.tried, name_of(message.channel, message.address)]
    if at >= message.expires_at:
        return _fail(message, code, actor, at)
    return _put_back(message, code, next_try_at=None)


def _put_back(message: Message, code: str, *, next_try_at: datetime | None) -> Message:
    message.status, message.next_try_at, message.error_code = Status.PLANNED, next_try_at, code
    message.claim = message.claimed_at = message.claim_expires_at = message.sent_at = None
    message.save()
    return message


def _fail(message: Message, code: str, actor: Actor, at: datetime) -> Message:
    message.status, message.error_code, message.next_try_at = Status.FAILED, code, None
    message.sent_at = None
    message.save()
    _record(EventType.MESSAGE_FAILED, message, actor, at)
    return message


def _leave_out(message: Message, reason: str, actor: Actor, at: datetime) -> Message:
    message.status, message.error_code = Status.SKIPPED, reason
    message.save(update_fields=["status", "error_code"])
    _record(EventType.MESSAGE_SKIPPED, message, actor, at)
    return message


def _record(event: EventType, message: Message, actor: Actor, at: datetime) -> None:
    record(
        event,
        subject=message,
        actor=actor,
        at=at,
        household=message.subject,
        rung=message.rung,
        code=message.error_code,
        attempts=message.attempts,
    )
