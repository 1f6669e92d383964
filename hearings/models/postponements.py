"""Moving many hearings by one announced rule: what was announced, what it would do to each hearing, and what it did.

A rule is looked at before it is applied, applied to all or to none, and for a while free to undo (`hearings.postponing`,
docs/adr/postponements.md).
"""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Household, OfHouseholdQuerySet
from core.actors import Actor, Capability
from hearings.models.hearings import Hearing
from places.models import Court
from privacy.fields import EncryptedTextField

HOLD = timedelta(minutes=15)  # in which nobody is told of a new date, and undoing it costs nothing


class PostponementQuerySet(models.QuerySet["Postponement"]):
    """Questions asked of postponements."""

    def visible_to(self, actor: Actor) -> Self:
        """Those whose sites are all the actor's own, for who changes hearings."""
        if not actor.can(Capability.EDIT_HEARINGS):
            return self.none()
        return self if actor.everywhere else self.filter(site_ids__all_of=actor.site_ids)

    def to_work_on_at(self, moment: datetime) -> Self:
        """Those that wait for a worker at `moment`, also because the last one died, oldest first."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=moment)
        return self.filter(free, state__in=Postponement.AT_WORK).order_by("asked_at", "pk")

    def held_at(self, moment: datetime) -> Self:
        """Those that are applied and of which nobody has been told yet."""
        return self.filter(state=Postponement.State.APPLIED, applied_at__gt=moment - HOLD)


class Postponement(models.Model):
    """One announced rule that moves hearings. `rule` is a `hearings.postponing.Rule`, `reason` is written by staff.

    It touches hearings at `site_ids` only, the sites of whoever made it (None: everywhere). `acting` is the account on whose behalf a
    worker goes on, `asked_at` when it was asked to, `trouble` the code of what stopped it: nothing was written then. `basis` is the
    fingerprint of what the preview rests on and says: a docket that changed since asks for a new one.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PREVIEWING = "previewing", _("Being worked out")
        PREVIEWED = "previewed", _("Ready to look at")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", pgettext_lazy("postponement", "Undone")
        DISCARDED = "discarded", pgettext_lazy("postponement", "Discarded")

    AT_WORK = (State.PREVIEWING, State.APPLYING, State.UNDOING)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.JSONField()
    reason = EncryptedTextField()
    announced_on = models.DateField()
    source_url = models.URLField(max_length=300, blank=True)
    site_ids = ArrayField(models.BigIntegerField(), null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWING)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=150)
    acting = models.CharField(max_length=80)
    acting_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    previewed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = PostponementQuerySet.as_manager()

    open_fields = frozenset(
        "id uid rule announced_on source_url site_ids state made_at made_by made_by_name acting acting_name asked_at claimed_until "
        "tries trouble basis previewed_at applied_at undone_at recorded_at".split()
    )
    personal_fields = frozenset({"reason"})

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="hearings_postponement_at_work",
                condition=Q(state__in=["previewing", "applying", "undoing"]),
            ),
            models.Index(
                fields=["applied_at"], name="hearings_postponement_held", condition=Q(applied_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "undoing", "undone"], applied_at__isnull=False)
                | (~Q(state__in=["applied", "undoing", "undone"]) & Q(applied_at__isnull=True)),
                name="hearings_postponement_applied_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at__isnull=True)),
                name="hearings_postponement_undone_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"postponement #{self.pk}"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has been asked for it and has not answered."""
        return self.state in Postponement.AT_WORK

    @property
    def work(self) -> str:
        """The name under which a worker tells how far it is (`core.progress`)."""
        return f"postponement {self.pk}"

    @property
    def held_until(self) -> datetime | None:
        """Until when nobody is told and undoing is free; None where nothing was applied."""
        return self.applied_at and self.applied_at + HOLD


class PostponementLineQuerySet(OfHouseholdQuerySet["PostponementLine"]):
    """Questions asked of the lines of postponements."""

    def moving(self) -> Self:
        """Those that get a new date."""
        return self.filter(refusal="")

    def refused(self) -> Self:
        """Those that stay where they are, and why."""
        return self.exclude(refusal="")

    def in_order(self) -> Self:
        """By the court's day that they have now."""
        return self.order_by("from_at", "pk")


class PostponementLine(models.Model):
    """What a postponement does to one hearing: from which moment to which, or why not (`refusal`, a `postponing.Refusal`).

    `from_…` is what held before, kept so that an undo brings exactly that back; `to_…` is what holds after. `version` is the
    hearing's at the preview, `moved_version` the one that applying made, `last_claim` the newest claim then: who changed or confirmed
    the hearing since is not overruled by an undo. `adjusted` says why it is not the plain day.
    """

    class Fate(models.TextChoices):
        """What became of it."""

        OPEN = "", _("Not applied")
        MOVED = "moved", _("Has the new date")
        RESTORED = "restored", _("Has its old date again")
        LEFT = "left", _("Changed by somebody since: stays")

    postponement = models.ForeignKey(Postponement, on_delete=models.CASCADE, related_name="lines")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="postponement_lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    zone = models.CharField(max_length=40)
    from_on = models.DateField()
    from_at = models.DateTimeField()
    to_on = models.DateField(null=True)
    to_at = models.DateTimeField(null=True)
    report_zone = models.CharField(max_length=40, blank=True)
    report_from_at = models.DateTimeField(null=True)
    report_to_at = models.DateTimeField(null=True)
    basis_from = models.CharField(max_length=10, choices=Hearing.Basis)
    basis_to = models.CharField(max_length=10, choices=Hearing.Basis)
    verified_at = models.DateTimeField(null=True)
    adjusted = models.CharField(max_length=8, blank=True)
    refusal = models.CharField(max_length=12, blank=True)
    fate = models.CharField(max_length=8, choices=Fate, default=Fate.OPEN, blank=True)
    moved_version = models.PositiveIntegerField(null=True)
    last_claim = models.BigIntegerField(null=True)

    objects = PostponementLineQuerySet.as_manager()

    open_fields = frozenset(
        "id postponement hearing household court version zone from_on from_at to_on to_at report_zone report_from_at report_to_at "
        "basis_from basis_to verified_at adjusted refusal fate moved_version last_claim".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["postponement_id", "from_at", "pk"]
        indexes = [
            models.Index(fields=["postponement", "from_at", "id"], name="hearings_postponementline_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["postponement", "hearing"], name="hearings_postponementline_once_per_hearing"
            ),
            models.CheckConstraint(
                condition=Q(refusal="", to_on__isnull=False, to_at__isnull=False)
                | (~Q(refusal="") & Q(to_on__isnull=True, to_at__isnull=True)),
                name="hearings_postponementline_moves_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(fate="") | Q(refusal="", moved_version__isnull=False, last_claim__isnull=False),
                name="hearings_postponementline_fate_of_those_that_move",
            ),
        ]

    def __str__(self) -> str:
        return f"postponement line #{self.pk}"
