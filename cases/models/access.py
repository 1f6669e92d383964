"""Asking to see a record that stands elsewhere, and being let in."""

import uuid
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, ActorKind, Capability
from places.models import Site
from privacy.fields import EncryptedTextField


def let_in(actor: Actor, household: str) -> Q:
    """Whether the field `household` names a household that `actor` was let see by those who hold it.

    The array is worked out once a query, so that the household's own indexes still serve.
    """
    if actor.kind is not ActorKind.STAFF:
        return Q()
    granted = AccessRequest.objects.open().filter(site__any_of=actor.site_ids).order_by().values("household_id")
    among = Func(
        F(household),
        ArraySubquery(granted),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )
    return Q(among)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Questions asked of requests."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that the actor's sites made, and for those who decide also those about their households."""
        if actor.everywhere:
            return self if actor.can(Capability.SEE_PEOPLE) else self.none()
        own = Q(site__any_of=actor.site_ids)
        if actor.can(Capability.DECIDE_ACCESS):
            own |= Q(household__site__any_of=actor.site_ids)
        return self.filter(own) if actor.can(Capability.SEE_PEOPLE) else self.none()

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(decided_at__isnull=True)

    def open(self) -> Self:
        """Those that were granted and still let in."""
        return self.filter(is_granted=True, ended_at__isnull=True)

    def asked_for(self) -> Self:
        """Those that somebody asked for; not those that a merge opened, which end with it."""
        return self.exclude(reason=AccessRequest.Reason.MERGED)


class AccessRequest(models.Model):
    """The staff of `site` ask those who hold `household` to let them see it. Granted and without `ended_at`, it does.

    `until` is when it shall end; a sweep ends it. A request that was turned down looks to those who asked like one that waits, and
    asked again it is the same row.
    """

    class Reason(models.TextChoices):
        """Why they ask."""

        IS_HERE = "is_here", _("They are here with us")
        FAMILY_HERE = "family_here", _("Their family is here with us")
        HEALTH = "health", _("Urgent care")
        MERGED = "merged", _("Their file was merged with one of ours")
        OTHER = "other", _("Another reason")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey("cases.Household", on_delete=models.PROTECT, related_name="access_requests")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    words = EncryptedTextField(default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    is_granted = models.BooleanField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AccessRequestQuerySet.as_manager()

    open_fields = frozenset(
        "id uid household site reason asked_at asked_by decided_at decided_by is_granted until ended_at".split()
    )
    personal_fields = frozenset({"words"})

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["site"],
                include=["household"],
                name="cases_accessrequest_open",
                condition=Q(is_granted=True, ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "site"],
                condition=Q(ended_at__isnull=True) & (Q(decided_at__isnull=True) | Q(is_granted=True)),
                name="cases_accessrequest_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by="", is_granted__isnull=True)
                | (Q(decided_at__isnull=False, is_granted__isnull=False) & ~Q(decided_by="")),
                name="cases_accessrequest_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(is_granted=True, is_granted__isnull=False),
                name="cases_accessrequest_ends_if_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"access request #{self.pk}"
