"""Asking the EOIR line: lists that are handed to callers for some hours, and what the line answered to each.

A caller is blind: they learn an A-number and a nationality, never what we believe. What follows from an answer is worked out by
`hearings.line.found_of_call`.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Least, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Person
from core.actors import Actor, Capability
from hearings import line
from hearings.models.hearings import Hearing, HearingQuerySet, Summons
from places.models import Court, Site


class CheckBatchQuerySet(models.QuerySet["CheckBatch"]):
    """Questions asked of lists for callers."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of their sites for who works on hearings; a caller's own, as long as they still work at that site."""
        here = self if actor.everywhere else self.filter(site__any_of=actor.site_ids)
        if actor.can(Capability.EDIT_HEARINGS):
            return here
        return here.of_caller(actor) if actor.can(Capability.CHECK_LINE) else self.none()

    def of_caller(self, actor: Actor) -> Self:
        """Those that were handed to `actor`, a member of staff."""
        return self.filter(caller_id=int(actor.id))

    def open_at(self, moment: datetime) -> Self:
        """Those that give access at `moment`."""
        return self.filter(handed_at__lte=moment, expires_at__gt=moment, ended_at=None)


class CheckBatch(models.Model):
    """Some hearings handed to one caller until `expires_at` (exclusive). Nothing of it can be read afterwards."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="check_batches")
    caller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="check_batches")
    handed_by = models.CharField(max_length=80)
    handed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CheckBatchQuerySet.as_manager()

    open_fields = frozenset("id uid site caller handed_by handed_at expires_at ended_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "check batches"
        indexes = [models.Index(fields=["caller", "-expires_at"], name="hearings_batch_of_caller")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("handed_at")), name="hearings_checkbatch_lasts"),
            models.UniqueConstraint(
                fields=["caller"], condition=Q(ended_at=None), name="hearings_checkbatch_one_open_per_caller"
            ),
        ]

    def __str__(self) -> str:
        return f"check batch #{self.pk}"

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it gives access at `moment`; `open_at` in memory."""
        return self.ended_at is None and self.handed_at <= moment < self.expires_at


class CheckCallQuerySet(models.QuerySet["CheckCall"]):
    """Questions asked of calls."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the lists that `actor` may see."""
        return self.filter(batch__in=CheckBatch.objects.visible_to(actor))

    def to_make(self) -> Self:
        """Those nobody has made yet, in the order of their list; one that found the line busy goes to its end."""
        return self.filter(answered_at=None, lapsed_at=None).order_by("tries", "position")

    def answered(self) -> Self:
        """Those to which the line said something."""
        return self.filter(answered_at__isnull=False)

    def unsettled(self) -> Self:
        """Those whose answer still asks for a second call or a decision: about the hearing as it is, and not verified since."""
        since = Q(hearing__verified_at=None) | Q(hearing__verified_at__lt=F("answered_at"))
        asked = self.answered().filter(settled_at=None, version=F("hearing__version"))
        return asked.filter(since, hearing__status=Hearing.Status.SCHEDULED)

    def awaiting_second(self) -> Self:
        """Those that count once a second caller hears the same."""
        return self.unsettled().filter(finding=CheckCall.Finding.SECOND_WANTED)

    def for_a_person(self) -> Self:
        """Those that somebody must look at."""
        return self.unsettled().exclude(finding=CheckCall.Finding.SECOND_WANTED)


class CheckCall(models.Model):
    """One question to the line about one hearing, and what it answered, as the caller heard it.

    `version` is that of the hearing when the line answered: an answer about an earlier one is of no use any more.
    """

    class Answer(models.TextChoices):
        """What the line said."""

        DATE = "date", _("A date and a time")
        OTHER_COURT = "other_court", _("A date at a court that is not on the list")
        NO_HEARING = "no_hearing", _("The case, but no hearing")
        NOT_YET = "not_yet", _("Not in the system yet")
        NO_CASE = "no_case", _("No case found")

    class Finding(models.TextChoices):
        """What followed from it."""

        AGREES = line.Found.AGREES.value, _("The line says the same")
        CHANGED = line.Found.CHANGED.value, _("The hearing was changed")
        SECOND_WANTED = line.Found.SECOND_WANTED.value, _("A second call is needed")
        DISAGREES = line.Found.DISAGREES.value, _("Two calls disagree")
        OTHER_COURT = line.Found.OTHER_COURT.value, _("The line names another court")
        NOT_FOUND = line.Found.NOT_FOUND.value, _("The line finds no hearing")
        CANNOT = line.Found.CANNOT.value, _("What the line says cannot be noted")
        ASK_AGAIN = line.Found.ASK_AGAIN.value, _("To be asked again")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(CheckBatch, on_delete=models.PROTECT, related_name="calls")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="check_calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    lapsed_at = models.DateTimeField(null=True)

    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    said_court_on = models.DateField(null=True)
    said_court_time = models.TimeField(null=True)
    said_court = models.ForeignKey(Court, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(null=True)
    finding = models.CharField(max_length=14, choices=Finding, blank=True)
    settled_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = CheckCallQuerySet.as_manager()

    open_fields = frozenset(
        "id uid batch hearing person position tries lapsed_at answered_at answer said_court_on said_court_time said_court version "
        "finding settled_at recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["hearing", "-answered_at"], name="hearings_call_of_hearing"),
            models.Index(
                fields=["hearing"],
                name="hearings_call_unsettled",
                condition=Q(answered_at__isnull=False, settled_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing"],
                condition=Q(answered_at=None, lapsed_at=None),
                name="hearings_checkcall_one_open_per_hearing",
            ),
            models.UniqueConstraint(fields=["batch", "hearing"], name="hearings_checkcall_once_per_batch"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", finding="", version=None, settled_at=None)
                | (
                    Q(answered_at__isnull=False, version__isnull=False, lapsed_at=None) & ~Q(answer="") & ~Q(finding="")
                ),
                name="hearings_checkcall_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    answer__in=["date", "other_court"], said_court_on__isnull=False, said_court_time__isnull=False
                )
                | (~Q(answer__in=["date", "other_court"]) & Q(said_court_on=None, said_court_time=None)),
                name="hearings_checkcall_date_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(said_court=None) | Q(answer="date"), name="hearings_checkcall_court_of_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"check call #{self.pk}"

    @property
    def may_count(self) -> bool:
        """Whether it states a date at a court that we know of, so that its word can be taken over as it is."""
        return self.answer == CheckCall.Answer.DATE


def due_for_a_check(hearings: HearingQuerySet, now: datetime) -> HearingQuerySet:
    """Of `hearings` those ahead that want to be asked about at `now`, most urgent first (`line.urgency`, worked out by the database).

    Left out: those about which the line was asked a moment ago, those whose calls are undecided, and those whose people are all known
    to have no number yet.
    """
    asked = CheckCall.objects.filter(hearing=OuterRef("pk"), answered_at__gt=now - line.ASK_AGAIN_AFTER)
    with_number = Summons.objects.filter(hearing=OuterRef("pk"), person__has_no_a_number_yet=False)
    ahead = hearings.standing().filter(court_at__gt=now).annotate(urgency=_urgency(now))
    ahead = ahead.filter(~Exists(asked), ~undecided_calls(), Exists(with_number))
    return ahead.filter(urgency__gte=line.DUE).order_by("-urgency", "court_at", "pk")


def _urgency(now: datetime) -> Combinable:
    """`line.urgency` as an expression over hearings."""
    since = Coalesce(_days(Value(now) - F("verified_at")), line.NEVER_DAYS)
    left = Greatest(_days(F("court_at") - Value(now)), 0.0)
    return Least(Greatest(since, 0.0), line.NEVER_DAYS) / (left + Value(1.0))


def _days(span: Combinable) -> Combinable:
    seconds = Extract(models.ExpressionWrapper(span, output_field=models.DurationField()), "epoch")
    return Cast(seconds, models.FloatField()) / Value(86400.0)


def with_caller(now: datetime) -> Exists:
    """Whether a hearing lies on the list of a caller who has not asked yet."""
    open_batches = CheckBatch.objects.open_at(now)
    return Exists(CheckCall.objects.to_make().filter(hearing=OuterRef("pk"), batch__in=open_batches))


def undecided_calls() -> Exists:
    """Whether calls about a hearing still ask for a second one or a decision."""
    return Exists(CheckCall.objects.unsettled().filter(hearing=OuterRef("pk")))


def second_call_wanted() -> Exists:
    """Whether a first caller heard another date for a hearing, and a second has to ask too."""
    return Exists(CheckCall.objects.awaiting_second().filter(hearing=OuterRef("pk")))
