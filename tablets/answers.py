"""What became of each entry, as the tablet and the page of recovery are told."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from core.errors import DATABASE_AWAY, DomainError
from core.look import Pill, Tone
from tablets.actions.arrivals import NotFilledIn
from tablets.actions.delivering import AlreadyDelivered, DeliveredDifferently, deliver
from tablets.entries import BadEntry, Batch, Entry
from tablets.models import Delivery


class Status(models.TextChoices):
    """How an entry stands after it was sent."""

    RECEIVED = "received", _("Received")
    AGAIN = "again", _("Received before")
    REFUSED = "refused", _("Not received")
    CONFLICT = "conflict", _("To be decided")
    LATER = "later", _("To be sent again")


logger = logging.getLogger(__name__)

AWAY, BROKEN = "away", "broken"

PILLS: Mapping[Status, tuple[Tone, str]] = {
    Status.RECEIVED: ("ok", "check"),
    Status.AGAIN: ("calm", "check"),
    Status.REFUSED: ("stop", "alert-triangle"),
    Status.CONFLICT: ("warn", "alert-circle"),
    Status.LATER: ("warn", "clock"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one entry. `household` only where who brought it may see it."""

    uid: str
    status: Status
    household: Household | None = None
    reason: str = ""
    message: str = ""
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    fields: Mapping[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """Where what is left to decide is decided."""
        if self.status != Status.CONFLICT:
            return ""
        if self.reason == DeliveredDifferently.code:
            return reverse("journey:household", args=[self.household.uid]) if self.household else ""
        return reverse("tablets:conflicts")

    @property
    def may_be_corrected(self) -> bool:
        """Whether who brought it may open the form with what was written: it is of a crossing of theirs, and only fields are wrong."""
        return bool(self.fields) and not {"", "crossing"} & set(self.errors)

    @property
    def pill(self) -> Pill:
        """The status as it is drawn."""
        return Pill(*PILLS[self.status], str(self.status.label))

    def as_json(self) -> dict[str, Any]:
        """The answer as it is sent; what it has not stays away."""
        told = {
            "id": self.uid,
            "status": self.status.value,
            "household": str(self.household.uid) if self.household else "",
            "code": self.household.code if self.household else "",
            "reason": self.reason,
            "message": self.message,
            "errors": dict(self.errors),
            "url": self.url,
        }
        return {key: value for key, value in told.items() if value}


def answers_to(batch: Batch, *, actor: Actor, at: datetime) -> Iterator[Answer]:
    """Deliver the entries of `batch` in their order, each for itself.

    With the database away the rest is not tried: all of it comes again. An entry that meets a bug comes again too, and holds up
    no other.
    """
    away = False
    for uid, entry in batch.entries:
        answer = _later(uid, AWAY) if away else _answer(uid, entry, batch, actor, at)
        away = answer.reason == AWAY
        yield answer


def _answer(uid: str, entry: Entry | None, batch: Batch, actor: Actor, at: datetime) -> Answer:
    if entry is None:
        return _refused(uid, BadEntry())
    try:
        delivery = deliver(entry=entry, device=batch.device, device_now=batch.device_now, actor=actor, at=at)
        household = delivery.household
    except DomainError as refusal:
        return _refused(uid, refusal) if not isinstance(refusal, AlreadyDelivered) else _before(entry, refusal, actor)
    except DATABASE_AWAY:
        return _later(uid, AWAY)
    except Exception:  # a bug that one entry meets must not keep the others on the tablet; it is logged and tried again
        logger.exception("an entry of a tablet could not be taken")
        return _later(uid, BROKEN)
    if delivery.kind == Delivery.Kind.STEP and delivery.conflicts.exists():
        words = _("Something else was noted meanwhile. Somebody must decide which holds.")
        return Answer(uid=uid, status=Status.CONFLICT, household=household, reason="conflict", message=str(words))
    return Answer(uid=uid, status=Status.RECEIVED, household=household)


def _before(entry: Entry, refusal: AlreadyDelivered, actor: Actor) -> Answer:
    """The same answer as the first time, to those who may know of it."""
    landed = Delivery.objects.filter(uid=entry.uid).values("household")
    household = Household.objects.visible_to(actor).filter(pk__in=landed).first()
    status = Status.CONFLICT if isinstance(refusal, DeliveredDifferently) else Status.AGAIN
    return Answer(uid=str(entry.uid), status=status, household=household, reason=refusal.code, message=str(refusal))


def _refused(uid: str, refusal: DomainError) -> Answer:
    told = Answer(uid=uid, status=Status.REFUSED, reason=refusal.code, message=str(refusal))
    return replace(told, errors=refusal.errors, fields=refusal.fields) if isinstance(refusal, NotFilledIn) else told


def _later(uid: str, reason: str) -> Answer:
    words = _("The server could not take this just now. The tablet sends it again by itself.")
    return Answer(uid=uid, status=Status.LATER, reason=reason, message=str(words))
