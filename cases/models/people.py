"""Returnees, and the blind index by which they are found."""

import uuid
from datetime import date
from typing import Self, cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.models.access import let_in
from cases.models.households import Household, Record, agreed_to_partners
from core.actors import Actor, ActorKind, Capability
from privacy.fields import EncryptedDateField, EncryptedTextField


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
    NONE = "none", _("Has none")


class ReachedBy(models.TextChoices):
    """The way a person wants to be told by; the others follow when it fails."""

    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", _("Text message")
    VOICE = "voice", _("Phone call")
    EMAIL = "email", _("E-mail")


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions asked of people."""

    def visible_to(self, actor: Actor) -> Self:
        """Those whose household `actor` may see."""
        if not actor.can(Capability.SEE_PEOPLE):
            return self.none()
        if actor.everywhere:
            return self
        here = self.filter(
            Q(household__site__any_of=actor.site_ids)
            | Q(household__guest_site__any_of=actor.site_ids)
            | let_in(actor, "household_id")
        )
        return here.filter(agreed_to_partners("household")) if actor.kind is ActorKind.PARTNER else here

    def in_order(self) -> Self:
        """Head first, then as they were logged."""
        return self.order_by("household_id", "position", "pk")


PersonManager = models.Manager.from_queryset(PersonQuerySet)


class StandingPersonManager(PersonManager["Person"]):
    """People whose file was not merged into another: what every read starts from, `household.people` too."""

    def get_queryset(self) -> PersonQuerySet:
        """Without merged ones."""
        return cast("PersonQuerySet", super().get_queryset().filter(merged_into__isnull=True))


class Person(models.Model):
    """A returnee. Every identity field is encrypted.

    A second file of the same person is `merged_into` the one that was kept; nothing but a merge, and find, asks `with_merged`.
    """

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
    # Whether they read what is written to them; unknown until somebody asked.
    reads = models.BooleanField(null=True)
    reached_by = models.CharField(max_length=10, choices=ReachedBy, blank=True, db_default="", default="")
    notes = EncryptedTextField(default="")

    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False)

    objects = StandingPersonManager()
    with_merged = PersonQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household position relation birth_is_estimated sex nationality has_no_a_number_yet phone_owner "
        "reads reached_by merged_into".split()
    )
    personal_fields = frozenset("given_names surnames birth_date a_number phone email notes".split())

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "position"],
                condition=Q(merged_into__isnull=True),
                name="cases_person_one_at_each_position",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation=Relation.HEAD, merged_into__isnull=True),
                name="cases_person_one_head_per_household",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="cases_person_merged_into_another"
            ),
        ]
        indexes = [
            models.Index(fields=["merged_into"], name="cases_person_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"person #{self.pk}"

    @property
    def standing(self) -> "Person":
        """The one whose file counts: this one, or the one that it was merged into (one level deep, a trigger holds it)."""
        return self.merged_into or self

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
