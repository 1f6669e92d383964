"""Messages as rows: planned once, due at a moment, claimed once, sent, and their fate.

A row says who it is for by opaque ids only. Its words and its address are composed when it is due (`composing`), so that they are
in today's language and to today's phone, and kept encrypted as evidence of what was said.
"""

import uuid
from datetime import datetime
from functools import cache
from typing import Self

from django.db import models
from django.db.models import Count, F, IntegerField, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from core.actors import Actor
from core.look import Pill, Tone
from privacy.fields import EncryptedTextField


def is_due(moment: datetime) -> Q:
    """That a message is to be sent at `moment`: planned, its time has come, and no pause of a retry is running."""
    pause_is_over = Q(next_try_at__isnull=True) | Q(next_try_at__lte=moment)
    return Q(status=Message.Status.PLANNED, due_at__lte=moment, expires_at__gt=moment) & pause_is_over


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions asked of messages. Who may see which is decided above, by household (`about`)."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for the sweep; staff reach messages through the household that they may see."""
        return self if actor.everywhere else self.none()

    def about(self, *subjects: uuid.UUID) -> Self:
        """Those about the households `subjects`; the caller has fetched them through `visible_to`."""
        return self.filter(subject__in=subjects)

    def waiting(self) -> Self:
        """Those that will still be sent if nothing withdraws them."""
        return self.filter(status=Message.Status.PLANNED)

    def out_of_date(self, moment: datetime) -> Self:
        """Those whose use is over at `moment` though they were never sent."""
        return self.waiting().filter(expires_at__lte=moment)

    def abandoned(self, moment: datetime) -> Self:
        """Those claimed by someone who neither settled them in time nor can be trusted to live."""
        return self.filter(status=Message.Status.CLAIMED, claim_expires_at__lte=moment)

    def to_settle(self, moment: datetime) -> Self:
        """Those whose fate is unknown and that nobody is looking into."""
        return self.filter(status=Message.Status.UNCERTAIN, claim_expires_at__lte=moment)

    def free(self, moment: datetime) -> Self:
        """Those that no sender has in hand."""
        return self.filter(Q(claim__isnull=True) | Q(claim_expires_at__lte=moment))

    def due(self, moment: datetime) -> Self:
        """Those to be sent now (`is_due`), in the hand of a sender or not."""
        return self.filter(is_due(moment))

    def with_happenings(self) -> Self:
        """With `happened`: how much was done about the household of each, but for messages. Its words rest on that."""
        return self.annotate(happened=_happened())

    def undisturbed(self, happened: int) -> Self:
        """Those about whose household nothing was done since that number stood (`with_happenings`)."""
        return self.alias(happened=_happened()).filter(happened=happened)


@cache  # the sub-select, put together once
def _happened() -> Coalesce:
    about = Event.objects.filter(household=OuterRef("subject")).exclude(type__startswith="message").order_by()
    deeds = about.values("household").annotate(deeds=Count("pk")).values("deeds")
    return Coalesce(Subquery(deeds, output_field=IntegerField()), 0)


class Message(models.Model):
    """One message to one person. `uid` is the message id that every gateway is given, at every try."""

    class Status(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned", _("Planned")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        UNCERTAIN = "uncertain", _("May have been sent")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SKIPPED = "skipped", _("Skipped")

    class Channel(models.TextChoices):
        """By which way."""

        SMS = "sms", _("Text message")
        WHATSAPP = "whatsapp", "WhatsApp"
        VOICE = "voice", _("Phone call")
        EMAIL = "email", _("E-mail")

    class Receipt(models.TextChoices):
        """What its gateway told of it later. Only ever moves down this list."""

        UNDELIVERED = "undelivered", _("Not delivered")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=40)
    plan_key = models.CharField(max_length=120, unique=True)
    subject = models.UUIDField()
    recipient = models.UUIDField()
    params = models.JSONField(default=dict)
    rung = models.CharField(max_length=20)

    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)

    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    language = models.CharField(max_length=3, blank=True)
    address = EncryptedTextField(default="")
    title = EncryptedTextField(default="")
    body = EncryptedTextField(default="")
    # For gateways that fill an approved form themselves: its name among our settings, and what goes into it, as JSON.
    template = models.CharField(max_length=40, blank=True, db_default="", default="")
    pieces = EncryptedTextField(null=True)
    # The fingerprint of the address, so that a reply finds what it answers.
    token = models.BigIntegerField(null=True)
    # The ways (`sms:<fingerprint>`) that failed for good: the next one is tried, and never the same again.
    tried = models.JSONField(default=list, db_default=Value([], JSONField()))

    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claim_expires_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=12, choices=Receipt, blank=True, db_default="", default="")
    receipt_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    may_have_arrived_twice = models.BooleanField(default=False)
    gateway = models.CharField(max_length=20, blank=True)
    gateway_ref = models.CharField(max_length=120, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    happened: int

    open_fields = frozenset(
        "id uid purpose plan_key subject recipient params rung due_at expires_at status channel language template token tried attempts "
        "next_try_at claim claimed_at claim_expires_at handed_at sent_at receipt receipt_at confirmed_at "
        "may_have_arrived_twice gateway gateway_ref error_code recorded_at".split()
    )
    personal_fields = frozenset({"address", "title", "body", "pieces"})

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="messaging_message_due", condition=Q(status="planned")),
            models.Index(
                fields=["claim_expires_at"],
                name="messaging_message_claimed",
                condition=Q(status__in=["claimed", "uncertain"]),
            ),
            models.Index(fields=["subject", "due_at"], name="messaging_message_subject"),
            models.Index(fields=["token", "sent_at"], name="messaging_message_token", condition=Q(token__isnull=False)),
            models.Index(fields=["gateway_ref"], name="messaging_message_ref", condition=~Q(gateway_ref="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=True, claimed_at__isnull=True, claim_expires_at__isnull=True)
                | Q(claim__isnull=False, claimed_at__isnull=False, claim_expires_at__isnull=False),
                name="messaging_message_claim_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="messaging_message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(receipt="", receipt_at__isnull=True) | (~Q(receipt="") & Q(receipt_at__isnull=False)),
                name="messaging_message_receipt_has_its_time",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("due_at")), name="messaging_message_expires_after_due"),
        ]

    def __str__(self) -> str:
        return f"message #{self.pk}"

    OF_WAITING = ("status", "next_try_at", "error_code", "claim", "claimed_at", "claim_expires_at", "sent_at")

    def wait_again(self, code: str, *, until: datetime | None) -> None:
        """Wait until that moment because of `code`, in nobody's hand; the fields `OF_WAITING` are to be written."""
        self.status, self.next_try_at, self.error_code = self.Status.PLANNED, until, code
        self.claim = self.claimed_at = self.claim_expires_at = self.sent_at = None

    @property
    def tag(self) -> str:
        """What gateways are given to name it by: the message id and the number of the way, the same at every try of that way."""
        return f"{self.uid}.{len(self.tried)}"

    @property
    def pill(self) -> Pill:
        """Its fate as pages show it."""
        if self.status == self.Status.SENT and self.may_have_arrived_twice:
            return Pill("warn", "message-check", _("May have arrived twice"))
        if self.status == self.Status.SENT and self.confirmed_at:
            return Pill("ok", "message-check", _("Answered yes"))
        if self.status == self.Status.SENT and self.receipt:
            return Pill("ok", "message-check", self.get_receipt_display())
        tone, icon = FATES[self.Status(self.status)]
        return Pill(tone, icon, self.get_status_display())


FATES: dict[Message.Status, tuple[Tone, str]] = {
    Message.Status.PLANNED: ("calm", "clock"),
    Message.Status.CLAIMED: ("calm", "send"),
    Message.Status.SENT: ("ok", "message-check"),
    Message.Status.UNCERTAIN: ("warn", "message"),
    Message.Status.FAILED: ("stop", "message-x"),
    Message.Status.WITHDRAWN: ("calm", "minus"),
    Message.Status.SKIPPED: ("calm", "minus"),
}


class Heartbeat(models.Model):
    """When a sweep last ran to its end, one row a sweep: Today shows it, the health check fails when it is late."""

    sweep = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField()
    handled = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.sweep} at {self.ran_at:%H:%M:%S}"
