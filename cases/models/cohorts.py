"""Programmes that returned people."""

from datetime import date

from django.db import models
from django.db.models import Q


class CohortQuerySet(models.QuerySet["Cohort"]):
    """Questions asked of cohorts."""

    def on(self, day: date) -> "Cohort | None":
        """The cohort that returned people on `day`, the newest where two did."""
        return (
            self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), begins_on__lte=day).order_by("begins_on").last()
        )


class Cohort(models.Model):
    """A programme that returned people, for example MPP 1. A row, never a constant: they keep changing."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["begins_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("begins_on")),
                name="cases_cohort_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code
