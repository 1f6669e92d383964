"""Who speaks for people before the court, and the lists of free legal help that they are given."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household, OfHouseholdQuerySet, OfPersonQuerySet, Person
from hearings.models.hearings import Hearing
from places.models import City
from privacy.fields import EncryptedTextField


class RepresentationQuerySet(OfHouseholdQuerySet["Representation"]):
    """Questions asked of representations."""

    def standing(self) -> Self:
        """Those that nobody ended."""
        return self.filter(ended_at=None)


class Representation(models.Model):
    """A lawyer or accredited representative of people of one household.

    Name, phone and e-mail are encrypted; the organisation is public. `form` is a code of `hearings.appearances`; without one nothing
    is known to be filed. `may_speak` is whether the people allow us to speak with them about the case; unknown until asked.
    """

    class Kind(models.TextChoices):
        """What entitles them (8 CFR 1292.1)."""

        LAWYER = "lawyer", _("Lawyer")
        ACCREDITED = "accredited", _("Accredited representative")

    class Scope(models.TextChoices):
        """For what they appear."""

        ALL = "all", _("All proceedings")
        CUSTODY = "custody", _("Custody and bond only")
        HEARING = "hearing", _("One hearing only")
        APPEAL = "appeal", _("Appeal")

    class Ending(models.TextChoices):
        """Why they speak for them no longer."""

        WITHDREW = "withdrew", _("They withdrew")
        ENDED_BY_FAMILY = "by_family", _("The family ended it")
        REPLACED = "replaced", _("Somebody else took over")
        DONE = "done", _("What they appeared for is over")
        MISTAKE = "mistake", _("Noted by mistake")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="representations")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LAWYER)
    name = EncryptedTextField(default="", max_length=120)
    phone = EncryptedTextField(default="", max_length=30)
    email = EncryptedTextField(default="", max_length=120)
    organisation = models.CharField(max_length=120, blank=True)
    form = models.CharField(max_length=12, blank=True)
    filed_on = models.DateField(null=True)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.ALL)
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, null=True, related_name="representations")
    may_speak = models.BooleanField(null=True)
    may_speak_on = models.DateField(null=True)
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    noted_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = RepresentationQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household kind organisation form filed_on scope hearing may_speak may_speak_on since ended_at ended_on ending noted_by "
        "recorded_at".split()
    )
    personal_fields = frozenset("name phone email".split())

    class Meta:
        indexes = [
            models.Index(fields=["household"], name="hearings_representation_now", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(filed_on=None) | ~Q(form=""), name="hearings_representation_filed_with_a_form"
            ),
            models.CheckConstraint(
                condition=Q(may_speak=None, may_speak_on=None) | Q(may_speak__isnull=False, may_speak_on__isnull=False),
                name="hearings_representation_consent_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(hearing=None) | Q(scope="hearing"), name="hearings_representation_hearing_if_for_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_on=None, ending="")
                | (Q(ended_at__isnull=False, ended_on__gte=F("since")) & ~Q(ending="")),
                name="hearings_representation_end_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"representation #{self.pk}"

    @property
    def stands(self) -> bool:
        """Whether nobody ended it."""
        return self.ended_at is None


def is_represented(household: str) -> Exists:
    """Whether somebody speaks for people of the household that the field `household` names."""
    return Exists(Representation.objects.standing().filter(household=OuterRef(household)))


class Represented(models.Model):
    """A person for whom a representative appears: a form is filed for each."""

    representation = models.ForeignKey(Representation, on_delete=models.PROTECT, related_name="represented")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represented")

    objects = OfPersonQuerySet["Represented"].as_manager()

    open_fields = frozenset("id representation person".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "represented"
        constraints = [models.UniqueConstraint(fields=["representation", "person"], name="hearings_represented_once")]

    def __str__(self) -> str:
        return f"represented #{self.pk}"


class LegalProviderQuerySet(models.QuerySet["LegalProvider"]):
    """Questions asked of providers of free legal help. They are public."""

    def on(self, day: date) -> Self:
        """Of each city the lines of the edition that is in force on `day`."""
        in_force = self.model.objects.filter(city=OuterRef("city"), valid_from__lte=day).order_by("-valid_from")
        return self.filter(valid_from=Subquery(in_force.values("valid_from")[:1]))


class LegalProvider(models.Model):
    """A line of a public list of free legal help, as its source says it. Nothing here is about a returnee.

    A list of a city is replaced whole by a newer edition: `valid_from` is the day of the edition, `verified_on` the day on which
    somebody called and found the line true, empty until then.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="legal_providers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    what_es = models.CharField(max_length=240, blank=True)
    what_en = models.CharField(max_length=240, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=120, blank=True)
    website = models.URLField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=300)
    valid_from = models.DateField()
    verified_on = models.DateField(null=True)

    objects = LegalProviderQuerySet.as_manager()

    class Meta:
        ordering = ["city__name", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "valid_from", "name"], name="hearings_legalprovider_once_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LegalListGiven(models.Model):
    """A household was given the list of a city: which edition, in which language, by whom. `uid` is made by the page that asked."""

    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="legal_lists")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    edition = models.DateField()
    language = models.CharField(max_length=3)
    given_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfHouseholdQuerySet["LegalListGiven"].as_manager()

    open_fields = frozenset("id uid household city edition language given_at noted_by recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "legal lists given"
        indexes = [models.Index(fields=["household", "-given_at"], name="hearings_legal_list_of_family")]

    def __str__(self) -> str:
        return f"legal list #{self.pk}"
