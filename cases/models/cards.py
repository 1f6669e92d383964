"""Cards that a household carries: an opaque token and its check, and nothing of the people."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.households import Household, OfHouseholdQuerySet


class CardQuerySet(OfHouseholdQuerySet["Card"]):
    """Questions asked of cards."""

    def standing(self) -> Self:
        """Those that open their household."""
        return self.filter(voided_at=None)


class Card(models.Model):
    """A household's card. `token` is random and says nothing; its check characters follow from it (`rules.check_of`)."""

    class VoidReason(models.TextChoices):
        """Why it no longer counts."""

        LOST = "lost", _("Lost")
        DEPARTED = "departed", _("They left")
        MISTAKE = "mistake", _("Printed by mistake")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cards")
    token = models.CharField(max_length=10, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=8, choices=VoidReason, blank=True)

    objects = CardQuerySet.as_manager()

    open_fields = frozenset("id uid household token issued_at issued_by voided_at void_reason".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(voided_at__isnull=True),
                name="cases_card_one_standing_per_household",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="cases_card_void_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"card #{self.pk}"
