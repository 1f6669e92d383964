"""Entries of tablets land here, each once and each whole, whoever brings them."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import record
from audit.models import EventType
from cases.actions.arrivals import AlreadyLogged
from cases.models import Household
from core.actors import Actor
from core.errors import DomainError, naming_violations
from privacy import keyring
from privacy.errors import CannotUnseal, UnknownSealingKey
from privacy.sealing import open_sealed
from tablets.actions.arrivals import deliver_arrival
from tablets.actions.steps import deliver_step
from tablets.entries import Entry, plain_of
from tablets.models import Delivery
from tablets.rules import occurred_at, skew_of


class CannotBeOpened(DomainError):
    """The envelope does not open for this entry: it was changed, or belongs to another."""

    code = "not_opened"
    message = _("This entry was damaged on its way. Open it on the tablet with the PIN and save it again.")
    http_status = 422


class SealedToAnotherKey(DomainError):
    """The key that it was sealed to is gone from the keyring, or never was in it."""

    code = "unknown_key"
    message = _("This server has no key for this entry. Open it on the tablet with the PIN and save it again.")
    http_status = 422


class AlreadyDelivered(DomainError):
    """The same entry landed before: its answer got lost, or two tabs sent it."""

    code = "already_delivered"
    message = _("This entry was already received.")


class DeliveredDifferently(AlreadyDelivered):
    """An entry of this id landed before with other content: it was corrected after its answer got lost."""

    code = "delivered_differently"
    message = _("An earlier version of this entry was already received. Correct the rest in the file.")


def deliver(*, entry: Entry, device: UUID, device_now: datetime | None, actor: Actor, at: datetime) -> Delivery:
    """Open `entry`, do what it says, and keep that it landed: all or nothing, and once for its id however often it is sent.

    `actor` brings it and must be allowed to do it; `entry.author` is who the tablet says wrote it, and is only kept.
    `device_now` is the tablet's clock at `at` (None: not known). Raises CannotBeOpened, SealedToAnotherKey, AlreadyDelivered,
    DeliveredDifferently, BadEntry and what the deeds of arrivals and steps raise; then nothing is kept and it may be sent again.
    """
    try:
        plain = open_sealed(entry.sealed, entry.aad)
    except UnknownSealingKey:
        raise _known(entry) or SealedToAnotherKey() from None
    except CannotUnseal:
        raise CannotBeOpened() from None
    if (known := _known(entry, plain)) is not None:
        raise known
    try:
        return _land(entry, plain, _delivery(entry, plain, device, device_now, at), actor, at)
    except AlreadyDelivered:  # another tab came first
        raise _known(entry, plain) or AlreadyDelivered() from None
    except AlreadyLogged:
        raise AlreadyDelivered() from None


def _known(entry: Entry, plain: bytes | None = None) -> AlreadyDelivered | None:
    """What to answer to an entry that has landed; None for one that has not."""
    delivery = Delivery.objects.filter(uid=entry.uid).only("digest").first()
    if delivery is None:
        return None
    is_same = plain is None or hmac.compare_digest(bytes(delivery.digest), _digest(plain))
    return AlreadyDelivered() if is_same else DeliveredDifferently()


def _delivery(entry: Entry, plain: bytes, device: UUID, device_now: datetime | None, at: datetime) -> Delivery:
    """The record of a delivery, unsaved."""
    return Delivery(
        uid=entry.uid,
        kind=entry.kind,
        device=device,
        written_at=entry.written_at,
        occurred_at=occurred_at(written_at=entry.written_at, device_now=device_now, at=at),
        delivered_at=at,
        skew_seconds=skew_of(device_now=device_now, at=at),
        digest=_digest(plain),
    )


@transaction.atomic
def _land(entry: Entry, plain: bytes, delivery: Delivery, actor: Actor, at: datetime) -> Delivery:
    delivery.author, delivery.deliverer = _author_of(entry, actor), actor.id
    # Written first: whoever else brings the same entry waits here until this one is through, or takes over when it fails.
    with naming_violations({"tablets_delivery_uid_key": AlreadyDelivered}):
        delivery.save(force_insert=True)
    delivery.household = household = _do(entry, plain, delivery, actor, at)
    delivery.save(update_fields=["household"])
    record(
        EventType.ENTRY_DELIVERED,
        subject=delivery,
        actor=actor,
        at=at,
        household=household.uid,
        kind=entry.kind.value,
        author=delivery.author,
        skew_seconds=delivery.skew_seconds,
    )
    return delivery


def _do(entry: Entry, plain: bytes, delivery: Delivery, actor: Actor, at: datetime) -> Household:
    content = plain_of(plain)
    if entry.kind == Delivery.Kind.STEP:
        return deliver_step(delivery=delivery, content=content, actor=actor, at=at)
    return deliver_arrival(entry=entry, content=content, occurred_at=delivery.occurred_at, actor=actor, at=at)


def _author_of(entry: Entry, actor: Actor) -> str:
    """The account that wrote it, as the tablet says; empty for one that there is not."""
    if entry.author == actor.id:
        return actor.id
    exists = entry.author.isdecimal() and User.objects.filter(pk=entry.author).exists()
    return entry.author if exists else ""


def _digest(plain: bytes) -> bytes:
    return hmac.digest(keyring.current().index_key_for("tablets.delivery"), plain, hashlib.sha256)
