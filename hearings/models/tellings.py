"""That people were told of a hearing by somebody, not by a message: by phone, in person, on paper, at the desk where they sleep."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Func, OuterRef, Q
from django.db.models.functions import Cast, JSONObject, Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from core.look import Pill
from core.look.parts import Text
from hearings.models.hearings import Hearing, HearingQuerySet


def brought_back(restored: str, version: Any) -> Func:
    """The earlier version that `version` says again because an undo made it (`Hearing.same_versions`), as text; NULL without one."""
    return Func(F(restored), Cast(version, models.TextField()), function="jsonb_extract_path_text")


class TellingQuerySet(models.QuerySet["Telling"]):
    """Questions asked of tellings."""

    def visible_to(self, actor: Actor) -> Self:
        """Those about hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))

    def standing(self) -> Self:
        """Without slips that were taken back."""
        return self.filter(taken_back_at__isnull=True)

    def present(self) -> Self:
        """Standing ones of the version of their hearing that counts: what was told of an earlier date no longer helps."""
        version = F("hearing__version")
        return self.standing().filter(
            Q(version=version) | Q(version=Cast(brought_back("hearing__restored", version), models.IntegerField()))
        )

    def told(self) -> Self:
        """Those after which the family knows."""
        return self.filter(result=Telling.Result.TOLD)


class Telling(models.Model):
    """Somebody told a household of `version` of its hearing, or looked for it in vain. `uid` is made by the page that asked."""

    class Way(models.TextChoices):
        """How they were told."""

        PHONE = "phone", _("By phone")
        PERSON = "person", _("In person")
        PAPER = "paper", _("On paper")
        ROSTER = "roster", _("At the desk of the shelter")

    class Result(models.TextChoices):
        """What came of it."""

        TOLD = "told", _("Told")
        NOT_FOUND = "not_found", _("Could not be found")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="tellings")
    version = models.PositiveIntegerField()
    way = models.CharField(max_length=8, choices=Way, blank=True, default="")
    result = models.CharField(max_length=10, choices=Result)
    told_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    noted_by_name = models.CharField(max_length=150)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=80, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = TellingQuerySet.as_manager()

    open_fields = frozenset(
        "id uid hearing version way result told_at noted_by noted_by_name taken_back_at taken_back_by recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["told_at", "pk"]
        indexes = [models.Index(fields=["hearing", "version"], name="hearings_telling_of_version")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="not_found", way="") | (Q(result="told") & ~Q(way="")),
                name="hearings_telling_told_some_way",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by="")
                | (Q(taken_back_at__gte=F("told_at")) & ~Q(taken_back_by="")),
                name="hearings_telling_taken_back_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"telling #{self.pk}"

    @property
    def pill(self) -> Pill:
        """What came of it, as pages show it."""
        return pill_of(self.way)


TOLD_BY: dict[str, tuple[str, Text]] = {
    Telling.Way.PHONE: ("phone", _("Told by phone")),
    Telling.Way.PERSON: ("user-check", _("Told in person")),
    Telling.Way.PAPER: ("file-text", _("Told on paper")),
    Telling.Way.ROSTER: ("user-check", _("Told at the shelter")),
}


def pill_of(way: str) -> Pill:
    """That they were told by `way`; that they could not be found where it is empty."""
    if not way:
        return Pill("stop", "user-x", Telling.Result.NOT_FOUND.label)
    icon, words = TOLD_BY[way]
    return Pill("ok", icon, words)


def was_told(hearing: str = "pk") -> Exists:
    """Whether somebody told the people of `hearing` (the name of its key in the outer query) of the version that counts."""
    return Exists(Telling.objects.present().told().filter(hearing=OuterRef(hearing)))


def was_told_otherwise() -> Q:
    """Whether somebody told the people of a hearing of an earlier version, and nobody of the one that counts."""
    earlier = Telling.objects.standing().told().filter(version__lt=F("hearing__version"))
    return Q(pk__in=earlier.values("hearing")) & ~Q(was_told())


# What can be noted of a family that was not told: its code, picture and words.
NOT_FOUND = "not_found"
ANSWERS = (
    *((way.value, TOLD_BY[way][0], way.label) for way in (Telling.Way.PHONE, Telling.Way.PERSON, Telling.Way.PAPER)),
    (NOT_FOUND, "user-x", Telling.Result.NOT_FOUND.label),
)


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody told them, or looked for them in vain (`way` empty)."""

    way: str
    at: datetime
    by: str

    @property
    def pill(self) -> Pill:
        """As a pill."""
        return pill_of(self.way)


def with_tellings(hearings: HearingQuerySet) -> HearingQuerySet:
    """`hearings` with what somebody told of their present version (`told_of`) or only of another one, in the same query."""
    return hearings.annotate(
        told_rows=_told_rows(), is_told_otherwise=ExpressionWrapper(was_told_otherwise(), BooleanField())
    )


@cache  # the sub-select, put together once
def _told_rows() -> ArraySubquery:
    told = Telling.objects.present().filter(hearing=OuterRef("pk")).order_by("told_at", "pk")
    return ArraySubquery(told.values(row=JSONObject(way="way", at="told_at", by="noted_by_name")))


def told_of(hearing: Any) -> list[Told]:
    """What somebody told of the present version of a hearing fetched `with_tellings`, in order."""
    return [Told(row["way"], datetime.fromisoformat(row["at"]), row["by"]) for row in hearing.told_rows]
