"""A packet of evidence leaves the house: that it did is recorded, with what it was for and by what it is known again."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from hearings import policies
from hearings.models import EvidencePacket, Hearing


@transaction.atomic
def note_evidence(
    *,
    hearing: Hearing,
    purpose: EvidencePacket.Purpose | str,
    reason: str,
    digest: str,
    lines: int,
    actor: Actor,
    at: datetime,
) -> EvidencePacket:
    """Keep that a packet about `hearing` with `lines` facts and that `digest` (SHA-256, hexadecimal) was made. Raises NotAllowed."""
    policies.check_can_change(actor, hearing.household)
    packet = EvidencePacket.objects.create(
        hearing=hearing,
        purpose=purpose,
        reason=reason,
        digest=digest,
        lines=lines,
        made_at=at,
        made_by=actor.id,
        made_by_name=actor.name,
    )
    record(
        EventType.EVIDENCE_EXPORTED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        purpose=str(purpose),
        packet=str(packet.uid),
        digest=digest,
        lines=lines,
    )
    return packet
