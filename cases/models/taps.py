"""What one deed at reception wrote, so that a slip can be taken back."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.covid import Isolation
from cases.models.households import Household, OfHouseholdQuerySet
from cases.states import Step
from core.actors import Actor, Capability


class TapQuerySet(OfHouseholdQuerySet["Tap"]):
    """Questions asked of taps."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible households; that somebody was tested or isolated is health."""
        seen = super().visible_to(actor)
        return seen if actor.can(Capability.SEE_HEALTH) else seen.exclude(kind__in=HEALTH_TAPS)

    def standing(self) -> Self:
        """Those that nobody took back, newest first."""
        return self.filter(undone_at__isnull=True).order_by("-pk")


class Tap(models.Model):
    """One deed at reception: the keys of exactly the rows that it wrote, and where the household stood before and after.

    The rows themselves go when it is undone; the log keeps both deeds.
    """

    class Kind(models.TextChoices):
        """What was done."""

        STEP = "step", _("Step marked")
        DOCUMENTS = "documents", _("Document given")
        TESTS = "tests", _("Test taken")
        RESULTS = "results", _("Result noted")
        ISOLATION = "isolation", _("Isolation")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="taps")
    kind = models.CharField(max_length=10, choices=Kind)
    people = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    documents = ArrayField(models.BigIntegerField(), default=list)
    tests = ArrayField(models.BigIntegerField(), default=list)
    results = ArrayField(models.BigIntegerField(), default=list)
    steps = ArrayField(models.BigIntegerField(), default=list)
    isolation = models.ForeignKey(Isolation, on_delete=models.SET_NULL, null=True, related_name="+")
    stood_at = models.CharField(max_length=20, choices=Step)
    stood_since = models.DateTimeField()
    stands_at = models.CharField(max_length=20, choices=Step)
    stands_since = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = TapQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household kind people done_at actor_kind actor_id documents tests results steps isolation stood_at "
        "stood_since stands_at stands_since undone_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [models.Index(fields=["household", "-id"], name="cases_tap_newest_of_family")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


HEALTH_TAPS = (Tap.Kind.TESTS, Tap.Kind.RESULTS, Tap.Kind.ISOLATION)
