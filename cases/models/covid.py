"""COVID-19 tests, which are health and narrower than identity."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.people import OfPersonQuerySet, Person
from core.actors import Actor, Capability


class HealthQuerySet(OfPersonQuerySet["CovidTest"]):
    """Health is narrower than identity: a shelter desk sees who sleeps there, not what they suffer from."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible people, for roles that may see health."""
        return super().visible_to(actor) if actor.can(Capability.SEE_HEALTH) else self.none()


class CovidTest(models.Model):
    """A COVID-19 test: kind as LOINC, result as SNOMED CT (conventions.md, section 8)."""

    class Kind(models.TextChoices):
        """Which test."""

        ANTIGEN = "94558-4", _("Rapid antigen")
        RNA = "94500-6", _("RNA (PCR)")

    class Result(models.TextChoices):
        """What it showed."""

        NOT_DETECTED = "260415000", _("Negative")
        DETECTED = "260373001", _("Positive")
        INCONCLUSIVE = "419984006", _("Inconclusive")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tests")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ANTIGEN)
    taken_at = models.DateTimeField()
    result = models.CharField(max_length=9, choices=Result, blank=True)
    resulted_at = models.DateTimeField(null=True)

    objects = HealthQuerySet.as_manager()

    open_fields = frozenset("id person kind taken_at resulted_at".split())
    personal_fields = frozenset({"result"})

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", resulted_at__isnull=True)
                | (~Q(result="") & Q(resulted_at__gte=models.F("taken_at"))),
                name="cases_covidtest_result_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"test #{self.pk}"
