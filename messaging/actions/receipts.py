"""What gateways tell of messages later: a state that never goes back, and the next way where this one did not arrive."""

import uuid
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from messaging.actions.sending import IN_HAND, fall_through, postpone
from messaging.callbacks import Receipt, Told
from messaging.models import Message

RECEIPTS = {Told.DELIVERED: Message.Receipt.DELIVERED, Told.READ: Message.Receipt.READ}
RANK = ["", *Message.Receipt.values]


@transaction.atomic
def note_receipt(*, gateway: str, receipt: Receipt, actor: Actor, at: datetime) -> bool:
    """Keep what `gateway` tells of a message. False where it is of none of ours, or of a way that was given up since.

    Told of a message whose fate was unknown, this is its fate. Told twice, or after something better, it changes nothing.
    """
    message = _told_of(gateway, receipt)
    if message is None or message.status not in (*IN_HAND, Message.Status.SENT):
        return False
    if receipt.told in (Told.UNDELIVERED, Told.UNANSWERED):
        return _note_failure(message, receipt, actor, at)
    if message.status in IN_HAND:
        _note_taken(message, receipt, actor, at)
    state = RECEIPTS.get(receipt.told, "")
    if RANK.index(state) > RANK.index(message.receipt):
        message.receipt, message.receipt_at = state, at
        message.save(update_fields=["receipt", "receipt_at"])
        _record(EventType.MESSAGE_ARRIVED, message, actor, at, receipt=str(state))
    return True


def _told_of(gateway: str, receipt: Receipt) -> Message | None:
    """By our own name for it, which the gateway knows before we know its; else by the gateway's. The way must be the present one."""
    ours = Message.objects.filter(gateway=gateway).select_for_update()
    uid, _dot, _way = receipt.tag.partition(".")
    try:
        message = ours.filter(uid=uuid.UUID(uid)).first()
    except ValueError:
        return ours.filter(gateway_ref=receipt.ref).first() if receipt.ref else None
    return message if message is not None and message.tag == receipt.tag else None


def _note_taken(message: Message, receipt: Receipt, actor: Actor, at: datetime) -> None:
    """The sender has not said it yet, or died before it could: the gateway has it."""
    message.status, message.sent_at, message.error_code = Message.Status.SENT, at, ""
    message.gateway_ref = receipt.ref[:120] or message.gateway_ref
    message.next_try_at = None
    message.save(update_fields=["status", "sent_at", "error_code", "gateway_ref", "next_try_at"])
    _record(
        EventType.MESSAGE_SENT,
        message,
        actor,
        at,
        channel=message.channel,
        attempts=message.attempts,
        may_have_arrived_twice=message.may_have_arrived_twice,
    )


def _note_failure(message: Message, receipt: Receipt, actor: Actor, at: datetime) -> bool:
    """What arrived cannot un-arrive. Who did not pick up is called again after a pause; else the next way is taken."""
    if message.receipt:
        return False
    code = receipt.code[:40] or str(receipt.told)
    _record(EventType.MESSAGE_UNDELIVERED, message, actor, at, channel=message.channel, code=code)
    message.receipt, message.receipt_at = Message.Receipt.UNDELIVERED, at
    again = postpone if receipt.told is Told.UNANSWERED else fall_through
    again(message=message, code=code, actor=actor, at=at)
    return True


def _record(event: EventType, message: Message, actor: Actor, at: datetime, **facts: str | int | bool) -> None:
    record(event, subject=message, actor=actor, at=at, household=message.subject, rung=message.rung, **facts)
