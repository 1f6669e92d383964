"""COVID-19 tests and isolation, which are health and narrower than identity."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from cases.kinds import ANTIGEN, TestKind, same_result, test_kind
from cases.models.households import Household, OfHouseholdQuerySet
from cases.models.people import OfPersonQuerySet, Person
from core.actors import Actor, Capability


class HealthQuerySet(OfPersonQuerySet["CovidTest"]):
    """Health is narrower than identity: a shelter desk sees who sleeps there, not what they suffer from."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible people, for roles that may see health."""
        return super().visible_to(actor) if actor.can(Capability.SEE_HEALTH) else self.none()

    def standing(self) -> Self:
        """Those whose result nobody corrected since."""
        return self.filter(correction__isnull=True)


class CovidTest(models.Model):
    """A COVID-19 test: `kind` is a LOINC code of `cases/data/covid_tests.csv`, the result one of SNOMED CT.

    A wrong result is not written over: a second row for the same swab, with the reason, `corrects` the first and, being newer, is the
    one that counts.
    """

    class Result(models.TextChoices):
        """What it showed. Codes that say the same (positive for detected) are taken as these."""

        NOT_DETECTED = "260415000", _("Negative")
        DETECTED = "260373001", _("Positive")
        INCONCLUSIVE = "419984006", _("Inconclusive")

        @classmethod
        def _missing_(cls, value: object) -> Any:
            code = same_result(str(value))
            return cls(code) if code else None

    class Correction(models.TextChoices):
        """Why a result was wrong."""

        TYPED = "typed", _("Written down wrong")
        MIXED_UP = "mixed_up", _("Mixed up with somebody else's")
        READ_WRONG = "read_wrong", _("The kit was read wrong")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tests")
    kind = models.CharField(max_length=8, default=ANTIGEN)
    device = models.CharField(max_length=80, blank=True)
    lot = models.CharField(max_length=40, blank=True)
    taken_at = models.DateTimeField()
    result = models.CharField(max_length=9, choices=Result, blank=True)
    resulted_at = models.DateTimeField(null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    correction_reason = models.CharField(max_length=10, choices=Correction, blank=True)

    objects = HealthQuerySet.as_manager()

    open_fields = frozenset("id person kind device lot taken_at resulted_at corrects correction_reason".split())
    personal_fields = frozenset({"result"})

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", resulted_at__isnull=True)
                | (~Q(result="") & Q(resulted_at__gte=models.F("taken_at"))),
                name="cases_covidtest_result_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                name="cases_covidtest_correction_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"test #{self.pk}"

    @property
    def what(self) -> TestKind:
        """What is known of tests of its kind."""
        return test_kind(self.kind)


class IsolationQuerySet(OfHouseholdQuerySet["Isolation"]):
    """Questions asked of isolations."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible households, for roles that may see health."""
        return super().visible_to(actor) if actor.can(Capability.SEE_HEALTH) else self.none()

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def awaiting_retest(self) -> Self:
        """Without those of `negative_again`."""
        return self.exclude(_is_negative_again())

    def negative_again(self) -> Self:
        """Those that rest on a test, where everybody who was positive is negative by now: nobody needs them any more."""
        return self.filter(_is_negative_again())


def _is_negative_again() -> Q:
    results = CovidTest.objects.standing().exclude(result="").filter(person=OuterRef("pk"))
    newest = results.order_by("-taken_at", "-pk").values("result")[:1]
    people = Person.objects.filter(household=OuterRef("household")).annotate(newest=Subquery(newest))
    was_positive = people.filter(Exists(results.filter(result=CovidTest.Result.DETECTED)))
    is_still = was_positive.exclude(newest=CovidTest.Result.NOT_DETECTED)
    return Q(Exists(was_positive), ~Exists(is_still), cause=Isolation.Cause.DETECTED)


class Isolation(models.Model):
    """A household sleeps apart because of COVID-19, in `[begun_at, ended_at)`; open while `ended_at` is empty.

    `way` is empty until somebody asked the family. Households isolate as one: who isolates alone has become a household of their own.
    """

    class Way(models.TextChoices):
        """How the family chose to isolate."""

        TOGETHER = "together", _("Together")
        SPLIT = "split", _("Apart, with their consent")

    class Cause(models.TextChoices):
        """Why it began."""

        DETECTED = "detected", _("Positive test")
        SYMPTOMS = "symptoms", _("Symptoms")
        CONTACT = "contact", _("Contact with somebody who was positive")

    class Ending(models.TextChoices):
        """Why it ended."""

        NEGATIVE = "negative", _("Negative retest")
        DAYS_DONE = "days_done", _("The days are done")
        CORRECTED = "corrected", _("The result was corrected")
        LEFT = "left", _("They left")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="isolations")
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.DETECTED)
    way = models.CharField(max_length=10, choices=Way, blank=True)
    begun_at = models.DateTimeField()
    retest_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    objects = IsolationQuerySet.as_manager()

    open_fields = frozenset("id household begun_at retest_on ended_at".split())
    personal_fields = frozenset({"cause", "way", "ending"})

    class Meta:
        ordering = ["-begun_at", "-pk"]
        indexes = [
            models.Index(fields=["retest_on", "id"], name="cases_isolation_retest", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_at__isnull=True), name="cases_isolation_one_open_per_household"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__gte=models.F("begun_at")) & ~Q(ending="")),
                name="cases_isolation_end_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"isolation #{self.pk}"
