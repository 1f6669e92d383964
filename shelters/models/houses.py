"""Shelters, their units and numbered beds, and how they are counted."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from places.models import Site
from shelters import rules
from shelters.models.capacity import Block, Capacity
from shelters.models.stays import Hold, Stay


def receives_at(moment: datetime, of: str = "") -> Q:
    """The shelter, or the one that `of` leads to, receives people at `moment`. One whose opening nobody noted counts as open."""
    opened = Q(**{f"{of}opened_at__isnull": True}) | Q(**{f"{of}opened_at__lte": moment})
    return opened & (Q(**{f"{of}closed_at__isnull": True}) | Q(**{f"{of}closed_at__gt": moment}))


class ShelterQuerySet(models.QuerySet["Shelter"]):
    """Questions asked of shelters."""

    def visible_to(self, actor: Actor) -> Self:
        """Those at the actor's sites."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(site__any_of=actor.site_ids)

    def open_at(self, moment: datetime) -> Self:
        """Those that receive people at `moment`."""
        return self.filter(receives_at(moment))

    def with_figures(self, moment: datetime, *, told: bool = False, without: int | None = None) -> Self:
        """With site, city and units counted at `moment`, in two queries: what `figures` and `free_by_kind` need.

        With `told`, each unit also knows who said its capacity; the unit `without` is left out, as if it were not there.
        """
        units = Unit.objects.with_figures(moment)
        units = units if without is None else units.exclude(pk=without)
        units = units.with_capacity_told(moment) if told else units
        return self.select_related("site__city", "site__parent").prefetch_related(Prefetch("units", queryset=units))


class Shelter(models.Model):
    """A house, gym or hotel that receives people. Its own site gives its desk sight of its guests and nobody else's.

    `opened_at` is None where nobody noted it. `counted_at` is when its guests were last counted there, `counted_basis` in
    what sense, `count_off` by how many people that count still differs from the stays (settling makes it nought).

    House rules: the gate stands open in `[gate_opens, gate_closes)` on the wall clock of its city (nobody noted it
    where both are None), over midnight where it closes before it opens; `takes_pets` None is not known; `languages` are ISO 639-3;
    `test_within_days` asks for a negative test no older than that.
    """

    class CountBasis(models.TextChoices):
        """In what sense its guests were last counted."""

        CONFIRMED = "confirmed", _("Stays confirmed")
        ROLL_CALL = "roll_call", _("Roll call")
        REPORTED = "reported", _("Headcount reported")

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
    counted_basis = models.CharField(max_length=10, choices=CountBasis, blank=True)
    count_off = models.IntegerField(default=0)
    gate_opens = models.TimeField(null=True)
    gate_closes = models.TimeField(null=True)
    takes_pets = models.BooleanField(null=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    services = ArrayField(models.CharField(max_length=12), default=list)
    min_stay_days = models.PositiveSmallIntegerField(null=True)
    max_stay_days = models.PositiveSmallIntegerField(null=True)
    test_within_days = models.PositiveSmallIntegerField(null=True)

    objects = ShelterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=True) | Q(closed_at__gt=F("opened_at")),
                name="shelters_shelter_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(gate_opens__isnull=True, gate_closes__isnull=True)
                | (Q(gate_opens__isnull=False, gate_closes__isnull=False) & ~Q(gate_opens=F("gate_closes"))),
                name="shelters_shelter_gate_opens_and_closes",
            ),
            models.CheckConstraint(
                condition=Q(min_stay_days__isnull=True)
                | Q(max_stay_days__isnull=True)
                | Q(max_stay_days__gte=F("min_stay_days")),
                name="shelters_shelter_longest_stay_after_shortest",
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
        return self if actor.everywhere else self.filter(shelter__site__any_of=actor.site_ids)

    def with_figures(self, moment: datetime, *, as_it_was: bool = False) -> Self:
        """With people counted from open stays, places held and blocked at `moment`, and the capacity then in force.

        `as_it_was` counts who slept there at `moment`, one that is past, instead of who sleeps there now; who was out
        then nobody knows.
        """
        of_unit = OuterRef("pk")
        in_force = Capacity.objects.begun_by(moment).filter(unit=of_unit)
        guests = Stay.objects.at(moment).real() if as_it_was else Stay.objects.open()
        stays = guests.filter(unit=of_unit).order_by().values("unit")
        away = Stay.objects.open().away().filter(unit=of_unit).order_by().values("unit")
        unseen = Stay.objects.open().unseen().filter(unit=of_unit).order_by().values("unit")
        kept = Hold.objects.that_stood_at(moment) if as_it_was else Hold.objects.standing_at(moment)
        holds = kept.filter(unit=of_unit).order_by().values("unit")
        blocks = Block.objects.standing_at(moment).filter(unit=of_unit).order_by().values("unit")
        of_open_shelter = receives_at(moment, of="shelter__")
        return self.annotate(
            capacity_places=Subquery(in_force.values("places")[:1]),
            capacity_basis=Subquery(in_force.values("basis")[:1]),
            people_in=Coalesce(Subquery(stays.annotate(n=Count("*")).values("n")), 0),
            people_away=Value(0) if as_it_was else Coalesce(Subquery(away.annotate(n=Count("*")).values("n")), 0),
            people_unseen=Value(0) if as_it_was else Coalesce(Subquery(unseen.annotate(n=Count("*")).values("n")), 0),
            places_held=Coalesce(Subquery(holds.annotate(n=Sum("places")).values("n")), 0),
            places_blocked=Coalesce(Subquery(blocks.annotate(n=Sum("places")).values("n")), 0),
            is_receiving=ExpressionWrapper(of_open_shelter, models.BooleanField()),
        )

    def with_capacity_told(self, moment: datetime) -> Self:
        """With the source of the capacity in force at `moment`, and since when it holds."""
        in_force = Capacity.objects.begun_by(moment).filter(unit=OuterRef("pk"))
        return self.annotate(
            capacity_from=Subquery(in_force.values("valid_from")[:1]),
            capacity_source=Subquery(in_force.values("source")[:1]),
        )


class Unit(models.Model):
    """A room, ward, tent or corridor: people are placed in units, and in numbered beds where there are any.

    `is_lgbtq_safe` is restricted: only those with `SEE_NEEDS` read it or filter by it.
    """

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=rules.Kind, default=rules.Kind.MIXED)
    is_accessible = models.BooleanField(default=False)
    is_lgbtq_safe = models.BooleanField(default=False)

    objects = UnitQuerySet.as_manager()

    # What `with_figures` adds.
    capacity_places: int | None
    capacity_basis: str | None
    people_in: int
    people_away: int
    people_unseen: int
    places_held: int
    places_blocked: int
    is_receiving: bool
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
            capacity=self.capacity_places,
            occupied=self.people_in,
            held=self.places_held,
            blocked=self.places_blocked,
            away=self.people_away,
            unseen=self.people_unseen,
            receives=self.is_receiving,
        )

    @property
    def is_closed_for_works(self) -> bool:
        """Whether the capacity in force says that nobody can sleep here, as read by `with_figures`."""
        return self.capacity_basis == Capacity.Basis.CLOSED


class Bed(models.Model):
    """A numbered place of a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="beds")
    label = models.CharField(max_length=20)

    class Meta:
        ordering = ["unit_id", "label"]
        constraints = [models.UniqueConstraint(fields=["unit", "label"], name="shelters_bed_label_once_per_unit")]

    def __str__(self) -> str:
        return self.label
