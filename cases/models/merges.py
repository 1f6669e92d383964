"""Who is who: pairs of people that look alike, and files that turned out to be one person's."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models.households import Household
from cases.models.people import Person
from core.actors import Actor


class LikenessQuerySet(models.QuerySet["Likeness"]):
    """Questions asked of pairs."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of which `actor` may see both people: who sees one of the two learns nothing of the other."""
        people = Person.objects.visible_to(actor)
        return self.filter(one__in=people, other__in=people)

    def of_household(self, uid: uuid.UUID | OuterRef) -> Self:
        """Those with somebody of one household."""
        return self.filter(Q(one__household__uid=uid) | Q(other__household__uid=uid))

    def open(self) -> Self:
        """Those that nobody has judged, of people whose files still stand."""
        return self.filter(judged_at=None, one__merged_into=None, other__merged_into=None)


class Likeness(models.Model):
    """Two people may be one: `score` of 100 with its `reasons`. The machine only asks; a person judges.

    A pair judged different is kept, and is never asked about again. `one` has the lower key.
    """

    class Reason(models.TextChoices):
        """What speaks for it, and what against it, strongest first."""

        A_NUMBER = "a_number", _("The same A-number")
        NAME = "name", _("The same name")
        NAME_ALIKE = "name_alike", _("Names almost alike")
        BIRTH = "birth", _("The same birth date")
        BIRTH_TURNED = "birth_turned", _("Birth dates with day and month swapped")
        AGE_ALIKE = "age_alike", _("About the same age")
        PHONE = "phone", _("The same phone")
        NATIONALITY = "nationality", _("The same nationality")
        OTHER_A_NUMBER = "other_a_number", _("Different A-numbers")
        OTHER_NAME = "other_name", _("Different names")
        OTHER_BIRTH = "other_birth", _("Different birth dates")
        OTHER_SEX = "other_sex", _("Different sex")
        OTHER_NATIONALITY = "other_nationality", _("Different nationalities")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20, choices=Reason), default=list)
    found_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=80, blank=True)

    objects = LikenessQuerySet.as_manager()

    open_fields = frozenset("id uid one other score reasons found_at judged_at judged_by".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "likenesses"
        indexes = [
            models.Index(
                fields=["-score", "-found_at", "-id"], name="cases_likeness_open", condition=Q(judged_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="cases_likeness_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="cases_likeness_lower_key_first"),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, judged_by="") | (Q(judged_at__isnull=False) & ~Q(judged_by="")),
                name="cases_likeness_judged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"likeness #{self.pk}"


class MergeQuerySet(models.QuerySet["Merge"]):
    """Questions asked of merges."""

    def visible_to(self, actor: Actor) -> Self:
        """Those into a household that `actor` may see."""
        return self.filter(kept__in=Household.objects.visible_to(actor))

    def standing(self) -> Self:
        """Those that nobody undid."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """Somebody found that people of `other` are people of `kept`, with `reasons` in codes.

    `carried` holds the keys of the household's records that moved with it, by model, so that undoing gives back exactly those.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    carried = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    objects = MergeQuerySet.as_manager()

    open_fields = frozenset("id uid kept other reasons carried merged_at merged_by undone_at undone_by".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["-merged_at", "-pk"]
        indexes = [models.Index(fields=["kept", "-merged_at"], name="cases_merge_of_kept")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="cases_merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"merge #{self.pk}"


class MergedPersonQuerySet(models.QuerySet["MergedPerson"]):
    """Questions asked of the pairs of a merge."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of merges that `actor` may see."""
        return self.filter(merge__in=Merge.objects.visible_to(actor))


class MergedPerson(models.Model):
    """One pair of a merge: what `other` had and `kept` took over.

    `carried` holds keys of records by model, `filled` the names of fields that were empty, `pointers` the people who had been merged
    into `other` before.
    """

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="people")
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    carried = models.JSONField(default=dict)
    pointers = ArrayField(models.BigIntegerField(), default=list)
    filled = ArrayField(models.CharField(max_length=30), default=list)

    objects = MergedPersonQuerySet.as_manager()

    open_fields = frozenset("id merge kept other carried pointers filled".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "merged people"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "other"], name="cases_mergedperson_once_per_merge"),
            models.CheckConstraint(condition=~Q(kept=F("other")), name="cases_mergedperson_of_two"),
        ]

    def __str__(self) -> str:
        return f"merged person #{self.pk}"
