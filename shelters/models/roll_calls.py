"""A roll call: who was seen in a shelter, room by room, until somebody says that it is done."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import OfPersonQuerySet, Person
from core.actors import Actor, Capability
from shelters.models.counts import Count
from shelters.models.houses import Shelter

# Whoever was seen this long ago says nothing of tonight.
GROWS_OLD_AFTER = timedelta(hours=12)


class RollCallQuerySet(models.QuerySet["RollCall"]):
    """Questions asked of roll calls."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of shelters at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(shelter__site__any_of=actor.site_ids)

    def open(self) -> Self:
        """Those that nobody has finished or put aside."""
        return self.filter(ended_at__isnull=True)

    def uid_before(self, going: "RollCall | None") -> uuid.UUID | None:
        """Of the last one but that which is `going` on: what a page names, so that a tap that arrives late begins no other."""
        others = self if going is None else self.exclude(pk=going.pk)
        return others.order_by("-pk").values_list("uid", flat=True).first()


class RollCall(models.Model):
    """The roll of `shelter` is called since `begun_at`; over at `ended_at`, with the `count` it came to or, put aside, none.

    One is open at a time: a second device goes on with it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="roll_calls")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    count = models.OneToOneField(Count, on_delete=models.PROTECT, null=True, related_name="roll_call")

    objects = RollCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shelter"], condition=Q(ended_at__isnull=True), name="shelters_rollcall_one_open_per_shelter"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
                name="shelters_rollcall_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(ended_at__isnull=False),
                name="shelters_rollcall_counts_when_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"roll call #{self.pk}"

    def is_old_at(self, moment: datetime) -> bool:
        """Whether it was left lying: what it saw is no longer tonight's."""
        return moment - self.begun_at > GROWS_OLD_AFTER


class RollCallMark(models.Model):
    """What a roll call saw of one guest; the last word counts."""

    class Seen(models.TextChoices):
        """Whether they were there."""

        HERE = "here", _("Here")
        OUT = "out", _("Out, and it is known where")
        MISSING = "missing", _("Not seen")

    roll_call = models.ForeignKey(RollCall, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roll_call_marks")
    seen = models.CharField(max_length=8, choices=Seen)
    marked_at = models.DateTimeField()
    marked_by = models.CharField(max_length=80)

    open_fields = frozenset("id roll_call person seen marked_at marked_by".split())
    personal_fields: frozenset[str] = frozenset()

    objects = OfPersonQuerySet["RollCallMark"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "person"], name="shelters_rollcallmark_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"mark #{self.pk}"
