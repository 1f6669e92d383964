"""Households that go from one shelter to another: asked for, answered, on the way, arrived."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor, Capability
from shelters.models.stays import Stay
from shelters.moves import CLOSED, GOING, OPEN, State


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Questions asked of transfers."""

    def visible_to(self, actor: Actor) -> Self:
        """Those from or to shelters at the actor's sites. Whose they are is told only where the household may be seen too."""
        if not (actor.can(Capability.SEE_SHELTERS) and actor.can(Capability.SEE_PEOPLE)):
            return self.none()
        if actor.everywhere:
            return self
        here = Q(from_shelter__site__any_of=actor.site_ids) | Q(to_shelter__site__any_of=actor.site_ids)
        return self.filter(here)

    def open(self) -> Self:
        """Those that somebody must still do something about."""
        return self.filter(state__in=OPEN)

    def on_the_way(self) -> Self:
        """Those that left and have not arrived."""
        return self.filter(state=State.DEPARTED)

    def to_be_answered_by(self, actor: Actor) -> Self:
        """Those that a shelter at the actor's sites was asked to take."""
        asked = self.visible_to(actor).filter(state=State.REQUESTED)
        return asked if actor.everywhere else asked.filter(to_shelter__site__any_of=actor.site_ids)

    def that_came_to_nothing(self, since: datetime) -> Self:
        """Those that a shelter did not take, or nobody answered, since then; the household still sleeps where it did, and no other
        shelter was asked since.
        """
        sleeps = Stay.objects.open().filter(
            household=OuterRef("household"),
            unit__shelter=OuterRef("from_shelter"),
            begins_at__lt=OuterRef("requested_at"),
        )
        asked_since = Transfer.objects.filter(
            household=OuterRef("household"), requested_at__gt=OuterRef("requested_at")
        )
        ended = self.filter(state__in=(State.DECLINED, State.EXPIRED), ended_at__gt=since)
        return ended.filter(Exists(sleeps), ~Exists(asked_since))

    def overdue_at(self, moment: datetime) -> Self:
        """Open ones whose time is over at `moment`."""
        return self.open().filter(expires_at__lte=moment)


class Transfer(models.Model):
    """A whole household goes from one shelter to another; `people` is how many they were when it was asked for.

    Nobody answers, leaves or arrives before `expires_at`: it is over. The names are those of staff.
    """

    class Reason(models.TextChoices):
        """Why they go."""

        CLOSING = "closing", _("The room or shelter closes")
        FULL = "full", _("Too many people there")
        FAMILY = "family", _("To be with relatives")
        NEARER = "nearer", _("Nearer to their bridge")
        NEEDS = "needs", _("A place that suits them better")
        LONGEST_STAY = "longest_stay", _("The longest stay there is over")
        WISH = "wish", _("They asked for it")

    class Decline(models.TextChoices):
        """Why the other shelter does not take them."""

        FULL = "full", _("No places after all")
        RULES = "rules", _("The rules of the house do not allow it")
        STAFF = "staff", _("Not enough staff")
        GATE = "gate", _("They would arrive after the gate closes")
        CLOSING = "closing", _("The shelter closes")
        OTHER = "other", _("Another reason, told by phone")

    class Transport(models.TextChoices):
        """How they travel."""

        VEHICLE = "vehicle", _("Our vehicle")
        SHELTER = "shelter", _("Vehicle of the shelter")
        PARTNER = "partner", _("Vehicle of a partner")
        TAXI = "taxi", _("Taxi, paid by us")
        PUBLIC = "public", _("Bus")
        FOOT = "foot", _("On foot")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="transfers")
    from_shelter = models.ForeignKey("shelters.Shelter", on_delete=models.PROTECT, related_name="transfers_out")
    to_shelter = models.ForeignKey("shelters.Shelter", on_delete=models.PROTECT, related_name="transfers_in")
    to_unit = models.ForeignKey("shelters.Unit", on_delete=models.PROTECT, null=True, related_name="transfers_in")
    people = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=12, choices=Reason)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    decline_reason = models.CharField(max_length=8, choices=Decline, blank=True)
    transport = models.CharField(max_length=8, choices=Transport, blank=True)
    leaves_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    open_fields = frozenset(
        "id uid household from_shelter to_shelter to_unit people reason state requested_at requested_by answered_at "
        "answered_by decline_reason transport leaves_at departed_at ended_at expires_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at", "id"], name="shelters_transfer_due", condition=Q(state__in=OPEN)),
            models.Index(fields=["from_shelter"], name="shelters_transfer_out", condition=Q(state__in=OPEN)),
            models.Index(fields=["to_shelter"], name="shelters_transfer_in", condition=Q(state__in=OPEN)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(state__in=OPEN), name="shelters_transfer_one_open_per_household"
            ),
            models.CheckConstraint(
                condition=~Q(from_shelter=F("to_shelter")), name="shelters_transfer_to_another_shelter"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | Q(state__in=CLOSED, ended_at__isnull=False),
                name="shelters_transfer_ends_with_its_time",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.DECLINED) & ~Q(decline_reason=""))
                | (~Q(state=State.DECLINED) & Q(decline_reason="")),
                name="shelters_transfer_declined_with_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=GOING) | (Q(to_unit__isnull=False) & Q(answered_at__isnull=False)),
                name="shelters_transfer_goes_to_a_room",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DEPARTED) | Q(departed_at__isnull=False),
                name="shelters_transfer_departed_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"transfer #{self.pk}"
