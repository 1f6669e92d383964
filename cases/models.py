"""Households and their people: who they are, how they came, what they were given.

Identity fields are encrypted (`privacy.fields`) and found through `SearchToken`. Nothing here sorts or partly matches them in SQL.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.states import Step
from core.actors import Actor, ActorKind, Capability
from places.models import Crossing, Site
from privacy.fields import EncryptedDateField, EncryptedTextField

Record = TypeVar("Record", bound=models.Model)


class CohortQuerySet(models.QuerySet["Cohort"]):
    """Questions asked of cohorts."""

    def on(self, day: date) -> "Cohort | None":
        """The cohort that returned people on `day`, the newest where two did."""
        return (
            self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), begins_on__lte=day).order_by("begins_on").last()
        )


class Cohort(models.Model):
    """A programme that returned people, for example MPP 1. A row, never a constant: they keep changing."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["begins_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("begins_on")),
                name="cases_cohort_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code


def _agreed_to_partners(household: str) -> Exists:
    """Whether the household that the field `household` names has a standing yes to sharing with partner agencies."""
    return Exists(
        Consent.objects.filter(
            household=OuterRef(household), purpose=Consent.Purpose.PARTNERS, is_given=True, withdrawn_at=None
        )
    )


# Nobody gave them a place yet, or the stay they had has ended.
WITHOUT_PLACE = Q(step=Step.TESTED) | Q(step=Step.PLACED, guest_site__isnull=True)
AT_RECEPTION = Q(step__in=[Step.RECEIVED, Step.DOCUMENTED, Step.ISOLATED]) | WITHOUT_PLACE


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Questions asked of households."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that `actor` may know of: held at one of its sites, or sleeping at one.

        A partner agency sees only those that agreed to sharing.
        """
        if not actor.can(Capability.SEE_PEOPLE):
            return self.none()
        if actor.everywhere:
            return self
        here = self.filter(Q(site_id__in=actor.site_ids) | Q(guest_site_id__in=actor.site_ids))
        return here.filter(_agreed_to_partners("pk")) if actor.kind is ActorKind.PARTNER else here

    def codes_for_audit(self, actor: Actor, uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The case codes of `uids` for those who read the log. A code is no name, so they need not see the people."""
        if not (actor.can(Capability.SEE_AUDIT) and (actor.everywhere or actor.site_ids)):
            return {}
        known = self if actor.everywhere else self.filter(site_id__in=actor.site_ids)
        return {household.uid: household.code for household in known.filter(uid__in=set(uids)).only("uid", "prefix")}

    def at_reception(self) -> Self:
        """Those for whom something is still to be done before they have a place to sleep."""
        return self.filter(AT_RECEPTION)

    def for_board(self) -> Self:
        """With everything that a card or a row shows, in a constant number of queries."""
        return self.select_related("site").prefetch_related("people__documents", "people__tests")


class Household(models.Model):
    """People who arrived together and act together: they are placed, leave and cross as one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prefix = models.CharField(max_length=4)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="households")
    guest_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="guests")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True)
    language = models.CharField(max_length=3, default="spa")
    step = models.CharField(max_length=20, choices=Step, default=Step.RECEIVED)
    step_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = HouseholdQuerySet.as_manager()

    open_fields = frozenset("id uid prefix site guest_site cohort language step step_at arrived_at recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["site", "step_at"], name="cases_household_at_reception", condition=AT_RECEPTION),
            models.Index(fields=["site", "-arrived_at", "-id"], name="cases_household_arrived"),
            models.Index(fields=["-arrived_at", "-id"], name="cases_household_newest"),
            models.Index(fields=["guest_site"], name="cases_household_guests", condition=Q(guest_site__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The case code that people quote on the phone, for example JZ-4182."""
        return f"{self.prefix}-{self.pk:04d}"

    @property
    def is_without_place(self) -> bool:
        """Whether a place to sleep is the next thing they need; `WITHOUT_PLACE` in memory."""
        return self.step == Step.TESTED or (self.step == Step.PLACED and self.guest_site_id is None)


class Sex(models.TextChoices):
    """As the person says."""

    FEMALE = "F", _("Woman")
    MALE = "M", _("Man")
    OTHER = "X", _("Other")


class Relation(models.TextChoices):
    """To the head of the household (HMIS 2024 list 3.15.1, with the field's grandparents and siblings)."""

    HEAD = "head", _("Head of household")
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Son or daughter")
    PARENT = "parent", _("Mother or father")
    SIBLING = "sibling", _("Brother or sister")
    GRANDPARENT = "grandparent", _("Grandparent")
    RELATIVE = "relative", _("Other relative")
    UNRELATED = "unrelated", _("Not related")


class PhoneOwner(models.TextChoices):
    """Who answers. A shared phone gets a text without content."""

    OWN = "own", _("Own phone")
    SHARED = "shared", _("Shared phone")
    OTHER = "other", _("Somebody else's")


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions asked of people."""

    def visible_to(self, actor: Actor) -> Self:
        """Those whose household `actor` may see."""
        if not actor.can(Capability.SEE_PEOPLE):
            return self.none()
        if actor.everywhere:
            return self
        here = self.filter(Q(household__site_id__in=actor.site_ids) | Q(household__guest_site_id__in=actor.site_ids))
        return here.filter(_agreed_to_partners("household")) if actor.kind is ActorKind.PARTNER else here

    def in_order(self) -> Self:
        """Head first, then as they were logged."""
        return self.order_by("household_id", "position", "pk")


class Person(models.Model):
    """A returnee. Every identity field is encrypted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    position = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.HEAD)
    given_names = EncryptedTextField(default="")
    surnames = EncryptedTextField(default="")
    birth_date = EncryptedDateField(null=True)
    birth_is_estimated = models.BooleanField(default=False)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    nationality = models.CharField(max_length=2, blank=True)
    a_number = EncryptedTextField(default="")
    has_no_a_number_yet = models.BooleanField(default=False)
    phone = EncryptedTextField(default="")
    phone_owner = models.CharField(max_length=6, choices=PhoneOwner, blank=True)
    email = EncryptedTextField(default="")
    notes = EncryptedTextField(default="")

    objects = PersonQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household position relation birth_is_estimated sex nationality has_no_a_number_yet phone_owner".split()
    )
    personal_fields = frozenset("given_names surnames birth_date a_number phone email notes".split())

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["household", "position"], name="cases_person_one_at_each_position"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(relation=Relation.HEAD), name="cases_person_one_head_per_household"
            ),
        ]

    def __str__(self) -> str:
        return f"person #{self.pk}"

    @property
    def full_name(self) -> str:
        """Given names, then surnames, as on most papers."""
        return f"{self.given_names} {self.surnames}".strip()

    @property
    def masked_a_number(self) -> str:
        """The A-number with all but its last three digits hidden, or empty."""
        return f"A ••• ••• {self.a_number[-3:]}" if self.a_number else ""

    def age_on(self, day: date) -> int | None:
        """Whole years on `day`, or None when no birth date is known."""
        return None if self.birth_date is None else rules.age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Whether under 18 on `day`. Someone of unknown age counts as an adult until told otherwise."""
        return bool(rules.is_minor(self.birth_date, day))


class OfHouseholdQuerySet(models.QuerySet[Record]):
    """Records that hang on a household are seen by those who see the household."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the households that `actor` may see."""
        return self.filter(household__in=Household.objects.visible_to(actor))


class OfPersonQuerySet(models.QuerySet[Record]):
    """Records that hang on a person are seen by those who see the person."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the people that `actor` may see."""
        return self.filter(person__in=Person.objects.visible_to(actor))


class SearchToken(models.Model):
    """One entry of the blind index: a keyed, truncated hash of a name part, a number or a date (`privacy.blind_index`).

    It says nothing about anybody by itself and is reached only through people that the actor may see (`finding`).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_tokens")
    value = models.BigIntegerField()

    objects = OfPersonQuerySet["SearchToken"].as_manager()

    open_fields = frozenset("id person value".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [models.Index(fields=["value"], include=["person"], name="cases_token_value")]

    def __str__(self) -> str:
        return f"token #{self.pk}"


class HealthQuerySet(OfPersonQuerySet["CovidTest"]):
    """Health is narrower than identity: a shelter desk sees who sleeps there, not what they suffer from."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of visible people, for roles that may see health."""
        return super().visible_to(actor) if actor.can(Capability.SEE_HEALTH) else self.none()


class ArrivalQuerySet(OfHouseholdQuerySet["Arrival"]):
    """Questions asked of arrivals."""

    def last_crossing(self, sites: Iterable[Site]) -> int | None:
        """The key of the crossing over which the last household came to one of `sites`: the likeliest for the next one."""
        last = self.filter(site__in=list(sites)).order_by("-occurred_at", "-pk").values_list("crossing", flat=True)
        return last.first()


class Arrival(models.Model):
    """A household came over a crossing: its first return, or back from court. `uid` is made by the device that logged it."""

    class Kind(models.TextChoices):
        """Why they came over."""

        FIRST_RETURN = "first_return", _("First return")
        COURT_RETURN = "court_return", _("Back from court")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="arrivals")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="arrivals")
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.FIRST_RETURN)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ArrivalQuerySet.as_manager()

    open_fields = frozenset("id uid household site crossing kind occurred_at recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["occurred_at", "pk"]
        indexes = [
            models.Index(fields=["site", "-occurred_at", "-id"], name="cases_arrival_site"),
            models.Index(fields=["-occurred_at", "-id"], name="cases_arrival_newest"),
        ]

    def __str__(self) -> str:
        return f"arrival #{self.pk}"


class StepTaken(models.Model):
    """A person took a reception step after an arrival."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="steps")
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=Step)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfPersonQuerySet["StepTaken"].as_manager()

    open_fields = frozenset("id person arrival step occurred_at recorded_at".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "arrival", "step"], name="cases_steptaken_once_per_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.pk}"


class Document(models.Model):
    """A paper that Mexican authorities gave: FMM, TVRH, temporary CURP, COMAR certificate."""

    class Kind(models.TextChoices):
        """Which paper."""

        FMM = "fmm", _("FMM (multiple migration form)")
        TVRH = "tvrh", _("TVRH (humanitarian visitor card)")
        CURP = "curp", _("Temporary CURP")
        COMAR = "comar", _("COMAR certificate")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=8, choices=Kind)
    number = EncryptedTextField(default="")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfPersonQuerySet["Document"].as_manager()

    open_fields = frozenset("id person kind issued_on valid_until recorded_at".split())
    personal_fields = frozenset({"number"})

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("issued_on")),
                name="cases_document_valid_from_its_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class CovidTest(models.Model):
    """A COVID-19 test: kind as LOINC, result as SNOMED CT (conventions.md, section 8)."""

    class Kind(models.TextChoices):
        """Which test."""

        ANTIGEN = "94558-4", _("Rapid antigen")
        RNA = "94500-6", _("RNA (PCR)")

    class Result(models.TextChoices):
        """What it showed."""

        NOT_DETECTED = "260415000", _("Negative")
        DETECTED = "260373001", _("Positive")
        INCONCLUSIVE = "419984006", _("Inconclusive")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tests")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ANTIGEN)
    taken_at = models.DateTimeField()
    result = models.CharField(max_length=9, choices=Result, blank=True)
    resulted_at = models.DateTimeField(null=True)

    objects = HealthQuerySet.as_manager()

    open_fields = frozenset("id person kind taken_at resulted_at".split())
    personal_fields = frozenset({"result"})

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", resulted_at__isnull=True)
                | (~Q(result="") & Q(resulted_at__gte=models.F("taken_at"))),
                name="cases_covidtest_result_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"test #{self.pk}"


class Consent(models.Model):
    """What a household agreed to, after which privacy notice, in which language, before whom."""

    class Purpose(models.TextChoices):
        """What the data may be used for."""

        RECEPTION = "reception", _("Reception, shelter and hearings")
        MESSAGES = "messages", _("Messages to the phone")
        PARTNERS = "partners", _("Sharing with partner agencies")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    is_given = models.BooleanField()
    notice_version = models.CharField(max_length=20)
    notice_language = models.CharField(max_length=3)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OfHouseholdQuerySet["Consent"].as_manager()

    open_fields = frozenset(
        "id household purpose is_given notice_version notice_language noted_at noted_by withdrawn_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="cases_consent_one_standing_per_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"
