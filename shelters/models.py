"""Where people sleep: shelters, units, dated capacity, holds, stays, and what the public has observed.

Occupancy is counted from stays, capacity is a dated record (`shelters.rules`). The database has the last word: one
open stay a person, one guest a bed, no more guests in a unit than places without a named reason (migration 0002).
"""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.models import Household, OfHouseholdQuerySet, OfPersonQuerySet, Person
from core.actors import Actor, Capability
from places.models import Site
from shelters import rules


def _id_range(field: str) -> Func:
    """`field` as a range that overlaps only itself: an exclusion over an id without the btree_gist extension."""
    return Func(F(field), F(field), models.Value("[]"), function="int8range")


def _span(begins: str, ends: str) -> Func:
    return Func(F(begins), F(ends), models.Value("[)"), function="tstzrange")


class ShelterQuerySet(models.QuerySet["Shelter"]):
    """Questions asked of shelters."""

    def visible_to(self, actor: Actor) -> Self:
        """Those at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(site_id__in=actor.site_ids)

    def open_at(self, moment: datetime) -> Self:
        """Those that receive people at `moment`. One whose opening nobody noted counts as open."""
        return self.filter(
            Q(opened_at__isnull=True) | Q(opened_at__lte=moment), Q(closed_at__isnull=True) | Q(closed_at__gt=moment)
        )

    def with_figures(self, moment: datetime, *, told: bool = False) -> Self:
        """With site, city and units counted at `moment`, in two queries: what `figures` and `free_by_kind` need.

        With `told`, each unit also knows who said its capacity.
        """
        units = Unit.objects.with_figures(moment)
        units = units.with_capacity_told(moment) if told else units
        return self.select_related("site__city", "site__parent").prefetch_related(Prefetch("units", queryset=units))


class Shelter(models.Model):
    """A house, gym or hotel that receives people. Its own site gives its desk sight of its guests and nobody else's.

    `opened_at` is None where nobody noted it. `counted_at` is when somebody there last said that the count of guests is
    right.
    """

    class Operator(models.TextChoices):
        """Who runs it."""

        FEDERAL = "federal", _("Federal")
        STATE = "state", _("State")
        MUNICIPAL = "municipal", _("Municipal")
        CHURCH = "church", _("Church")
        CIVIL = "civil", _("Civil society")
        INTERNATIONAL = "international", _("International organisation")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="shelter")
    name = models.CharField(max_length=120)
    operator = models.CharField(max_length=14, choices=Operator)
    note = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)

    objects = ShelterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=True) | Q(closed_at__gt=F("opened_at")),
                name="shelters_shelter_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it receives people at `moment`."""
        return not (self.opened_at and self.opened_at > moment) and not (self.closed_at and self.closed_at <= moment)

    @cached_property
    def figures(self) -> rules.Places:
        """Its places as counted by `with_figures`."""
        return rules.in_shelter(unit.figures for unit in self.units.all())

    @cached_property
    def free_by_kind(self) -> dict[str, int]:
        """Free places by the kind of its units, as counted by `with_figures`."""
        return rules.free_by_kind((unit.kind, unit.figures) for unit in self.units.all())


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions asked of units."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of shelters at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(shelter__site_id__in=actor.site_ids)

    def with_figures(self, moment: datetime, *, as_it_was: bool = False) -> Self:
        """With people counted from open stays, places held and blocked at `moment`, and the capacity then in force.

        `as_it_was` counts who slept there at `moment`, one that is past, instead of who sleeps there now.
        """
        of_unit = OuterRef("pk")
        in_force = Capacity.objects.begun_by(moment).filter(unit=of_unit)
        stays = (
            (Stay.objects.at(moment) if as_it_was else Stay.objects.open())
            .filter(unit=of_unit)
            .order_by()
            .values("unit")
        )
        holds = Hold.objects.standing_at(moment).filter(unit=of_unit).order_by().values("unit")
        blocks = Block.objects.standing_at(moment).filter(unit=of_unit).order_by().values("unit")
        return self.annotate(
            capacity_places=Subquery(in_force.values("places")[:1]),
            capacity_basis=Subquery(in_force.values("basis")[:1]),
            people_in=Coalesce(Subquery(stays.annotate(n=Count("*")).values("n")), 0),
            places_held=Coalesce(Subquery(holds.annotate(n=Sum("places")).values("n")), 0),
            places_blocked=Coalesce(Subquery(blocks.annotate(n=Sum("places")).values("n")), 0),
        )

    def with_capacity_told(self, moment: datetime) -> Self:
        """With the source of the capacity in force at `moment`, and since when it holds."""
        in_force = Capacity.objects.begun_by(moment).filter(unit=OuterRef("pk"))
        return self.annotate(
            capacity_from=Subquery(in_force.values("valid_from")[:1]),
            capacity_source=Subquery(in_force.values("source")[:1]),
        )


class Unit(models.Model):
    """A room, ward, tent or corridor: people are placed in units, and in numbered beds where there are any."""

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=rules.Kind, default=rules.Kind.MIXED)
    is_accessible = models.BooleanField(default=False)

    objects = UnitQuerySet.as_manager()

    # What `with_figures` adds.
    capacity_places: int | None
    capacity_basis: str | None
    people_in: int
    places_held: int
    places_blocked: int
    # What `with_capacity_told` adds.
    capacity_from: datetime | None
    capacity_source: str | None

    class Meta:
        ordering = ["shelter_id", "name"]
        constraints = [models.UniqueConstraint(fields=["shelter", "name"], name="shelters_unit_name_once_per_shelter")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def figures(self) -> rules.Places:
        """Its places as counted by `with_figures`."""
        return rules.in_unit(
            capacity=self.capacity_places, occupied=self.people_in, held=self.places_held, blocked=self.places_blocked
        )

    @property
    def is_closed_for_works(self) -> bool:
        """Whether the capacity in force says that nobody can sleep here, as read by `with_figures`."""
        return self.capacity_basis == Capacity.Basis.CLOSED


class CapacityQuerySet(models.QuerySet["Capacity"]):
    """Questions asked of capacity records."""

    def begun_by(self, moment: datetime) -> Self:
        """Those that had begun by `moment`, newest first: the first of a unit is in force."""
        return self.filter(valid_from__lte=moment).order_by("-valid_from")


class Capacity(models.Model):
    """How many places a unit has from `valid_from` on, who says so, and in what sense."""

    class Basis(models.TextChoices):
        """In what sense."""

        NOMINAL = "nominal", _("Nominal")
        OPERATIONAL = "operational", _("Operational")
        CLOSED = "closed", _("Closed for works")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="capacities")
    places = models.PositiveIntegerField()
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.OPERATIONAL)
    source = models.CharField(max_length=200)
    valid_from = models.DateTimeField()

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="shelters_capacity_one_per_moment"),
            models.CheckConstraint(
                condition=~Q(basis="closed") | Q(places=0), name="shelters_capacity_closed_has_no_places"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.places} places from {self.valid_from:%Y-%m-%d}"


class BlockQuerySet(models.QuerySet["Block"]):
    """Questions asked of blocks."""

    def standing_at(self, moment: datetime) -> Self:
        """Those that take places away at `moment`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), begins_at__lte=moment)


class Block(models.Model):
    """Places of a unit that cannot be used for a while, and why: a leak, a broken bed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="blocks")
    places = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("begins_at")),
                name="shelters_block_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.places} blocked #{self.pk}"


class Bed(models.Model):
    """A numbered place of a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="beds")
    label = models.CharField(max_length=20)

    class Meta:
        ordering = ["unit_id", "label"]
        constraints = [models.UniqueConstraint(fields=["unit", "label"], name="shelters_bed_label_once_per_unit")]

    def __str__(self) -> str:
        return self.label


class HoldQuerySet(OfHouseholdQuerySet["Hold"]):
    """Questions asked of holds."""

    def standing_at(self, moment: datetime) -> Self:
        """Those that keep places at `moment`."""
        return self.filter(released_at__isnull=True, begins_at__lte=moment, expires_at__gt=moment)


class Hold(models.Model):
    """Places kept for a household that is on its way, until `expires_at`."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holds")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="holds")
    places = models.PositiveSmallIntegerField()
    begins_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    open_fields = frozenset("id unit household places begins_at expires_at released_at".split())
    personal_fields: frozenset[str] = frozenset()

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("begins_at")), name="shelters_hold_expires_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(released_at__isnull=True),
                name="shelters_hold_one_standing_per_household",
            ),
        ]

    def __str__(self) -> str:
        return f"hold #{self.pk}"


class LeavingReason(models.TextChoices):
    """Why a stay ended."""

    TRANSFERRED = "transferred", _("Transferred")
    LEFT = "left", _("Left")
    COURT = "court", _("Left for court and did not return")
    CLOSED = "closed", _("Shelter closed")
    ISOLATION = "isolation", _("Moved to isolation")
    MISTAKE = "mistake", _("Entered by mistake")


class StayQuerySet(OfPersonQuerySet["Stay"]):
    """Questions asked of stays."""

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(ends_at__isnull=True)

    def at(self, moment: datetime) -> Self:
        """Those that cover `moment`: `begins_at <= moment < ends_at`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), begins_at__lte=moment)


class Stay(models.Model):
    """A person sleeps in a unit, in `[begins_at, ends_at)`; open while `ends_at` is empty."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="stays")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stays")
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, null=True, related_name="stays")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    leaving_reason = models.CharField(max_length=12, choices=LeavingReason, blank=True)
    over_capacity_reason = models.CharField(max_length=200, blank=True)
    over_capacity_by = models.CharField(max_length=80, blank=True)

    objects = StayQuerySet.as_manager()

    open_fields = frozenset(
        "id uid person household unit bed begins_at ends_at leaving_reason over_capacity_reason "
        "over_capacity_by".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["unit"], name="shelters_stay_open_in_unit", condition=Q(ends_at__isnull=True)),
            models.Index(fields=["household"], name="shelters_stay_open_of_family", condition=Q(ends_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_at__isnull=True), name="shelters_stay_one_open_per_person"
            ),
            models.UniqueConstraint(
                fields=["bed"],
                condition=Q(ends_at__isnull=True, bed__isnull=False),
                name="shelters_stay_one_open_per_bed",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("begins_at")),
                name="shelters_stay_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True, leaving_reason="")
                | (Q(ends_at__isnull=False) & ~Q(leaving_reason="")),
                name="shelters_stay_end_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(over_capacity_reason="", over_capacity_by="")
                | (~Q(over_capacity_reason="") & ~Q(over_capacity_by="")),
                name="shelters_stay_over_capacity_is_named",
            ),
            ExclusionConstraint(
                name="shelters_stay_one_place_per_person",
                expressions=[(_id_range("person"), "&&"), (_span("begins_at", "ends_at"), "&&")],
            ),
            ExclusionConstraint(
                name="shelters_stay_one_guest_per_bed",
                expressions=[(_id_range("bed"), "&&"), (_span("begins_at", "ends_at"), "&&")],
                condition=Q(bed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"stay #{self.pk}"


class Observation(models.Model):
    """What the press or a report said about a shelter's capacity and occupancy, kept as it was said.

    `observed_on` is the first day that `as_of` can mean, None where it says none. The numbers stand only where what was
    said is one number and cannot be read otherwise.
    """

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="observations")
    as_of = models.CharField(max_length=40)
    observed_on = models.DateField(null=True)
    capacity_said = models.CharField(max_length=120, blank=True)
    capacity_places = models.PositiveIntegerField(null=True)
    occupancy_said = models.CharField(max_length=160, blank=True)
    occupancy_people = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["shelter_id", F("observed_on").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shelter", "as_of", "source"], name="shelters_observation_once"),
        ]

    def __str__(self) -> str:
        return f"observation of {self.as_of}"
