"""What happens to messages in hand: handed over by whoever holds them, settled by whoever handed them over.

The gateway is called between two transactions, never inside one (`sweeping`): the claim is committed before, the fate after.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists

from audit.actions import Happening, record, record_all
from audit.models import EventType
from core.actors import Actor
from messaging.composing import Draft
from messaging.gateways import gateway_for
from messaging.models import Heartbeat, Message, Number
from messaging.patience import PAUSES, pause_of
from messaging.ways import name_of, token_of

Status = Message.Status


@transaction.atomic
def skip_outdated(*, actor: Actor, at: datetime) -> int:
    """Leave out what is of no more use, and return how many: nobody is reminded of what is past.

    What had failed on some way and found no other in time has failed: its reader was not reached.
    """
    late = list(Message.objects.out_of_date(at).select_for_update(skip_locked=True).order_by("pk"))
    untried = [message for message in late if not message.tried]
    leave_out(messages=untried, reason="expired", actor=actor, at=at)
    for message in late:
        if message.tried:
            fail(message=message, code=message.error_code, actor=actor, at=at)
    return len(late)


def hand_over(*, message: Message, draft: Draft, claim_seconds: float, actor: Actor, at: datetime) -> bool:
    """Claim `message`, which was taken in hand with the words of `draft`, and keep words and way on the row; then it may be sent.

    The claim holds for `claim_seconds`: a sender that has not settled it by then counts as dead. False when it is not to be sent
    by us: it was withdrawn or moved since, something happened to its household (another date, another phone), its number asked for
    silence, or its words hold no more.
    """
    gateway, token = gateway_for(draft.channel), token_of(draft.channel, draft.address)
    is_same_way = (message.channel, message.token) == (draft.channel, token)
    said = {
        "attempts": message.attempts + 1 if is_same_way or not message.channel else 1,
        "channel": draft.channel,
        "language": draft.language,
        "token": token,
        "address": draft.address,
        "title": draft.title,
        "body": draft.body,
        "template": draft.template,
        "pieces": json.dumps(dict(draft.pieces)),
        "gateway": gateway.code if gateway else "",
        "gateway_ref": "",
        "receipt": "",
        "receipt_at": None,
        "handed_at": at,
        "status": Status.CLAIMED,
        "claimed_at": at,
        "claim_expires_at": at + timedelta(seconds=claim_seconds),
    }
    held = Message.objects.due(at).filter(pk=message.pk, claim=message.claim, claim_expires_at__gt=at)
    held = held.undisturbed(message.happened)
    if token is not None:
        held = held.exclude(Exists(Number.objects.of(token).silent_for(draft.agreed_at)))
    if not held.update(**said):
        return False
    for name, value in said.items():
        setattr(message, name, value)
    return True


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
    _record(EventType.MESSAGE_UNCERTAIN, [message], actor, at)
    return True


@transaction.atomic
def recover_expired_claims(*, actor: Actor, at: datetime) -> int:
    """Mark as uncertain what was claimed and never settled, and return how many: a crash fell between claim and fate."""
    abandoned = list(Message.objects.abandoned(at).select_for_update(skip_locked=True).order_by("pk"))
    Message.objects.filter(pk__in=[message.pk for message in abandoned]).update(status=Status.UNCERTAIN)
    _record(EventType.MESSAGE_UNCERTAIN, abandoned, actor, at)
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


def postpone(*, message: Message, code: str, actor: Actor, at: datetime) -> Message:
    """Put a message back for a later try; after the last pause this way has failed, or where it never had one, the message."""
    had_a_way = message.status in (*IN_HAND, Status.SENT)
    if not had_a_way:
        message.attempts += 1
    tries = message.attempts
    if tries > len(PAUSES) or at + pause_of(message) >= message.expires_at:
        if had_a_way:
            return fall_through(message=message, code=code, actor=actor, at=at)
        return fail(message=message, code=code, actor=actor, at=at)
    return _put_back(message, code, next_try_at=at + pause_of(message))


def fall_through(*, message: Message, code: str, actor: Actor, at: datetime) -> Message:
    """This way has failed for good: the next claim takes the next one, and finds out when none is left. Too late, it fails."""
    message.tried = [*message.tried, name_of(message.channel, message.address)]
    if at >= message.expires_at:
        return fail(message=message, code=code, actor=actor, at=at)
    return _put_back(message, code, next_try_at=None)


def _put_back(message: Message, code: str, *, next_try_at: datetime | None) -> Message:
    message.wait_again(code, until=next_try_at)
    message.save()
    return message


def fail(*, message: Message, code: str, actor: Actor, at: datetime) -> Message:
    """Give `message` up: somebody must call."""
    message.status, message.error_code, message.next_try_at = Status.FAILED, code, None
    message.sent_at = None
    message.save()
    _record(EventType.MESSAGE_FAILED, [message], actor, at)
    return message


def leave_out(*, messages: Sequence[Message], reason: str, actor: Actor, at: datetime) -> None:
    """None of `messages` is to go, for the same reason."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(status=Status.SKIPPED, error_code=reason)
    for message in messages:
        message.status, message.error_code = Status.SKIPPED, reason
    _record(EventType.MESSAGE_SKIPPED, messages, actor, at)


def _record(event: EventType, messages: Iterable[Message], actor: Actor, at: datetime) -> None:
    happenings = [
        Happening(
            message,
            at,
            message.subject,
            {"rung": message.rung, "code": message.error_code, "attempts": message.attempts},
        )
        for message in messages
    ]
    if happenings:
        record_all(event, happenings, actor=actor)
