"""Hearings, what is said about them, and who must appear."""

from hearings.models.checks import CheckBatch, CheckBatchQuerySet, CheckCall, CheckCallQuerySet, with_caller
from hearings.models.claims import Claim, ClaimQuerySet, Words
from hearings.models.hearings import Hearing, HearingQuerySet, Summons
from hearings.models.outcomes import EvidencePacket, FollowUp, Outcome
from hearings.models.representation import (
    LegalListGiven,
    LegalProvider,
    LegalProviderQuerySet,
    Representation,
    RepresentationQuerySet,
    Represented,
)
from hearings.models.tellings import TOLD_BY, Telling, TellingQuerySet, was_told
from hearings.models.trips import Trip, TripQuerySet
from hearings.models.zones import ZoneShift, ZoneShiftQuerySet

__all__ = [
    "TOLD_BY",
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
    "was_told",
    "with_caller",
]
