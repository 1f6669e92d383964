"""Who sleeps where, and for whom places are kept."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from cases.models import Absence, Household, OfHouseholdQuerySet, OfPersonQuerySet, Person
from cases.states import Step
from core.actors import Actor, Capability
from shelters import rules

# They left for their hearing and have not come back from it.
AT_COURT = (Step.TRANSPORTED, Step.PRESENTED)


def _id_range(field: str) -> Func:
    """`field` as a range that overlaps only itself: an exclusion over an id without the btree_gist extension."""
    return Func(F(field), F(field), models.Value("[]"), function="int8range")


def _span(begins: str, ends: str) -> Func:
    return Func(F(begins), F(ends), models.Value("[)"), function="tstzrange")


class HoldQuerySet(OfHouseholdQuerySet["Hold"]):
    """Questions asked of holds."""

    def standing_at(self, moment: datetime) -> Self:
        """Those that keep places at `moment`."""
        return self.filter(released_at__isnull=True, begins_at__lte=moment, expires_at__gt=moment)

    def that_stood_at(self, moment: datetime) -> Self:
        """Those that kept places at `moment`, one that is past, whatever became of them since."""
        return self.filter(
            Q(released_at__isnull=True) | Q(released_at__gt=moment), begins_at__lte=moment, expires_at__gt=moment
        )

    def at_sites_of(self, actor: Actor) -> Self:
        """Those of shelters at the actor's sites; whom they are for is told only where the household may be seen too."""
        if not actor.can(Capability.SEE_SHELTERS):
            return self.none()
        return self if actor.everywhere else self.filter(unit__shelter__site__any_of=actor.site_ids)


class Hold(models.Model):
    """Places kept until `expires_at`: for a household, or for those who stand under `label` on a list and have no file yet.

    `label` is the number of a line or list, never a name. One that waits for a transfer lasts as long as the transfer does.
    """

    unit = models.ForeignKey("shelters.Unit", on_delete=models.PROTECT, related_name="holds")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="holds")
    label = models.CharField(max_length=24, blank=True, default="", db_default="")
    transfer = models.ForeignKey("shelters.Transfer", on_delete=models.PROTECT, null=True, related_name="holds")
    places = models.PositiveSmallIntegerField()
    begins_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    renewals = models.PositiveSmallIntegerField(default=0, db_default=0)
    released_at = models.DateTimeField(null=True)

    open_fields = frozenset("id unit household label transfer places begins_at expires_at renewals released_at".split())
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
            models.UniqueConstraint(
                fields=["unit", "label"],
                condition=Q(released_at__isnull=True) & ~Q(label=""),
                name="shelters_hold_one_standing_per_number",
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False, label="")
                | Q(household__isnull=True, transfer__isnull=True, label__regex=rules.LABEL),
                name="shelters_hold_for_a_household_or_a_number",
            ),
            models.CheckConstraint(
                condition=Q(transfer__isnull=False)
                | Q(renewals__lte=rules.HOLD_RENEWALS, expires_at__lte=F("begins_at") + rules.HOLD_AT_MOST),
                name="shelters_hold_not_for_ever",
            ),
        ]

    def __str__(self) -> str:
        return f"hold #{self.pk}"


class LeavingReason(models.TextChoices):
    """Why a stay ended."""

    TRANSFERRED = "transferred", _("Transferred")
    ROOM = "room", _("Moved to another room")
    LEFT = "left", _("Left")
    COURT = "court", _("Left for court and did not return")
    LONGEST_STAY = "longest_stay", _("The longest stay was over")
    ASKED = "asked", _("Asked to leave")
    LOST = "lost", _("Lost contact")
    CLOSED = "closed", _("Shelter closed")
    ISOLATION = "isolation", _("Moved to isolation")
    MISTAKE = "mistake", _("Entered by mistake")


class Destination(models.TextChoices):
    """Where somebody went whose stay ended, as they said."""

    COURT = "court", _("To court, across the bridge")
    SHELTER = "shelter", _("Another shelter")
    OWN = "own", _("A place of their own")
    RELATIVES = "relatives", _("Relatives or friends")
    CITY = "city", _("Another city in Mexico")
    HOME = "home", _("Back to their country")
    HOSPITAL = "hospital", _("Hospital")
    UNKNOWN = "unknown", _("Nobody knows")


class StayQuerySet(OfPersonQuerySet["Stay"]):
    """Questions asked of stays."""

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(ends_at__isnull=True)

    def real(self) -> Self:
        """Those that were, and were not entered by mistake."""
        return self.exclude(leaving_reason=LeavingReason.MISTAKE)

    def away(self) -> Self:
        """Those of people who are out tonight: on the way to court or before it, or for a time. Their places stay theirs."""
        out = Absence.objects.out().filter(person=OuterRef("person"))
        return self.filter(Q(household__step__in=AT_COURT) | Exists(out))

    def unseen(self) -> Self:
        """Those of people who were not seen, or did not come back, and nobody knows where they are. Their places stay theirs."""
        return self.exclude(household__step__in=AT_COURT).filter(person__absences__in=Absence.objects.unexplained())

    def at_court(self) -> Self:
        """Those of `away` whose household is on the way to court or before it."""
        return self.filter(household__step__in=AT_COURT)

    def out(self) -> Self:
        """The others of `away`: those of people who are out for a time and expected back."""
        return self.exclude(household__step__in=AT_COURT).filter(person__absences__in=Absence.objects.out())

    def at(self, moment: datetime) -> Self:
        """Those that cover `moment`: `begins_at <= moment < ends_at`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), begins_at__lte=moment)

    def with_came_at(self, *, each_room: bool = False) -> Self:
        """With `came_at`, since when the person sleeps in that shelter, in whichever room: one who moves inside it leaves one room at
        the moment at which they come to the next. With `each_room`, every room stands for itself.
        """
        if each_room:
            return self.annotate(came_at=F("begins_at"))
        here = Stay.objects.real().filter(person=OuterRef("person"), unit__shelter=OuterRef("unit__shelter"))
        before = Exists(here.filter(ends_at=OuterRef("begins_at")))
        first = here.filter(~before, begins_at__lt=OuterRef("begins_at")).order_by("-begins_at").values("begins_at")
        moved = When(before, then=Subquery(first[:1]))
        return self.annotate(came_at=Case(moved, default=F("begins_at"), output_field=models.DateTimeField()))


class Stay(models.Model):
    """A person sleeps in a unit, in `[begins_at, ends_at)`; open while `ends_at` is empty."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="stays")
    unit = models.ForeignKey("shelters.Unit", on_delete=models.PROTECT, related_name="stays")
    bed = models.ForeignKey("shelters.Bed", on_delete=models.PROTECT, null=True, related_name="stays")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    leaving_reason = models.CharField(max_length=12, choices=LeavingReason, blank=True)
    destination = models.CharField(max_length=10, choices=Destination, blank=True, default="", db_default="")
    over_capacity_reason = models.CharField(max_length=200, blank=True)
    over_capacity_by = models.CharField(max_length=80, blank=True)

    objects = StayQuerySet.as_manager()

    # What `with_came_at` adds.
    came_at: datetime

    open_fields = frozenset(
        "id uid person household unit bed begins_at ends_at leaving_reason destination over_capacity_reason "
        "over_capacity_by".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["unit"], name="shelters_stay_open_in_unit", condition=Q(ends_at__isnull=True)),
            models.Index(
                fields=["unit", "ends_at"], name="shelters_stay_ended_in_unit", condition=Q(ends_at__isnull=False)
            ),
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
                condition=Q(destination="") | Q(ends_at__isnull=False), name="shelters_stay_destination_at_its_end"
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
