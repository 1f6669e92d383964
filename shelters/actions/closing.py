"""A shelter that was to close and stays open after all. The closing itself is one of `houses`, that of a room one of `capacity`."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from shelters import policies
from shelters.errors import NotClosing
from shelters.models import Shelter


@transaction.atomic
def take_closing_back(*, shelter: Shelter, actor: Actor, at: datetime) -> Shelter:
    """Let `shelter` receive people again, whether it is to close or has closed. Raises NotAllowed, NotClosing."""
    policies.check_can_edit(actor, shelter)
    if not Shelter.objects.filter(pk=shelter.pk, closed_at__isnull=False).update(closed_at=None):
        raise NotClosing()
    shelter.closed_at = None
    record(EventType.CLOSING_TAKEN_BACK, subject=shelter, actor=actor, at=at)
    return shelter
