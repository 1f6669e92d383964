"""Deeds about hearings, by noun: hearings themselves, and following people who pass to another household."""

from hearings.actions.hearings import (
    HearingAlreadyNoted,
    HearingNotStanding,
    NothingSaid,
    NotOfThisHousehold,
    ReportAfterCourt,
    ReportWithoutCrossing,
    SourceCannotTell,
    cancel_hearing,
    change_hearing,
    note_hearing,
    verify_hearing,
)

__all__ = [
    "HearingAlreadyNoted",
    "HearingNotStanding",
    "NotOfThisHousehold",
    "NothingSaid",
    "ReportAfterCourt",
    "ReportWithoutCrossing",
    "SourceCannotTell",
    "cancel_hearing",
    "change_hearing",
    "note_hearing",
    "verify_hearing",
]
