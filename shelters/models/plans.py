"""Plans for many households at once: what is proposed, what a coordinator said about it, and what became of each."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from cases.models import Cohort, Household, OfHouseholdQuerySet
from core.actors import Actor, Capability
from places.models import Site
from shelters.models.houses import Shelter, Unit


class PlanQuerySet(models.QuerySet["Plan"]):
    """Questions asked of plans."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's field sites, for who places people."""
        if not actor.can(Capability.PLACE):
            return self.none()
        return self if actor.everywhere else self.filter(site__any_of=actor.site_ids)

    def to_work_on_at(self, moment: datetime) -> Self:
        """Those that wait for a worker at `moment`, also because the last one died, oldest first."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=moment)
        return self.filter(free, state__in=Plan.AT_WORK).order_by("asked_at", "pk")

    def with_counts(self) -> Self:
        """With how many households and people each is about, newest first: counting forgets the usual order."""
        return self.annotate(households=Count("lines"), heads=Sum("lines__people")).order_by("-made_at", "-pk")


class Plan(models.Model):
    """Places for many households of one city, proposed before anybody moves.

    `shelter` is the one that closes, `unit` the room of it where only that one does. `facts` holds what either way of planning came to
    (`shelters.planning`), the seconds it took and which one was kept. `asked_at` is when a worker was last asked to work it out or to
    apply it, `acting` the account on whose behalf it is applied, `trouble` the code of why that could not be done: nothing was written
    then, and it is ready as before.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Households chosen")
        COMPUTING = "computing", _("Being worked out")
        READY = "ready", _("Ready to look at")
        APPLYING = "applying", _("Places are being given")
        APPLIED = "applied", _("Places given")
        FAILED = "failed", _("Could not be worked out")

    class Origin(models.TextChoices):
        """Whose places are planned."""

        WAITING = "waiting", _("All who wait in the city")
        CHOSEN = "chosen", _("Families from the waiting list")
        COHORT = "cohort", _("Families of one programme")
        CLOSING = "closing", _("Families of a shelter that closes")

    AT_WORK = (State.COMPUTING, State.APPLYING)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans")
    origin = models.CharField(max_length=8, choices=Origin)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="+")
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, null=True, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="plans")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    acting = models.CharField(max_length=80, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    objects = PlanQuerySet.as_manager()

    # What `with_counts` adds.
    households: int
    heads: int

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"], name="shelters_plan_to_work_on", condition=Q(state__in=["computing", "applying"])
            ),
            models.Index(fields=["site", "-made_at"], name="shelters_plan_of_site"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="closing", shelter__isnull=False) | (~Q(origin="closing") & Q(shelter__isnull=True)),
                name="shelters_plan_closing_names_its_shelter",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(origin="closing"), name="shelters_plan_only_closing_names_a_room"
            ),
            models.CheckConstraint(
                condition=Q(origin="cohort", cohort__isnull=False) | (~Q(origin="cohort") & Q(cohort__isnull=True)),
                name="shelters_plan_cohort_is_named",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="shelters_plan_applied_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="applying") | ~Q(acting=""), name="shelters_plan_applied_on_behalf_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"plan #{self.pk}"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has been asked for it and has not answered."""
        return self.state in Plan.AT_WORK

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in (Plan.State.DRAFT, Plan.State.READY, Plan.State.FAILED)


class PlanLineQuerySet(OfHouseholdQuerySet["PlanLine"]):
    """Questions asked of the lines of plans."""

    def placed(self) -> Self:
        """Those with a room."""
        return self.filter(unit__isnull=False)


class PlanLine(models.Model):
    """One household of a plan: the room proposed for it (`unit`, None for none), and why.

    `pinned_unit` is where a coordinator said it sleeps, `barred` are shelters where it must not. `reasons` and `why_not` hold codes
    of `shelters.planning.wishes` and `shelters.rules`, no words. `refusal` is what became of it where the plan was applied in vain.
    """

    class Fate(models.TextChoices):
        """What became of it."""

        OPEN = "", _("Not applied")
        PLACED = "placed", _("Has the place")
        REFUSED = "refused", _("Did not get the place")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plan_lines")
    people = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    pinned_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    barred = ArrayField(models.BigIntegerField(), default=list)
    reasons = models.JSONField(default=list)
    why_not = models.JSONField(default=list)
    fate = models.CharField(max_length=8, choices=Fate, default=Fate.OPEN, blank=True)
    refusal = models.CharField(max_length=40, blank=True)

    objects = PlanLineQuerySet.as_manager()

    open_fields = frozenset(
        "id plan household people urgency unit pinned_unit barred reasons why_not fate refusal".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["plan_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "household"], name="shelters_planline_once_per_plan"),
            models.CheckConstraint(
                condition=Q(fate="refused") & ~Q(refusal="") | ~Q(fate="refused") & Q(refusal=""),
                name="shelters_planline_refused_with_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(fate="placed") | Q(unit__isnull=False), name="shelters_planline_placed_in_a_room"
            ),
        ]

    def __str__(self) -> str:
        return f"plan line #{self.pk}"
