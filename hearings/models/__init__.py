"""Hearings, what is said about them, and who must appear."""

from hearings.models.claims import Claim, ClaimQuerySet, Words
from hearings.models.hearings import Hearing, HearingQuerySet, Summons
from hearings.models.outcomes import EvidencePacket, FollowUp, Outcome
from hearings.models.tellings import TOLD_BY, Telling, TellingQuerySet, was_told
from hearings.models.trips import Trip, TripQuerySet

__all__ = [
    "TOLD_BY",
    "Claim",
    "ClaimQuerySet",
    "EvidencePacket",
    "FollowUp",
    "Hearing",
    "HearingQuerySet",
    "Outcome",
    "Summons",
    "Telling",
    "TellingQuerySet",
    "Trip",
    "TripQuerySet",
    "Words",
    "was_told",
]
