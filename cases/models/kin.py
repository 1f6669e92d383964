"""Who belongs to whom across households, who is not with theirs just now, and how households parted and joined."""

import uuid
from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from cases.models.households import Household, OfHouseholdQuerySet
from cases.models.people import OfPersonQuerySet, Person
from core.actors import Actor


class KinshipQuerySet(OfPersonQuerySet["Kinship"]):
    """Questions asked of relations between two people."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of which `actor` may see both ends: who sees one of the two learns nothing of the other."""
        people = Person.objects.visible_to(actor)
        return self.filter(person__in=people, relative__in=people)

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at=None)


class Kinship(models.Model):
    """Two people belong together, also when they stand in two households: `relative` is the `kind` of `person`.

    One row a pair, read from both ends. Inside a household it tells what the relation to the head leaves open: who takes care of a
    child by law.
    """

    class Kind(models.TextChoices):
        """What the relative is to the person."""

        PARENT = "parent", _("Mother or father")
        CHILD = "child", _("Son or daughter")
        PARTNER = "partner", _("Partner")
        SIBLING = "sibling", _("Brother or sister")
        GRANDPARENT = "grandparent", _("Grandparent")
        GRANDCHILD = "grandchild", _("Grandchild")
        CAREGIVER = "caregiver", _("Legal caregiver")
        WARD = "ward", _("Child in legal care")
        RELATIVE = "relative", _("Other relative")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin_of")
    kind = models.CharField(max_length=12, choices=Kind)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    objects = KinshipQuerySet.as_manager()

    open_fields = frozenset("id uid person relative kind noted_at noted_by withdrawn_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("relative")), name="cases_kinship_between_two"),
            models.UniqueConstraint(
                Least("person", "relative"),
                Greatest("person", "relative"),
                condition=Q(withdrawn_at__isnull=True),
                name="cases_kinship_once_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


K = Kinship.Kind

# The same pair, read from the other end.
FROM_THE_OTHER_END: Mapping[Kinship.Kind, Kinship.Kind] = {
    K.PARENT: K.CHILD,
    K.CHILD: K.PARENT,
    K.PARTNER: K.PARTNER,
    K.SIBLING: K.SIBLING,
    K.GRANDPARENT: K.GRANDCHILD,
    K.GRANDCHILD: K.GRANDPARENT,
    K.CAREGIVER: K.WARD,
    K.WARD: K.CAREGIVER,
    K.RELATIVE: K.RELATIVE,
}


class AbsenceQuerySet(OfPersonQuerySet["Absence"]):
    """Questions asked of absences."""

    def open(self) -> Self:
        """Those of people who have not been found again."""
        return self.filter(found_at=None)

    def out(self) -> Self:
        """Those of people who are out for a time and expected back."""
        return self.filter(found_at=None, lost_at=None, expected_at__isnull=False)

    def unexplained(self) -> Self:
        """Those of people of whom nobody knows where they are: they were missed, or did not come back."""
        return self.filter(Q(expected_at__isnull=True) | Q(lost_at__isnull=False), found_at=None)


class Absence(models.Model):
    """Somebody was not with their household when it acted, or is out for a time; over when they are found.

    Out for a time are those with a `reason` and the moment at which they are expected back; without one nobody knows where they are.
    `lost_at` is when contact with them counted as lost.
    """

    class Reason(models.TextChoices):
        """Why somebody is out."""

        COURT = "court", _("Court, across the bridge")
        WORK = "work", _("Work")
        ERRAND = "errand", _("An errand")
        RELATIVES = "relatives", _("With relatives or friends")
        OTHER = "other", _("Something else")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default="", db_default="")
    expected_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    found_by = models.CharField(max_length=80, blank=True)

    objects = AbsenceQuerySet.as_manager()

    open_fields = frozenset("id person noted_at noted_by reason expected_at lost_at found_at found_by".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(found_at__isnull=True), name="cases_absence_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=Q(found_at__isnull=True, found_by="") | (Q(found_at__gte=F("noted_at")) & ~Q(found_by="")),
                name="cases_absence_found_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reason="", expected_at__isnull=True) | (~Q(reason="") & Q(expected_at__gt=F("noted_at"))),
                name="cases_absence_expected_back_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"absence #{self.pk}"


class RegroupingQuerySet(OfHouseholdQuerySet["Regrouping"]):
    """Questions asked of regroupings."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of which `actor` may see both households, also the one that joined the other."""
        visible = Household.with_merged.visible_to(actor)
        return self.filter(household__in=visible, into__in=visible)

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(undone_at=None)


class Regrouping(models.Model):
    """People left `household` for `into`: some of them to be a household of their own, or all of them to join another.

    `before` maps each person's key to their relation and position as they were, `carried` holds the keys of the records that went
    with them, by model, so that either can be taken back. The reason may tell of health, and is shown to those who see health.
    """

    class Kind(models.TextChoices):
        """Parting or joining."""

        SPLIT = "split", _("Separated")
        JOIN = "join", _("Joined")

    class Reason(models.TextChoices):
        """Why. For the sake of protection neither page names the other household."""

        ISOLATION = "isolation", _("Isolation, with their consent")
        FAMILY = "family", _("The family decided so")
        PROTECTION = "protection", _("Protection of one of them")
        REUNITED = "reunited", _("They found each other again")
        ENTRY = "entry", _("Entered wrongly")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="partings")
    into = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="gatherings")
    reason = models.CharField(max_length=12, choices=Reason)
    before = models.JSONField(default=dict)
    carried = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)

    objects = RegroupingQuerySet.as_manager()

    open_fields = frozenset("id uid kind household into before carried happened_at noted_by undone_at".split())
    personal_fields = frozenset({"reason"})

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(household=F("into")), name="cases_regrouping_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
