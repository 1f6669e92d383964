"""The list that authorities announce for a day, and which arrival is whom of it.

A day at a site has one list in force. A corrected list never erases: what it adds, changes or takes off says so by the list that
did it, so that the difference can be shown. Names and numbers are encrypted; `tokens` are those of the blind index.
"""

import uuid
from datetime import datetime
from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from cases.models import SAME_COMING, Arrival, Sex
from core.actors import Actor, ActorKind, Capability
from expected.rules import Reason
from places.models import Crossing, Site
from privacy.fields import EncryptedDateField, EncryptedTextField

Record = TypeVar("Record", bound=models.Model)


def _sees_lists(actor: Actor) -> bool:
    """Whether `actor` may see any list: who receives people at the bridge, and never a partner."""
    return actor.can(Capability.LOG_ARRIVAL) and actor.kind is not ActorKind.PARTNER


class ExpectedDayQuerySet(models.QuerySet["ExpectedDay"]):
    """Questions asked of announced days."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's sites, for who receives people there."""
        if not _sees_lists(actor):
            return self.none()
        return self if actor.everywhere else self.filter(site__any_of=actor.site_ids)

    def at(self, moment: datetime) -> Self:
        """Those whose day it is at `moment`, on the clocks of their sites."""
        return self.filter(begins_at__lte=moment, ends_at__gt=moment)

    def with_counts(self) -> Self:
        """With how many are announced, came, may have come, and came though nobody announced them: see `Counts`."""
        standing = ExpectedHousehold.objects.standing().filter(day=OuterRef("pk")).order_by().values("day")
        came = Exists(Pairing.objects.matched().filter(household=OuterRef("pk")))
        doubtful = Exists(Pairing.objects.offered().filter(household=OuterRef("pk")))
        arrivals = (
            Arrival.objects.filter(
                site=OuterRef("site"),
                household__merged_into=None,
                kind=Arrival.Kind.FIRST_RETURN,
                occurred_at__gte=OuterRef("begins_at"),
                occurred_at__lt=OuterRef("ends_at"),
            )
            .exclude(Exists(Pairing.objects.matched().of_coming()))
            .exclude(Exists(Pairing.objects.offered().of_coming()))
        )
        came_by_household = standing.filter(came)
        return self.annotate(
            families=_number(standing, Count("pk")),
            people=_number(standing, Sum("size")),
            families_came=_number(came_by_household, Count("pk")),
            people_came=_number(came_by_household, Sum("size")),
            families_doubtful=_number(standing.filter(~came, doubtful), Count("pk")),
            taken_off=_number(
                ExpectedHousehold.objects.filter(day=OuterRef("pk"), withdrawn_in__isnull=False)
                .order_by()
                .values("day"),
                Count("pk"),
            ),
            unannounced=_number(arrivals.order_by().values("site"), Count("pk")),
        )


def _number(rows: "models.QuerySet[Record, object]", what: Count | Sum) -> Coalesce:
    """`what` counted over `rows`, which are grouped by one value."""
    return Coalesce(Subquery(rows.annotate(number=what).values("number"), output_field=IntegerField()), 0)


class ExpectedDay(models.Model):
    """A day for which authorities announced who comes to a site. `[begins_at, ends_at)` is that day on the site's clocks."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ExpectedDayQuerySet.as_manager()

    families: int
    people: int
    families_came: int
    people_came: int
    families_doubtful: int
    taken_off: int
    unannounced: int

    open_fields = frozenset("id site day begins_at ends_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["-day", "site"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="expected_expectedday_once_a_site"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="expected_expectedday_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["site", "ends_at"], name="expected_day_at")]

    def __str__(self) -> str:
        return f"day #{self.pk}"

    @property
    def families_missing(self) -> int:
        """Announced families of whom nothing is known yet; after `with_counts`."""
        return self.families - self.families_came - self.families_doubtful


class OfDayQuerySet(models.QuerySet[Record]):
    """What hangs on a day is seen by those who see the day."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the days that `actor` may see."""
        return self.filter(day__in=ExpectedDay.objects.visible_to(actor))


class ExpectedList(models.Model):
    """One paper of the authorities for a day: the first, or one that corrects those before it."""

    class Source(models.TextChoices):
        """Who announced it."""

        INM = "inm", _("Mexican immigration (INM)")
        CBP = "cbp", _("US authorities (CBP)")
        OTHER = "other", _("Somebody else")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(ExpectedDay, on_delete=models.PROTECT, related_name="lists")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=5, choices=Source)
    fingerprint = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now())
    families = models.PositiveSmallIntegerField(default=0)
    added = models.PositiveSmallIntegerField(default=0)
    changed = models.PositiveSmallIntegerField(default=0)
    taken_off = models.PositiveSmallIntegerField(default=0)

    objects = OfDayQuerySet["ExpectedList"].as_manager()

    open_fields = frozenset(
        "id uid day number source fingerprint received_at received_by recorded_at families added changed taken_off".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["day", "number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="expected_expectedlist_number_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"list #{self.pk}"


class ExpectedHouseholdQuerySet(OfDayQuerySet["ExpectedHousehold"]):
    """Questions asked of announced households."""

    def standing(self) -> Self:
        """Those that no later list took off."""
        return self.filter(withdrawn_in__isnull=True)

    def matched(self) -> Self:
        """Those that came."""
        return self.filter(Exists(Pairing.objects.matched().filter(household=OuterRef("pk"))))

    def unmatched(self) -> Self:
        """Those that did not come, as far as anybody knows."""
        return self.exclude(Exists(Pairing.objects.matched().filter(household=OuterRef("pk"))))

    def offered(self) -> Self:
        """Those that may have come: somebody must say."""
        return self.filter(Exists(Pairing.objects.offered().filter(household=OuterRef("pk"))))


class ExpectedHousehold(models.Model):
    """A family or somebody alone on the list, in its order. `opened_as` is the id of the arrival form opened from its row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(ExpectedDay, on_delete=models.PROTECT, related_name="households")
    position = models.PositiveSmallIntegerField()
    family_key = EncryptedTextField(default="")
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True, related_name="+")
    size = models.PositiveSmallIntegerField()
    announced_in = models.ForeignKey(ExpectedList, on_delete=models.PROTECT, related_name="+")
    changed_in = models.ForeignKey(ExpectedList, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_in = models.ForeignKey(ExpectedList, on_delete=models.PROTECT, null=True, related_name="+")
    opened_as = models.UUIDField(null=True)

    objects = ExpectedHouseholdQuerySet.as_manager()

    open_fields = frozenset("id uid day position crossing size announced_in changed_in withdrawn_in opened_as".split())
    personal_fields = frozenset({"family_key"})

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="expected_expectedhousehold_has_somebody"),
        ]
        indexes = [
            models.Index(
                fields=["opened_as"], name="expected_household_opened_as", condition=Q(opened_as__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"expected household #{self.pk}"


class OfExpectedQuerySet(models.QuerySet[Record]):
    """What hangs on an announced household is seen by those who see its day."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the days that `actor` may see."""
        return self.filter(household__day__in=ExpectedDay.objects.visible_to(actor))


class ExpectedPerson(models.Model):
    """Somebody on the list, as authorities wrote them."""

    household = models.ForeignKey(ExpectedHousehold, on_delete=models.CASCADE, related_name="people")
    position = models.PositiveSmallIntegerField(default=1)
    given_names = EncryptedTextField(default="")
    surnames = EncryptedTextField(default="")
    birth_date = EncryptedDateField(null=True)
    birth_is_estimated = models.BooleanField(default=False)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    nationality = models.CharField(max_length=2, blank=True)
    a_number = EncryptedTextField(default="")
    tokens = ArrayField(models.BigIntegerField(), default=list)

    objects = OfExpectedQuerySet["ExpectedPerson"].as_manager()

    open_fields = frozenset("id household position birth_is_estimated sex nationality tokens".split())
    personal_fields = frozenset("given_names surnames birth_date a_number".split())

    class Meta:
        ordering = ["household", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "position"], name="expected_expectedperson_one_at_each_position"
            ),
        ]

    def __str__(self) -> str:
        return f"expected person #{self.pk}"

    @property
    def full_name(self) -> str:
        """Given names, then surnames."""
        return f"{self.given_names} {self.surnames}".strip()


class PairingQuerySet(OfExpectedQuerySet["Pairing"]):
    """Questions asked of pairings."""

    def matched(self) -> Self:
        """Those that hold: this arrival is that family."""
        return self.filter(standing=Pairing.Standing.MATCHED)

    def offered(self) -> Self:
        """Those that a person must answer."""
        return self.filter(standing=Pairing.Standing.OFFERED)

    def refused(self) -> Self:
        """Those that a person said no to."""
        return self.filter(standing=Pairing.Standing.REFUSED)

    def of_coming(self) -> Self:
        """Those of the arrival that the outer query asks about; also where the same coming was written down twice, and the pairing is
        of the arrival whose file was merged into this one's.
        """
        about = OuterRef("occurred_at")
        twice = Q(
            arrival__household__merged_into=OuterRef("household"),
            arrival__kind=OuterRef("kind"),
            arrival__occurred_at__gt=about - SAME_COMING,
            arrival__occurred_at__lt=about + SAME_COMING,
        )
        return self.filter(Q(arrival=OuterRef("pk")) | twice)


class Pairing(models.Model):
    """That an arrival may be, is or is not an announced household. A sure one is made, a likely one waits for a person."""

    class Standing(models.TextChoices):
        """What is known of it."""

        OFFERED = "offered", _("To be decided")
        MATCHED = "matched", _("The same")
        REFUSED = "refused", _("Not the same")

    household = models.ForeignKey(ExpectedHousehold, on_delete=models.CASCADE, related_name="pairings")
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="+")
    standing = models.CharField(max_length=8, choices=Standing)
    reason = models.CharField(max_length=10, choices=Reason)
    likeness = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    objects = PairingQuerySet.as_manager()

    open_fields = frozenset("id household arrival standing reason likeness decided_at decided_by".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "arrival"], name="expected_pairing_once"),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(standing="matched"),
                name="expected_pairing_one_arrival_per_household",
            ),
            models.UniqueConstraint(
                fields=["arrival"],
                condition=Q(standing="matched"),
                name="expected_pairing_one_household_per_arrival",
            ),
            models.CheckConstraint(
                condition=Q(standing="offered", decided_at__isnull=True, decided_by="")
                | (~Q(standing="offered") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="expected_pairing_decided_by_somebody_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"pairing #{self.pk}"
