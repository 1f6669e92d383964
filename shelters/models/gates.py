"""That somebody opens the gate of a shelter at an hour at which it is shut, for those who leave then."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from core.actors import Actor, Capability
from shelters.models.houses import Shelter


class GateOpeningQuerySet(models.QuerySet["GateOpening"]):
    """Questions asked of openings."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of shelters at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(shelter__site__any_of=actor.site_ids)

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at=None)


class GateOpening(models.Model):
    """Somebody of `shelter` opens its gate at `opens_at` and stands there for `OPEN_FOR`."""

    OPEN_FOR = timedelta(minutes=30)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="gate_openings")
    opens_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    objects = GateOpeningQuerySet.as_manager()

    open_fields = frozenset("id uid shelter opens_at noted_at noted_by withdrawn_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shelter", "opens_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="shelters_gateopening_once_per_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"gate opening #{self.pk}"

    def serves(self, moment: datetime) -> bool:
        """Whether whoever leaves at `moment` finds the gate open."""
        return self.opens_at <= moment < self.opens_at + self.OPEN_FOR
