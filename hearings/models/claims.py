"""What each source says about a hearing, kept as it says it: what is shown is resolved from all of them (`rules.resolve`)."""

from datetime import date, datetime, time
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from hearings import rules
from places import zones
from places.models import Court, Crossing, HearingLocation
from privacy.fields import EncryptedTextField

# What each fact is said in; every other of these columns stays empty.
_SAID_IN = {
    "court": ("court",),
    "kind": ("kind",),
    "judge": ("judge",),
    "interpreter": ("language",),
    "people": ("people",),
    "court_time": ("local_on", "local_time", "zone"),
    "report_time": ("local_on", "local_time", "zone"),
    "crossing": ("crossing",),
}
_TEXTS = ("kind", "judge", "language", "zone")
_ABSENCES = ("court", "crossing", "people", "local_on", "local_time")


def _only(*columns: str) -> Q:
    """That `columns` say something, and no other column does."""
    said = Q()
    for name in _TEXTS:
        said &= ~Q(**{name: ""}) if name in columns else Q(**{name: ""})
    for name in _ABSENCES:
        said &= Q(**{f"{name}__isnull": name not in columns})
    return said


def _says_its_fact() -> Q:
    """That a source says one fact and nothing else, or that somebody decided which word of a fact counts, and why."""
    by_a_source = Q()
    for fact, columns in _SAID_IN.items():
        by_a_source |= Q(fact=fact) & _only(*columns)
    undecided = Q(regards__isnull=True, reason__isnull=True, decided_by="", decided_by_name="")
    decided = Q(regards__isnull=False, reason__isnull=False) & ~Q(decided_by="") & _only()
    return (~Q(source="decision") & undecided & by_a_source) | (Q(source="decision") & decided)


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions asked of claims."""

    def visible_to(self, actor: Actor) -> Self:
        """Those about hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))

    def counting(self) -> Self:
        """Without those that were retracted."""
        return self.filter(retracted_at=None)


class Claim(models.Model):
    """What one source says about one fact of a hearing, as it says it. Claims are added, never changed.

    One that rested on a mistake of ours, an announcement that was applied and undone, is `retracted_at` a moment: it stays to be read
    and counts no more. What an announcement says belongs to its `postponement`.

    A decision that one of them counts is a row of its own: it `regards` the claim that counts, and sets aside what else was said of
    the fact until then. `people` are keys of persons; `language` is ISO 639-3.
    """

    class Fact(models.TextChoices):
        """Which fact."""

        COURT = "court", _("Court")
        COURT_TIME = "court_time", _("Court time")
        CROSSING = "crossing", _("Crossing")
        REPORT_TIME = "report_time", _("Report time")
        KIND = "kind", _("Kind of hearing")
        PEOPLE = "people", _("Who must appear")
        INTERPRETER = "interpreter", _("Interpreter")
        JUDGE = "judge", _("Judge")

    class Source(models.TextChoices):
        """Who or what says so, most trusted last in case of a tie on the date."""

        RETURNEE = "returnee", _("The family")
        LAWYER = "lawyer", _("Lawyer")
        NOTICE_TO_APPEAR = "nta", _("Notice to appear")
        MPP_SHEET = "sheet", _("Sheet")
        HEARING_NOTICE = "notice", _("Hearing notice")
        ANNOUNCEMENT = "announced", _("Announcement")
        EOIR_LINE = "eoir", _("EOIR line")
        RULE = "rule", _("Usual time of the crossing")
        MOVED = "moved", _("Earlier paper, moved with the hearing")
        DECISION = "decision", _("Decided")

    hearing = models.ForeignKey("hearings.Hearing", on_delete=models.PROTECT, related_name="claims")
    fact = models.CharField(max_length=12, choices=Fact)
    source = models.CharField(max_length=10, choices=Source)
    said_on = models.DateField()
    local_on = models.DateField(null=True)
    local_time = models.TimeField(null=True)
    zone = models.CharField(max_length=40, blank=True)
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, null=True)
    location = models.ForeignKey(HearingLocation, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=16, blank=True, default="", db_default="")
    judge = models.CharField(max_length=80, blank=True, default="", db_default="")
    language = models.CharField(max_length=3, blank=True, default="", db_default="")
    people = ArrayField(models.BigIntegerField(), null=True)
    regards = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="decisions")
    reason = EncryptedTextField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    decided_by_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    representation = models.ForeignKey(
        "hearings.Representation", on_delete=models.PROTECT, null=True, related_name="words"
    )
    postponement = models.ForeignKey(
        "hearings.Postponement", on_delete=models.PROTECT, null=True, related_name="claims"
    )
    retracted_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ClaimQuerySet.as_manager()

    open_fields = frozenset(
        "id hearing fact source said_on local_on local_time zone crossing court location kind judge language people regards "
        "representation decided_by decided_by_name postponement retracted_at "
        "recorded_at".split()
    )
    personal_fields = frozenset({"reason"})

    class Meta:
        ordering = ["hearing_id", "fact", "-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_says_its_fact(), name="hearings_claim_says_its_fact"),
        ]

    def __str__(self) -> str:
        return f"claim #{self.pk}"

    @property
    def order(self) -> int:
        """The order in which claims were noted."""
        return self.pk or 0

    @property
    def is_decision(self) -> bool:
        """Whether it is no source's word but somebody's decision which word counts."""
        return self.source == Claim.Source.DECISION

    @property
    def value(self) -> object:
        """What is claimed, comparable with what another source claims of the same fact. Times compare as papers write them."""
        said: dict[str, object] = {
            Claim.Fact.COURT: self.court_id,
            Claim.Fact.CROSSING: self.crossing_id,
            Claim.Fact.KIND: self.kind,
            Claim.Fact.JUDGE: self.judge.casefold(),
            Claim.Fact.INTERPRETER: self.language,
            Claim.Fact.PEOPLE: frozenset(self.people or ()),
        }
        return said.get(self.fact, (self.local_on, self.local_time))

    @property
    def wall(self) -> tuple[date, time]:
        """The wall date and time that the paper writes. Only for times."""
        if self.local_on is None or self.local_time is None:
            raise ValueError(f"a claim about the {self.fact} has no time")
        return self.local_on, self.local_time

    @property
    def moment(self) -> datetime:
        """The moment that a claimed wall time meant on the clocks it was noted for. Only for times."""
        return self.moment_in(self.zone)

    def moment_in(self, zone: str) -> datetime:
        """The moment that a claimed wall time means on the clocks of `zone`, once it is known which those are. Only for times."""
        return zones.wall_to_utc(rules.wall(*self.wall), zone)


Words = rules.Resolution[Claim]  # what all sources say about one fact
