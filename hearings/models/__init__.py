"""Hearings, what is said about them, and who must appear."""

from hearings.models.checks import (
    CheckBatch,
    CheckBatchQuerySet,
    CheckCall,
    CheckCallQuerySet,
    due_for_a_check,
    second_call_wanted,
    undecided_calls,
    with_caller,
)
from hearings.models.claims import Claim, ClaimQuerySet, Words
from hearings.models.hearings import Hearing, HearingQuerySet, Summons
from hearings.models.outcomes import EvidencePacket, FollowUp, Outcome
from hearings.models.postponements import (
    HOLD,
    Postponement,
    PostponementLine,
    PostponementLineQuerySet,
    PostponementQuerySet,
)
from hearings.models.representation import (
    LegalListGiven,
    LegalProvider,
    LegalProviderQuerySet,
    Representation,
    RepresentationQuerySet,
    Represented,
    is_represented,
)
from hearings.models.tellings import Telling, TellingQuerySet, pill_of, was_told
from hearings.models.trips import Trip, TripQuerySet, trip_of
from hearings.models.zones import ZoneShift, ZoneShiftQuerySet

__all__ = [
    "HOLD",
    "CheckBatch",
    "CheckBatchQuerySet",
    "CheckCall",
    "CheckCallQuerySet",
    "Claim",
    "ClaimQuerySet",
    "EvidencePacket",
    "FollowUp",
    "Hearing",
    "HearingQuerySet",
    "LegalListGiven",
    "LegalProvider",
    "LegalProviderQuerySet",
    "Outcome",
    "Postponement",
    "PostponementLine",
    "PostponementLineQuerySet",
    "PostponementQuerySet",
    "Representation",
    "RepresentationQuerySet",
    "Represented",
    "Summons",
    "Telling",
    "TellingQuerySet",
    "Trip",
    "TripQuerySet",
    "Words",
    "ZoneShift",
    "ZoneShiftQuerySet",
    "due_for_a_check",
    "is_represented",
    "pill_of",
    "second_call_wanted",
    "trip_of",
    "undecided_calls",
    "was_told",
    "with_caller",
]
