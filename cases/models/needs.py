"""What households need of the place where they sleep."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.models.households import Household, OfHouseholdQuerySet
from core.actors import Actor, Capability


class NeedQuerySet(OfHouseholdQuerySet["Need"]):
    """Questions asked of needs."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible households, for roles that may see needs: some of them tell what puts people in danger."""
        return super().visible_to(actor) if actor.can(Capability.SEE_NEEDS) else self.none()

    def standing(self) -> Self:
        """Those that nobody withdrew."""
        return self.filter(withdrawn_at=None)


class Need(models.Model):
    """A household needs something of the place where it sleeps. `kind` is a code of `cases.needs`.

    A code, and so not encrypted; who may not see needs is shown none of them (`visible_to`).
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=16)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    objects = NeedQuerySet.as_manager()

    open_fields = frozenset("id household kind noted_at noted_by withdrawn_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="cases_need_one_standing_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("noted_at")),
                name="cases_need_withdrawn_after_noted",
            ),
        ]

    def __str__(self) -> str:
        return f"need #{self.pk}"
