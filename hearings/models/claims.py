"""What each source says about a hearing, kept as it says it: what is shown is resolved from all of them (`rules.resolve`)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from hearings import rules
from places import zones
from places.models import Crossing


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions asked of claims."""

    def visible_to(self, actor: Actor) -> Self:
        """Those about hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))


class Claim(models.Model):
    """What one source says about one fact of a hearing, as it says it. Claims are added, never changed."""

    class Fact(models.TextChoices):
        """Which fact."""

        COURT_TIME = "court_time", _("Court time")
        REPORT_TIME = "report_time", _("Report time")
        CROSSING = "crossing", _("Crossing")

    class Source(models.TextChoices):
        """Who or what says so, most trusted last in case of a tie on the date."""

        RETURNEE = "returnee", _("The family")
        LAWYER = "lawyer", _("Lawyer")
        NOTICE_TO_APPEAR = "nta", _("Notice to appear")
        MPP_SHEET = "sheet", _("Sheet")
        HEARING_NOTICE = "notice", _("Hearing notice")
        EOIR_LINE = "eoir", _("EOIR line")
        RULE = "rule", _("Usual time of the crossing")

    hearing = models.ForeignKey("hearings.Hearing", on_delete=models.PROTECT, related_name="claims")
    fact = models.CharField(max_length=12, choices=Fact)
    source = models.CharField(max_length=10, choices=Source)
    said_on = models.DateField()
    local_on = models.DateField(null=True)
    local_time = models.TimeField(null=True)
    zone = models.CharField(max_length=40, blank=True)
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True)
    representation = models.ForeignKey(
        "hearings.Representation", on_delete=models.PROTECT, null=True, related_name="words"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ClaimQuerySet.as_manager()

    open_fields = frozenset(
        "id hearing fact source said_on local_on local_time zone crossing representation recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["hearing_id", "fact", "-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fact="crossing", crossing__isnull=False, local_time__isnull=True)
                | (
                    ~Q(fact="crossing")
                    & Q(crossing__isnull=True, local_on__isnull=False, local_time__isnull=False)
                    & ~Q(zone="")
                ),
                name="hearings_claim_says_its_fact",
            ),
        ]

    def __str__(self) -> str:
        return f"claim #{self.pk}"

    @property
    def order(self) -> int:
        """The order in which claims were noted."""
        return self.pk or 0

    @property
    def value(self) -> object:
        """What is claimed, comparable with what another source claims of the same fact."""
        return self.crossing_id if self.fact == Claim.Fact.CROSSING else self.moment

    @property
    def moment(self) -> datetime:
        """The moment that a claimed wall time means. Only for times."""
        if self.local_on is None or self.local_time is None:
            raise ValueError("a claim about a crossing has no moment")
        return zones.wall_to_utc(rules.wall(self.local_on, self.local_time), self.zone)


Words = rules.Resolution[Claim]  # what all sources say about one fact
