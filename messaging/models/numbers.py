"""Numbers that asked for silence, and numbers that are somebody else's; told by their fingerprint, never by their digits."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class NumberQuerySet(models.QuerySet["Number"]):
    """Questions asked of numbers. A fingerprint says nothing of anybody: who bears the number is asked above."""

    def of(self, *tokens: int) -> Self:
        """Those with the fingerprints `tokens`."""
        return self.filter(token__in=tokens)

    def silent_for(self, agreed_at: datetime | None) -> Self:
        """Those to which nothing may go of what was agreed to at `agreed_at`: somebody else's, and those that asked for silence since."""
        stopped = Q(stopped_at__isnull=False) if agreed_at is None else Q(stopped_at__gte=agreed_at)
        return self.filter(stopped | Q(wrong_at__isnull=False))


class Number(models.Model):
    """What a number told us: to stop, or that it is not theirs. `token` is its fingerprint in the blind index."""

    token = models.BigIntegerField(unique=True)
    stopped_at = models.DateTimeField(null=True)
    wrong_at = models.DateTimeField(null=True)

    objects = NumberQuerySet.as_manager()

    open_fields = frozenset("id token stopped_at wrong_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=False) | Q(wrong_at__isnull=False),
                name="messaging_number_told_something",
            ),
        ]

    def __str__(self) -> str:
        return f"number #{self.pk}"

    def is_stopped_for(self, agreed_at: datetime | None) -> bool:
        """Whether it asked for silence after its bearers agreed to messages at `agreed_at`; a later yes ends the silence."""
        return self.stopped_at is not None and (agreed_at is None or agreed_at <= self.stopped_at)
