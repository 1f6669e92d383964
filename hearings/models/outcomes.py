"""What came of a hearing, and who was asked where nobody knows yet."""

import uuid
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Household, Person
from core.actors import Actor
from privacy.fields import EncryptedTextField

Record = TypeVar("Record", bound=models.Model)


class OfHearingQuerySet(models.QuerySet[Record]):
    """Records that hang on a hearing are seen by those who see its household."""

    def visible_to(self, actor: Actor) -> Self:
        """Those about hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))


class OutcomeQuerySet(OfHearingQuerySet["Outcome"]):
    """Questions asked of outcomes."""

    def standing(self) -> Self:
        """Those that no later word took the place of."""
        return self.filter(replaced_at=None)


class Outcome(models.Model):
    """What a hearing brought for one person, as a source says. A correction takes its place; it is never changed.

    People of one family may get different ones. A deadline follows from the result and `decided_on` (`results.deadline_of`).
    """

    class Result(models.TextChoices):
        """What was decided, or why nothing was."""

        RESET = "reset", _("New date")
        RELIEF = "relief", _("Relief granted")
        REMOVAL = "removal", _("Removal ordered")
        IN_ABSENTIA = "in_absentia", _("Ordered removed in absentia")
        TERMINATED = "terminated", _("Case terminated")
        ADMIN_CLOSED = "admin_closed", _("Administratively closed")
        WITHDRAWN = "withdrawn", _("Case withdrawn")
        DISENROLLED = "disenrolled", _("Disenrolled")
        INTERVIEW_PENDING = "interview", _("Interview pending")
        NO_SHOW = "no_show", _("Did not appear")
        LOST_CONTACT = "lost_contact", _("Lost contact, outcome not known")

    class Source(models.TextChoices):
        """Who or what says so."""

        SHEET = "sheet", _("Sheet or court paper")
        EOIR_LINE = "eoir", _("EOIR line")
        LAWYER = "lawyer", _("Lawyer")
        RETURNEE = "returnee", _("The family")

    hearing = models.ForeignKey("hearings.Hearing", on_delete=models.PROTECT, related_name="outcomes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outcomes")
    result = models.CharField(max_length=14, choices=Result)
    source = models.CharField(max_length=10, choices=Source, blank=True)
    decided_on = models.DateField()
    appeal_reserved = models.BooleanField(default=False)
    note = EncryptedTextField(default="")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    noted_by_name = models.CharField(max_length=150, blank=True)
    replaced_at = models.DateTimeField(null=True)

    objects = OutcomeQuerySet.as_manager()

    open_fields = frozenset(
        "id hearing person result source decided_on appeal_reserved noted_at noted_by noted_by_name replaced_at".split()
    )
    personal_fields = frozenset({"note"})

    class Meta:
        ordering = ["hearing_id", "person_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "person"],
                condition=Q(replaced_at__isnull=True),
                name="hearings_outcome_one_standing_per_person",
            ),
            models.CheckConstraint(
                condition=Q(appeal_reserved=False) | Q(result__in=["relief", "removal", "terminated"]),
                name="hearings_outcome_appeals_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(result="lost_contact", source="") | (~Q(result="lost_contact") & ~Q(source="")),
                name="hearings_outcome_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} #{self.pk}"


class FollowUp(models.Model):
    """Somebody was asked about a family of whose hearing nobody knows what came. `uid` is made by the form."""

    class Contact(models.TextChoices):
        """Who is asked, in this order."""

        PHONE = "phone", _("The family's phone")
        SHELTER = "shelter", _("Where they sleep")
        LAWYER = "lawyer", _("Their lawyer")
        BRIDGE = "bridge", _("The officer at the bridge")
        PROTECTION = "protection", _("Protection")

    class Answer(models.TextChoices):
        """What it came to."""

        SAFE = "safe", _("They are safe")
        IN_DANGER = "in_danger", _("They may be in danger")
        NO_NEWS = "no_news", _("Knows nothing of them")
        NO_ANSWER = "no_answer", _("Nobody answered")
        LOOKING = "looking", _("Will look for them")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hearing = models.ForeignKey("hearings.Hearing", on_delete=models.PROTECT, related_name="follow_ups")
    contact = models.CharField(max_length=10, choices=Contact)
    answer = models.CharField(max_length=10, choices=Answer)
    note = EncryptedTextField(default="")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    noted_by_name = models.CharField(max_length=150, blank=True)

    objects = OfHearingQuerySet["FollowUp"].as_manager()

    open_fields = frozenset("id uid hearing contact answer noted_at noted_by noted_by_name".split())
    personal_fields = frozenset({"note"})

    class Meta:
        ordering = ["hearing_id", "noted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.contact} #{self.pk}"


class EvidencePacket(models.Model):
    """A packet of evidence left the house: for what, by whom, and the digest by which a printed one is told to be it."""

    class Purpose(models.TextChoices):
        """What the lawyer needs it for."""

        REOPEN = "reopen", _("Motion to reopen")
        APPEAL = "appeal", _("Appeal")
        LAWYER = "lawyer", _("The lawyer's file")
        FAMILY = "family", _("The family asked for it")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hearing = models.ForeignKey("hearings.Hearing", on_delete=models.PROTECT, related_name="evidence_packets")
    purpose = models.CharField(max_length=10, choices=Purpose)
    reason = EncryptedTextField()
    digest = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=150, blank=True)

    objects = OfHearingQuerySet["EvidencePacket"].as_manager()

    open_fields = frozenset("id uid hearing purpose digest lines made_at made_by made_by_name".split())
    personal_fields = frozenset({"reason"})

    class Meta:
        ordering = ["hearing_id", "made_at", "pk"]

    def __str__(self) -> str:
        return f"evidence #{self.pk}"
