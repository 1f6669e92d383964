"""Noting that somebody opens the gate of a shelter at an hour at which it is shut."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from shelters import policies
from shelters.models import GateOpening, Shelter


@transaction.atomic
def note_gate_opening(*, shelter: Shelter, opens_at: datetime, actor: Actor, at: datetime) -> GateOpening:
    """Note that somebody of `shelter` opens its gate at `opens_at`, once however often it is noted. Raises NotAllowed."""
    policies.check_can_run(actor, [shelter])
    Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    there = GateOpening.objects.standing().filter(shelter=shelter, opens_at=opens_at).first()
    if there is not None:
        return there
    opening = GateOpening.objects.create(shelter=shelter, opens_at=opens_at, noted_at=at, noted_by=actor.id)
    _tell(EventType.GATE_OPENING_NOTED, opening, actor, at)
    return opening


@transaction.atomic
def keep_gate_shut(*, shelter: Shelter, opens_at: datetime, actor: Actor, at: datetime) -> None:
    """Take back that somebody opens for those who pass at `opens_at`. Does nothing where nobody does. Raises NotAllowed."""
    policies.check_can_run(actor, [shelter])
    Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    begins = opens_at - GateOpening.OPEN_FOR
    for opening in GateOpening.objects.standing().filter(shelter=shelter, opens_at__gt=begins, opens_at__lte=opens_at):
        opening.withdrawn_at = at
        opening.save(update_fields=["withdrawn_at"])
        _tell(EventType.GATE_OPENING_WITHDRAWN, opening, actor, at)


def _tell(event: EventType, opening: GateOpening, actor: Actor, at: datetime) -> None:
    record(event, subject=opening.shelter, actor=actor, at=at, opens_at=opening.opens_at.isoformat())
