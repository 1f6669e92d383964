"""How households came, and the reception steps that followed."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models.households import Household, OfHouseholdQuerySet
from cases.models.people import OfPersonQuerySet, Person
from cases.states import Step
from places.models import Crossing, Site

# Two files of one person that tell of arrivals no further apart than this tell of one coming over the bridge.
SAME_COMING = timedelta(hours=24)


class ArrivalQuerySet(OfHouseholdQuerySet["Arrival"]):
    """Questions asked of arrivals."""

    def last_entry(self, sites: Iterable[Site]) -> dict[str, Any]:
        """Crossing, language and the head's nationality of the last household that came to one of `sites`.

        The likeliest for the next one: people come in groups. Empty when nobody came yet.
        """
        last = self.filter(site__in=list(sites)).order_by("-occurred_at", "-pk")
        head = Person.objects.filter(household=OuterRef("household"), position=1).values("nationality")[:1]
        row = last.values("crossing", language=F("household__language"), nationality=Subquery(head)).first()
        return dict(row) if row else {}

    def of(self, household: Household) -> Self:
        """Those by which `household` came, or any of its people before they parted from another."""
        theirs = StepTaken.objects.filter(person__household=household).values("arrival")
        return self.filter(Q(household=household) | Q(pk__in=theirs))

    def last_of(self, household: Household) -> "Arrival":
        """The last one, from which the steps of `household` count. Raises Arrival.DoesNotExist."""
        return self.of(household).latest("occurred_at", "pk")


class Arrival(models.Model):
    """A household came over a crossing: its first return, or back from court. `uid` is made by the device that logged it."""

    class Kind(models.TextChoices):
        """Why they came over."""

        FIRST_RETURN = "first_return", _("First return")
        COURT_RETURN = "court_return", _("Back from court")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="arrivals")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="arrivals")
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.FIRST_RETURN)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ArrivalQuerySet.as_manager()

    open_fields = frozenset("id uid household site crossing kind occurred_at recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["occurred_at", "pk"]
        indexes = [
            models.Index(fields=["site", "-occurred_at", "-id"], name="cases_arrival_site"),
            models.Index(fields=["-occurred_at", "-id"], name="cases_arrival_newest"),
        ]

    def __str__(self) -> str:
        return f"arrival #{self.pk}"


class StepTaken(models.Model):
    """A person took a reception step after an arrival."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="steps")
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=Step)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfPersonQuerySet["StepTaken"].as_manager()

    open_fields = frozenset("id person arrival step occurred_at recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "arrival", "step"], name="cases_steptaken_once_per_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.pk}"
