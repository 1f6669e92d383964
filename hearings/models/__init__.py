"""Hearings, what is said about them, and who must appear."""

from hearings.models.claims import Claim, ClaimQuerySet, Words
from hearings.models.hearings import Hearing, HearingQuerySet, Summons

__all__ = [
    "Claim",
    "ClaimQuerySet",
    "Hearing",
    "HearingQuerySet",
    "Summons",
    "Words",
]
