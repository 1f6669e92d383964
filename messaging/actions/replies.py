"""What people write back: silence is kept at once, a yes is noted, everything else waits for a person."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError
from messaging.answering import check_can_answer
from messaging.bearers import Bearer, bearers_of
from messaging.callbacks import Heard
from messaging.models import Message, Number, Reply, ReplyAbout
from messaging.understanding import understand
from messaging.ways import token_of
from privacy.blind_index import normal_number

LONGEST = 1600  # characters: ten parts of a text message
# A yes is to what was said in these days.
ANSWERS = timedelta(days=14)

Meaning = Reply.Meaning
EVENTS = {Meaning.STOP: EventType.NUMBER_STOPPED, Meaning.WRONG: EventType.NUMBER_WRONG}


class AlreadyHandled(DomainError):
    """A colleague was first."""

    code = "already_handled"
    message = _("A colleague has dealt with this reply already.")
    http_status = 409


@transaction.atomic
def note_reply(*, gateway: str, heard: Heard, actor: Actor, at: datetime) -> Reply | None:
    """Keep what somebody wrote and do what it plainly asks; None where it was heard before or comes from no number.

    `stop` silences the number at once, and nothing is sent to say so. `wrong` takes it out of use. `yes` is noted on what was last said
    to the number. All but `yes` wait for a person.
    """
    token = token_of(heard.channel, heard.address)
    if token is None or not heard.ref:
        return None
    address, meaning = normal_number(heard.address, "phone"), understand(heard.text)
    is_done = meaning == Meaning.YES
    written = Reply(
        gateway=gateway,
        gateway_ref=heard.ref[:120],
        channel=heard.channel,
        token=token,
        address=address,
        text=heard.text[:LONGEST],
        meaning=meaning,
        received_at=at,
        handled_at=at if is_done else None,
        handled_by=actor.id if is_done else "",
        handled_by_name=actor.name if is_done else "",
    )
    Reply.objects.bulk_create([written], ignore_conflicts=True)
    reply = Reply.objects.filter(uid=written.uid).first()
    if reply is None:
        return None
    bearers = bearers_of(address, token)
    ReplyAbout.objects.bulk_create(
        ReplyAbout(reply=reply, subject=subject, recipient=recipient) for subject, recipient in sorted(bearers)
    )
    _obey(reply, at)
    _record_per_household(reply, bearers, actor, at)
    return reply


@transaction.atomic
def handle_reply(*, reply: Reply, outcome: Reply.Outcome, actor: Actor, at: datetime) -> Reply:
    """Note what was done about `reply`. That the number is right puts it back into use.

    Raises NotAllowed, AlreadyHandled.
    """
    check_can_answer(actor)
    done = {"handled_at": at, "handled_by": actor.id, "handled_by_name": actor.name, "outcome": outcome}
    if not Reply.objects.open().filter(pk=reply.pk).update(**done):
        raise AlreadyHandled()
    event = EventType.REPLY_HANDLED
    if outcome == Reply.Outcome.RIGHT:
        event = EventType.NUMBER_RIGHT
        Number.objects.of(reply.token).filter(stopped_at=None).delete()
        Number.objects.of(reply.token).update(wrong_at=None)
    for household in _households(set(reply.about.values_list("subject", "recipient"))):
        record(event, subject=reply, actor=actor, at=at, household=household, outcome=str(outcome))
    reply.refresh_from_db()
    return reply


def _obey(reply: Reply, at: datetime) -> None:
    """What the reply asks for, done to the number."""
    if reply.meaning in EVENTS:
        field = "stopped_at" if reply.meaning == Meaning.STOP else "wrong_at"
        Number.objects.bulk_create(
            [Number(token=reply.token, **{field: at})],
            update_conflicts=True,
            unique_fields=["token"],
            update_fields=[field],
        )
    if reply.meaning == Meaning.YES:
        _confirm(reply.token, at)


def _confirm(token: int, at: datetime) -> None:
    """Note the yes on the last message that each bearer was sent at the number."""
    said = Message.objects.filter(token=token, sent_at__gte=at - ANSWERS, status=Message.Status.SENT)
    last = said.order_by("recipient", "-sent_at").distinct("recipient").values("pk")
    Message.objects.filter(pk__in=[row["pk"] for row in last]).update(
        confirmed_at=at, receipt=Message.Receipt.READ, receipt_at=at
    )


def _record_per_household(reply: Reply, bearers: Collection[Bearer], actor: Actor, at: datetime) -> None:
    meaning = Meaning(reply.meaning)
    for household in _households(bearers):
        record(EventType.REPLY_RECEIVED, subject=reply, actor=actor, at=at, household=household, meaning=str(meaning))
        if meaning in EVENTS:
            record(EVENTS[meaning], subject=reply, actor=actor, at=at, household=household)


def _households(bearers: Collection[Bearer]) -> list[uuid.UUID]:
    return sorted({subject for subject, _recipient in bearers})
