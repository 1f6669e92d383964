"""Households: people who arrived together and act together, and what they agreed to."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from cases.models.access import let_in
from cases.models.cohorts import Cohort
from cases.states import CLOSED, Step
from core.actors import Actor, ActorKind, Capability
from places import zones
from places.models import Site

Record = TypeVar("Record", bound=models.Model)


def agreed_to_partners(household: str) -> Exists:
    """Whether the household that the field `household` names has a standing yes to sharing with partner agencies."""
    return Exists(
        Consent.objects.filter(
            household=OuterRef(household), purpose=Consent.Purpose.PARTNERS, is_given=True, withdrawn_at=None
        )
    )


# Nobody gave them a place yet, or the stay they had has ended and they did not go to a place of their own.
WITHOUT_PLACE = Q(step=Step.TESTED) | Q(step=Step.PLACED, guest_site__isnull=True, houses_itself=False)


AT_RECEPTION = Q(step__in=[Step.RECEIVED, Step.DOCUMENTED, Step.ISOLATED]) | WITHOUT_PLACE


class Owed(models.TextChoices):
    """What a file still lacks, in the order in which it is asked for (`cases.rules.owed_of`)."""

    NAMES = "names", _("Name")
    BIRTH = "birth", _("Age or birth date")
    SEX = "sex", _("Sex")
    NATIONALITY = "nationality", _("Nationality")
    A_NUMBER = "a_number", _("A-number")
    PHONE = "phone", _("Phone")
    CONSENT = "consent", _("Consent")
    HEARING = "hearing", _("Hearing")


# Their file is closed, or somebody else keeps it now: nobody here will ask them anything more.
GONE = sorted([*CLOSED, Step.LEFT, Step.MOVED, Step.LOST_CONTACT])
# They left for their hearing and have not come back from it.
AT_COURT = Q(step__in=[Step.PRESENTED, Step.TRANSPORTED])
INCOMPLETE = ~Q(owed=[]) & ~Q(step__in=GONE)


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Questions asked of households."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that `actor` may know of: held at one of its sites, sleeping at one, or opened to one on request.

        A partner agency sees only those that agreed to sharing.
        """
        if not actor.can(Capability.SEE_PEOPLE):
            return self.none()
        if actor.everywhere:
            return self
        here = self.filter(Q(site__any_of=actor.site_ids) | Q(guest_site__any_of=actor.site_ids) | let_in(actor, "pk"))
        return here.filter(agreed_to_partners("pk")) if actor.kind is ActorKind.PARTNER else here

    def worked_by(self, actor: Actor) -> Self:
        """Of these, those that `actor` works with, as `policies.works_with` says of one: who was let in on request only reads."""
        if actor.everywhere:
            return self
        return self.filter(Q(site__any_of=actor.site_ids) | Q(guest_site__any_of=actor.site_ids))

    def known_as(self, uid: uuid.UUID) -> "Household | None":
        """The one of that uid, or the one that it was merged into. A second query where there is none of that uid."""
        return self.filter(uid=uid).first() or self.kept_for(uid)

    def kept_for(self, uid: uuid.UUID) -> "Household | None":
        """The one into which that of `uid` was merged."""
        return self.filter(pk__in=Household.with_merged.filter(uid=uid).stands_as()).first()

    def both_locked(self, one: int, other: int) -> "tuple[Household, Household]":
        """The two of these keys with their sites, as they are now, locked in the order of their keys."""
        locked = self.select_for_update(no_key=True, of=("self",)).select_related("site")
        found = locked.filter(pk__in=[one, other]).order_by("pk").in_bulk()
        return found[one], found[other]

    def stands_as(self) -> "models.QuerySet[Household, Any]":
        """The keys by which these stand now, each its own or that of the one it was merged into; for a subquery `pk__in`.

        One level deep, which a constraint trigger holds. Asked of `with_merged`.
        """
        return self.values(now=Coalesce("merged_into_id", "pk"))

    def codes_for_audit(self, actor: Actor, uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The case codes of `uids` for those who read the log. A code is no name, so they need not see the people."""
        if not (actor.can(Capability.SEE_AUDIT) and (actor.everywhere or actor.site_ids)):
            return {}
        known = self if actor.everywhere else self.filter(site__any_of=actor.site_ids)
        return {household.uid: household.code for household in known.filter(uid__in=set(uids)).only("uid", "prefix")}

    def at_reception(self) -> Self:
        """Those for whom something is still to be done before they have a place to sleep."""
        return self.filter(AT_RECEPTION)

    def incomplete(self) -> Self:
        """Those still here whose file lacks something."""
        return self.filter(INCOMPLETE)

    def for_board(self) -> Self:
        """With everything that a card or a row shows: `members`, each with `papers` and `swabs`, as lists. Three queries more.

        Lists of their own, since a related manager made for each of hundreds costs more than what it holds.
        """
        return self.select_related("site__city").prefetch_related(
            models.Prefetch("people", to_attr="members"),
            models.Prefetch("members__documents", to_attr="papers"),
            models.Prefetch("members__tests", to_attr="swabs"),
        )


HouseholdManager = models.Manager.from_queryset(HouseholdQuerySet)


class StandingHouseholdManager(HouseholdManager["Household"]):
    """Households that were not merged into another: what every read starts from."""

    def get_queryset(self) -> HouseholdQuerySet:
        """Without merged ones."""
        return cast("HouseholdQuerySet", super().get_queryset().filter(merged_into__isnull=True))


class Household(models.Model):
    """People who arrived together and act together: they are placed, leave and cross as one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prefix = models.CharField(max_length=4)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="households")
    guest_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="guests")
    houses_itself = models.BooleanField(default=False, db_default=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True)
    language = models.CharField(max_length=3, default="spa")
    step = models.CharField(max_length=20, choices=Step, default=Step.RECEIVED)
    step_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    owed = ArrayField(models.CharField(max_length=12, choices=Owed), default=list, db_default=[])
    recorded_at = models.DateTimeField(db_default=Now())

    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False)

    objects = StandingHouseholdManager()
    with_merged = HouseholdQuerySet.as_manager()

    open_fields = frozenset(
        "id uid prefix site guest_site houses_itself cohort language step step_at arrived_at owed merged_into recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        indexes = [
            models.Index(fields=["arrived_at", "id"], name="cases_household_incomplete", condition=INCOMPLETE),
            models.Index(fields=["site", "step_at"], name="cases_household_at_reception", condition=AT_RECEPTION),
            models.Index(fields=["site", "arrived_at", "id"], name="cases_household_waiting", condition=AT_RECEPTION),
            models.Index(fields=["step"], name="cases_household_at_court", condition=AT_COURT),
            models.Index(fields=["site", "-arrived_at", "-id"], name="cases_household_arrived"),
            models.Index(fields=["-arrived_at", "-id"], name="cases_household_newest"),
            models.Index(fields=["guest_site"], name="cases_household_guests", condition=Q(guest_site__isnull=False)),
            models.Index(fields=["merged_into"], name="cases_household_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="cases_household_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The case code that people quote on the phone, for example JZ-4182."""
        return f"{self.prefix}-{self.pk:04d}"

    def day_at(self, moment: datetime) -> date:
        """The date at `moment` (aware) on the clocks of its site; wants `site__city`."""
        return zones.local(moment, self.site.city.zone).date()

    @property
    def is_without_place(self) -> bool:
        """Whether a place to sleep is the next thing they need; `WITHOUT_PLACE` in memory."""
        waits = self.step == Step.PLACED and self.guest_site_id is None and not self.houses_itself
        return self.step == Step.TESTED or waits

    @property
    def is_at_reception(self) -> bool:
        """Whether something is still to be done before they have a place to sleep; `AT_RECEPTION` in memory."""
        return self.step in (Step.RECEIVED, Step.DOCUMENTED, Step.ISOLATED) or self.is_without_place


class OfHouseholdQuerySet(models.QuerySet[Record]):
    """Records that hang on a household are seen by those who see the household."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the households that `actor` may see."""
        return self.filter(household__in=Household.objects.visible_to(actor))


class Consent(models.Model):
    """What a household agreed to, after which privacy notice, in which language, how, and before whom.

    `noted_by` asked; `witness` is a second account of staff, where one was named. Both names are those of staff.
    """

    class Purpose(models.TextChoices):
        """What the data may be used for."""

        RECEPTION = "reception", _("Reception, shelter and hearings")
        MESSAGES = "messages", _("Messages to the phone")
        PARTNERS = "partners", _("Sharing with partner agencies")

    class Way(models.TextChoices):
        """How they came to know the notice. Who cannot read is read to."""

        ALOUD = "aloud", _("Read aloud to them")
        INTERPRETER = "interpreter", _("Through an interpreter")
        SELF = "self", _("They read it themselves")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    is_given = models.BooleanField()
    notice_version = models.CharField(max_length=20)
    notice_language = models.CharField(max_length=3)
    noted_at = models.DateTimeField()
    notice_way = models.CharField(max_length=12, choices=Way, blank=True, db_default="")
    noted_by = models.CharField(max_length=80)
    noted_by_name = models.CharField(max_length=150, blank=True, db_default="")
    witness = models.CharField(max_length=80, blank=True, db_default="")
    witness_name = models.CharField(max_length=150, blank=True, db_default="")
    withdrawn_at = models.DateTimeField(null=True)

    objects = OfHouseholdQuerySet["Consent"].as_manager()

    open_fields = frozenset(
        "id household purpose is_given notice_version notice_language notice_way noted_at noted_by noted_by_name witness "
        "witness_name withdrawn_at".split()
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
