"""A packet of evidence leaves the house: that it did is recorded, with what it was for and by what it is known again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.once import once
from hearings import policies
from hearings.models import EvidencePacket, Hearing


@transaction.atomic
def note_evidence(
    *,
    uid: UUID,
    hearing: Hearing,
    purpose: EvidencePacket.Purpose | str,
    reason: str,
    digest: str,
    lines: int,
    actor: Actor,
    at: datetime,
) -> tuple[EvidencePacket, bool]:
    """Keep that a packet about `hearing` with `lines` facts and that `digest` (SHA-256, hexadecimal) was made.

    Once per `uid` that a form made: returns it and whether it is new. Raises NotAllowed, SentForAnother.
    """
    policies.check_can_change(actor, hearing.household)
    told = {"purpose": purpose, "reason": reason, "lines": lines, "made_at": at}
    by = {"made_by": actor.id, "made_by_name": actor.name}
    packet, is_new = once(
        uid,
        EvidencePacket.objects.filter(hearing=hearing),
        lambda: EvidencePacket.objects.create(uid=uid, hearing=hearing, digest=digest, **told, **by),
    )
    if is_new:
        _record(packet, actor, at)
    return packet, is_new


def _record(packet: EvidencePacket, actor: Actor, at: datetime) -> None:
    hearing = packet.hearing
    record(
        EventType.EVIDENCE_EXPORTED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        purpose=str(packet.purpose),
        packet=str(packet.uid),
        digest=packet.digest,
        lines=packet.lines,
    )
