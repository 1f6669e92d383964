"""How many places a unit has, by whom and since when, and what takes some of them away for a while."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CapacityQuerySet(models.QuerySet["Capacity"]):
    """Questions asked of capacity records."""

    def begun_by(self, moment: datetime) -> Self:
        """Those that had begun by `moment`, newest first: the first of a unit is in force."""
        return self.filter(valid_from__lte=moment).order_by("-valid_from")


class Capacity(models.Model):
    """How many places a unit has from `valid_from` on, who says so, and in what sense."""

    class Basis(models.TextChoices):
        """In what sense."""

        NOMINAL = "nominal", _("Nominal")
        OPERATIONAL = "operational", _("Operational")
        CLOSED = "closed", _("Closed for works")

    unit = models.ForeignKey("shelters.Unit", on_delete=models.PROTECT, related_name="capacities")
    places = models.PositiveIntegerField()
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.OPERATIONAL)
    source = models.CharField(max_length=200)
    valid_from = models.DateTimeField()

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="shelters_capacity_one_per_moment"),
            models.CheckConstraint(
                condition=~Q(basis="closed") | Q(places=0), name="shelters_capacity_closed_has_no_places"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.places} places from {self.valid_from:%Y-%m-%d}"


class BlockQuerySet(models.QuerySet["Block"]):
    """Questions asked of blocks."""

    def standing_at(self, moment: datetime) -> Self:
        """Those that take places away at `moment`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), begins_at__lte=moment)


class Block(models.Model):
    """Places of a unit that cannot be used for a while, and why: a leak, a broken bed."""

    unit = models.ForeignKey("shelters.Unit", on_delete=models.PROTECT, related_name="blocks")
    places = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("begins_at")),
                name="shelters_block_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.places} blocked #{self.pk}"
