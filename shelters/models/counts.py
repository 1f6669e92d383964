"""How many people were counted in a shelter, beside what the stays said then; and shelters that were asked to count."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from privacy.fields import EncryptedTextField
from shelters.models.houses import Shelter


class CountQuerySet(models.QuerySet["Count"]):
    """Questions asked of counts."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of shelters at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(shelter__site__any_of=actor.site_ids)

    def unsettled(self) -> Self:
        """Those that differ from the stays, and nobody has said why."""
        return self.filter(settled_at__isnull=True)

    def newest_first(self) -> Self:
        """The last count first."""
        return self.order_by("-counted_at", "-pk")


class Count(models.Model):
    """The `people` found in a shelter at `counted_at`, and what the stays said then: `stays` open, `away` of them out or not seen.

    A count that agrees is settled at once. One that differs stays unsettled until somebody says why, or the shelter
    counts again.
    """

    class How(models.TextChoices):
        """How a difference was settled."""

        AGREES = "agrees", _("It agreed with the stays")
        STAYS_CORRECTED = "corrected", _("The stays were corrected")
        COUNT_WRONG = "miscounted", _("The count was wrong")
        UNKNOWN_PEOPLE = "unknown", _("People sleep there who have no file with us")
        COUNTED_AGAIN = "again", _("Counted again")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="counts")
    basis = models.CharField(max_length=10, choices=Shelter.CountBasis)
    people = models.PositiveIntegerField()
    stays = models.PositiveIntegerField()
    away = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_how = models.CharField(max_length=10, choices=How, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    note = EncryptedTextField(default="")

    open_fields = frozenset(
        "id uid shelter basis people stays away counted_at by settled_at settled_how settled_by".split()
    )
    personal_fields = frozenset({"note"})

    objects = CountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["shelter", "-counted_at"], name="shelters_count_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["shelter"],
                condition=Q(settled_at__isnull=True),
                name="shelters_count_one_unsettled_per_shelter",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_how="", settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_how="") & ~Q(settled_by="")),
                name="shelters_count_settled_with_how_and_by",
            ),
            models.CheckConstraint(condition=Q(away__lte=F("stays")), name="shelters_count_away_are_of_its_stays"),
        ]

    def __str__(self) -> str:
        return f"count #{self.pk}"

    @property
    def expected(self) -> int:
        """How many the stays say slept there and were not out."""
        return self.stays - self.away

    @property
    def difference(self) -> int:
        """How many more people (fewer, when negative) were found than expected."""
        return self.people - self.expected


class CountRequestQuerySet(models.QuerySet["CountRequest"]):
    """Questions asked of requests to count."""

    def visible_to(self, actor: Actor) -> Self:
        """Those to shelters at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(shelter__site__any_of=actor.site_ids)

    def unanswered(self) -> Self:
        """Those after which the shelter has not counted."""
        return self.filter(Q(shelter__counted_at__isnull=True) | Q(shelter__counted_at__lt=F("asked_at")))


class CountRequest(models.Model):
    """A shelter that nobody had updated was asked how many sleep there: once a day of its own calendar."""

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="count_requests")
    asked_on = models.DateField()
    asked_at = models.DateTimeField()

    objects = CountRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shelter", "asked_on"], name="shelters_countrequest_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"asked on {self.asked_on:%Y-%m-%d}"
