"""What a household was given at reception: information, food, a kit, a call."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Now

from cases.models.households import Household, OfHouseholdQuerySet
from places.models import Site


class AidQuerySet(OfHouseholdQuerySet["Aid"]):
    """Questions asked of aid."""

    def standing(self) -> Self:
        """Without slips that were taken back."""
        return self.filter(taken_back_at__isnull=True)

    def given_in(self, begins_at: datetime, ends_at: datetime) -> Self:
        """Given from `begins_at` until before `ends_at`, slips left out."""
        return self.standing().filter(given_at__gte=begins_at, given_at__lt=ends_at)

    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind: how many times it was given, and to how many people in all."""
        rows = self.order_by("kind").values("kind").annotate(times=Count("pk"), to=Sum("people"))
        return {row["kind"]: (row["times"], row["to"]) for row in rows}


class Aid(models.Model):
    """Something was given to a household at `site`. `kind` is a code of `cases.aid_kinds`; `uid` is made by the page that asked."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="aid")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="aid")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=3, blank=True)
    people = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    taken_back_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AidQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household site kind language people given_at noted_by taken_back_at recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "aid"
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["site", "given_at"], name="cases_aid_site")]
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="cases_aid_given_to_somebody"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("given_at")),
                name="cases_aid_taken_back_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
