"""Hearings whose wall time came to mean another moment, because a newer edition of the zone tables says so."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import Household
from core.actors import Actor
from hearings.models.hearings import Hearing


class ZoneShiftQuerySet(models.QuerySet["ZoneShift"]):
    """Questions asked of shifts."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))

    def unseen_at(self, moment: datetime) -> Self:
        """Those that nobody has looked at, of standing hearings that are still ahead at `moment`."""
        return self.filter(
            seen_at=None, hearing__status=Hearing.Status.SCHEDULED, hearing__present_at__gte=moment
        ).order_by("hearing__present_at", "pk")


class ZoneShift(models.Model):
    """One hearing that moved while its paper stayed as it is: the moments before and after, and the editions that say so.

    No `…_after` where the new rules skip the wall time: then nothing was moved, and somebody must ask the court.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="zone_shifts")
    edition_before = models.CharField(max_length=10, blank=True, default="")
    edition_after = models.CharField(max_length=10)
    court_before = models.DateTimeField()
    court_after = models.DateTimeField(null=True)
    report_before = models.DateTimeField(null=True)
    report_after = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ZoneShiftQuerySet.as_manager()

    open_fields = frozenset(
        "id uid hearing edition_before edition_after court_before court_after report_before report_after found_at seen_at seen_by "
        "recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["-found_at", "pk"]
        indexes = [
            models.Index(fields=["hearing"], name="hearings_zoneshift_unseen", condition=Q(seen_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by="") | (Q(seen_at__isnull=False) & ~Q(seen_by="")),
                name="hearings_zoneshift_seen_by_someone",
            ),
            models.UniqueConstraint(
                fields=["hearing", "edition_after", "court_before", "report_before"],
                nulls_distinct=False,
                name="hearings_zoneshift_once_per_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"zone shift #{self.pk}"
