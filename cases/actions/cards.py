"""Giving cards to households and making them void."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.cards import new_token
from cases.models import Card, Household
from core.actors import Actor
from core.errors import DomainError


class AlreadyVoid(DomainError):
    """The card was made void before."""

    code = "already_void"
    message = _("This card no longer counts already.")


@transaction.atomic
def issue_card(*, household: Household, actor: Actor, at: datetime) -> Card:
    """The card of `household`: the one that stands, so that printing again changes nothing, else a new one. Raises NotAllowed."""
    policies.check_can_edit(actor, household)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # two printers, one card
    standing = Card.objects.standing().filter(household=household).first()
    if standing is not None:
        return standing
    card = Card.objects.create(household=household, token=new_token(), issued_at=at, issued_by=actor.id)
    record(EventType.CARD_ISSUED, subject=card, actor=actor, at=at, household=household.uid)
    return card


@transaction.atomic
def void_card(*, card: Card, reason: Card.VoidReason, actor: Actor, at: datetime) -> Card:
    """Make `card` void: whoever finds it opens nothing. Raises NotAllowed, AlreadyVoid."""
    policies.check_can_edit(actor, card.household)
    if not Card.objects.standing().filter(pk=card.pk).update(voided_at=at, void_reason=reason):
        raise AlreadyVoid()
    record(EventType.CARD_VOIDED, subject=card, actor=actor, at=at, household=card.household.uid, reason=reason.value)
    card.refresh_from_db()
    return card


@transaction.atomic
def replace_card(*, card: Card, actor: Actor, at: datetime) -> Card:
    """A new card for one that was lost, which is void from now on. Raises NotAllowed, AlreadyVoid."""
    void_card(card=card, reason=Card.VoidReason.LOST, actor=actor, at=at)
    return issue_card(household=card.household, actor=actor, at=at)
