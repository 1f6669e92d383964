"""Closing a shelter, what was promised there and ends with it, and taking that back. The closing of a room is one of `capacity`."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.again import atomic_again
from shelters import policies
from shelters.actions.holds import release_for_closing
from shelters.actions.transfers import decline_for_closing
from shelters.errors import NotClosing
from shelters.fitting import locked_units
from shelters.models import Hold, Shelter, Transfer, Unit


@atomic_again
def close_shelter(*, shelter: Shelter, closes_at: datetime, actor: Actor, at: datetime) -> Shelter:
    """Receive nobody in `shelter` from `closes_at` on. Guests stay until their stays are ended; what was promised to others ends then, and
    whoever asked reads why. Raises NotAllowed.
    """
    policies.check_can_edit(actor, shelter)
    if closes_at <= at:
        _end_promises(shelter, actor, at)
    Shelter.objects.filter(pk=shelter.pk).update(closed_at=closes_at)
    shelter.closed_at = closes_at
    record(EventType.SHELTER_CLOSED, subject=shelter, actor=actor, at=at, closes_at=closes_at.isoformat())
    return shelter


@transaction.atomic
def take_closing_back(*, shelter: Shelter, actor: Actor, at: datetime) -> Shelter:
    """Let `shelter` receive people again, whether it is to close or has closed. Raises NotAllowed, NotClosing."""
    policies.check_can_edit(actor, shelter)
    if not Shelter.objects.filter(pk=shelter.pk, closed_at__isnull=False).update(closed_at=None):
        raise NotClosing()
    shelter.closed_at = None
    record(EventType.CLOSING_TAKEN_BACK, subject=shelter, actor=actor, at=at)
    return shelter


def end_promises_of_closed(*, actor: Actor, at: datetime) -> int:
    """End what is still promised in shelters that are closed at `at`; returns how much. Safe to do twice and at once."""
    held = Hold.objects.filter(unit__shelter=OuterRef("pk"), released_at__isnull=True)
    asked = Transfer.objects.open().filter(to_shelter=OuterRef("pk"))
    closed = Shelter.objects.visible_to(actor).filter(closed_at__lte=at)
    promising = closed.filter(Exists(held) | Exists(asked)).order_by("pk")
    return sum(_end_promises(shelter, actor, at) for shelter in promising)


@atomic_again
def _end_promises(shelter: Shelter, actor: Actor, at: datetime) -> int:
    """Decline transfers to `shelter` and give back what is held there; returns how many of both.

    Rooms are locked first: whoever holds places just now comes before, or finds the shelter closed.
    """
    locked_units(Unit.objects.filter(shelter=shelter).values_list("pk", flat=True))
    declined = decline_for_closing(shelter=shelter, actor=actor, at=at)
    return declined + release_for_closing(shelter=shelter, actor=actor, at=at)
