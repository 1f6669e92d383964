"""What people write back: kept encrypted, understood where it is one plain word, read by a person where it is not."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from privacy.fields import EncryptedTextField

BEFORE_ALL_OTHERS = timedelta(days=10_000)


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Questions asked of replies. Who may see which is decided above, by household (`among`)."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for the system; staff reach replies through the households that they may see."""
        return self if actor.everywhere else self.none()

    def among(self, subjects: Any) -> Self:
        """Those from numbers of the households `subjects` (a query of one column, their uids), and those from numbers of nobody."""
        about = ReplyAbout.objects.filter(reply=OuterRef("pk"))
        return self.filter(Exists(about.filter(subject__in=subjects)) | ~Exists(about))

    def open(self) -> Self:
        """Those that wait for a person."""
        return self.filter(handled_at=None)

    def with_turn(self) -> Self:
        """With the moment in whose order they are read (`turn`): who asks for help comes before all others, then the oldest."""
        first = F("received_at") - BEFORE_ALL_OTHERS
        return self.annotate(turn=Case(When(meaning=Reply.Meaning.HELP, then=first), default=F("received_at")))


class Reply(models.Model):
    """One message that came in. `token` is the fingerprint of the number; the number itself and the words are encrypted."""

    class Meaning(models.TextChoices):
        """What it says, where it says one thing."""

        YES = "yes", _("Yes")
        HELP = "help", _("Asks for help")
        STOP = "stop", _("Wants no more messages")
        WRONG = "wrong", _("Wrong number")
        UNCLEAR = "unclear", _("To be read")

    class Outcome(models.TextChoices):
        """What a person did about it."""

        READ = "read", _("Nothing to do")
        CALLED = "called", _("Spoke with them")
        RIGHT = "right", _("The number is right")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gateway = models.CharField(max_length=20)
    gateway_ref = models.CharField(max_length=120)
    channel = models.CharField(max_length=10)
    token = models.BigIntegerField()
    address = EncryptedTextField()
    text = EncryptedTextField(default="")
    meaning = models.CharField(max_length=8, choices=Meaning)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=80, blank=True, default="")
    handled_by_name = models.CharField(max_length=150, blank=True, default="")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ReplyQuerySet.as_manager()

    open_fields = frozenset(
        "id uid gateway gateway_ref channel token meaning received_at handled_at handled_by handled_by_name outcome "
        "recorded_at".split()
    )
    personal_fields = frozenset({"address", "text"})

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "gateway_ref"], name="messaging_reply_heard_once"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by="") | (Q(handled_at__isnull=False) & ~Q(handled_by="")),
                name="messaging_reply_handled_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="messaging_reply_open", condition=Q(handled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"reply #{self.pk}"


class ReplyAboutQuerySet(models.QuerySet["ReplyAbout"]):
    """Questions asked of who a reply may be from."""

    def visible_to(self, actor: Actor) -> Self:
        """As replies."""
        return self if actor.everywhere else self.none()


class ReplyAbout(models.Model):
    """A household and person whose number it was when the reply came; several may share one phone."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="about")
    subject = models.UUIDField()
    recipient = models.UUIDField()

    objects = ReplyAboutQuerySet.as_manager()

    open_fields = frozenset("id reply subject recipient".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "subject", "recipient"], name="messaging_replyabout_once_per_person"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="messaging_replyabout_subject")]

    def __str__(self) -> str:
        return f"bearer #{self.pk} of a reply"
