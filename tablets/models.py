"""What tablets delivered, and where that conflicts with what stands.

An entry is written on a tablet by one person and may be delivered by another, hours later: both are kept, and both clocks.
"""

import json
import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household, Person
from core.actors import Actor, Capability
from privacy.fields import EncryptedTextField


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions asked of deliveries."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the households that `actor` may see, and its own."""
        return self.filter(Q(household__in=Household.objects.visible_to(actor)) | Q(deliverer=actor.id))


class Delivery(models.Model):
    """One entry of a tablet that landed, once. `uid` was made by the tablet; `author` is who the tablet says wrote it.

    `written_at` is by the tablet's clock, which was `skew_seconds` behind the server's when it delivered; `occurred_at` is what
    the deed was told. `digest` is a keyed hash of the plain entry: it tells whether a second delivery brings something else.
    """

    class Kind(models.TextChoices):
        """What was written."""

        ARRIVAL = "arrival", _("Arrival")
        STEP = "step", _("Step")

    uid = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    device = models.UUIDField()
    author = models.CharField(max_length=80)
    deliverer = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    delivered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    skew_seconds = models.IntegerField(null=True)
    digest = models.BinaryField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    open_fields = frozenset(
        "id uid kind device author deliverer written_at occurred_at delivered_at recorded_at skew_seconds digest household".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["household"], name="tablets_delivery_household"),
            models.Index(fields=["deliverer", "-delivered_at"], name="tablets_delivery_deliverer"),
        ]

    def __str__(self) -> str:
        return f"delivery #{self.pk}"


class Fact(models.TextChoices):
    """What a tablet may say of a person."""

    RECEIVED = "received", _("Received")
    DOCUMENTED = "documented", _("Document")
    TESTED = "tested", _("Test")
    RESULT = "result", _("Test result")
    ISOLATED = "isolated", _("In isolation")
    PLACED = "placed", _("Placed")


HEALTH_FACTS = (Fact.TESTED, Fact.RESULT, Fact.ISOLATED)
# That a place is in question at all says that one of the two is isolation.
HEALTH_CONFLICTS = (*HEALTH_FACTS, Fact.PLACED)


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Questions asked of conflicts."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible households, or merged into one; of health only for roles that may see it."""
        households = Household.objects.visible_to(actor)
        seen = self.filter(Q(household__in=households) | Q(household__merged_into__in=households))
        return seen if actor.can(Capability.SEE_HEALTH) else seen.exclude(fact__in=HEALTH_CONFLICTS)

    def open(self) -> Self:
        """Those that nobody has decided yet."""
        return self.filter(decided_at__isnull=True)


class Conflict(models.Model):
    """What a tablet brought for one fact of one person, while something else stands that the tablet did not know.

    `stands` and `brought` are JSON of the fact's value, encrypted: a result is health. A person decides; nothing was overwritten.
    """

    class Choice(models.TextChoices):
        """Which of the two holds."""

        STANDS = "stands", _("What stands")
        BROUGHT = "brought", _("What the tablet brought")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="conflicts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conflicts")
    fact = models.CharField(max_length=12, choices=Fact)
    stands = EncryptedTextField()
    brought = EncryptedTextField()
    choice = models.CharField(max_length=8, choices=Choice, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    objects = ConflictQuerySet.as_manager()

    open_fields = frozenset("id uid delivery household person fact choice decided_at decided_by".split())
    personal_fields = frozenset({"stands", "brought"})

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["household"], name="tablets_conflict_open", condition=Q(decided_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "person", "fact"], name="tablets_conflict_once_per_fact_of_an_entry"
            ),
            models.CheckConstraint(
                condition=Q(choice="", decided_at__isnull=True, decided_by="")
                | (~Q(choice="") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="tablets_conflict_decided_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"conflict #{self.pk}"

    @property
    def standing_value(self) -> Any:
        """What stands, as the fact's value."""
        return json.loads(self.stands)

    @property
    def brought_value(self) -> Any:
        """What the tablet brought, as the fact's value."""
        return json.loads(self.brought)
