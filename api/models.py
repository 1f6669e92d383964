"""The systems of partner agencies that may call, what was agreed with each, and what each has sent."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

from accounts.models import Agency
from api.scopes import Scope
from core.actors import Actor, ActorKind
from places.models import Site


class PartnerClientQuerySet(models.QuerySet["PartnerClient"]):
    """Questions asked of clients."""

    def usable_at(self, moment: datetime) -> Self:
        """Those that may get tokens and be heard at `moment`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=moment), is_active=True)


class PartnerClient(models.Model):
    """One system of a partner agency, its sites and scopes, until the agreement ends.

    The secret is kept by `application`, hashed; two systems of one agency are two clients, each closed alone.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="partner")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=120)
    sites = models.ManyToManyField(Site, related_name="partner_clients")
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope))
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    objects = PartnerClientQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="api_partnerclient_name_once_per_agency"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_partnerclient_may_do_something"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("registered_at")),
                name="api_partnerclient_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_usable_at(self, moment: datetime) -> bool:
        """Whether the client may be heard at `moment`."""
        return self.is_active and (self.valid_until is None or self.valid_until > moment)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions asked of receipts."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of what the client behind `actor` itself sent."""
        return self.filter(client=actor.id) if actor.kind is ActorKind.PARTNER else self.none()

    def of(self, kind: "Receipt.Kind", uid: uuid.UUID) -> "Receipt | None":
        """The one of what was sent as `uid`."""
        return self.filter(kind=kind, uid=uid).first()


class Receipt(models.Model):
    """What a client sent under an id of its own was done, once. `household` is whom it was about then, whatever its file is now.

    `digest` is a keyed hash of the body: it tells whether the same id brings something else. `stays` are those that were begun.
    """

    class Kind(models.TextChoices):
        """What was sent."""

        ARRIVAL = "arrival", _("Arrival")
        PLACE = "place", _("Place")

    client = models.ForeignKey(PartnerClient, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=8, choices=Kind)
    uid = models.UUIDField(editable=False)
    digest = models.BinaryField()
    received_at = models.DateTimeField()
    household = models.UUIDField(null=True)
    stays = ArrayField(models.BigIntegerField(), default=list)

    objects = ReceiptQuerySet.as_manager()

    open_fields = frozenset("id client kind uid digest received_at household stays".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "uid"], name="api_receipt_once_per_id"),
        ]

    def __str__(self) -> str:
        return f"receipt #{self.pk}"
