"""Deeds about hearings, by noun: hearings themselves, conflicts of their sources, newer zone tables, people who pass on."""

from hearings.actions.hearings import (
    CancelledAnother,
    ConfirmedAnother,
    HearingAlreadyNoted,
    HearingNotStanding,
    NotByHearsay,
    cancel_hearing,
    change_hearing,
    note_hearing,
    verify_hearing,
)
from hearings.actions.resolving import ReportAfterCourt
from hearings.actions.settling import NotInConflict, ReasonMissing, settle_conflict
from hearings.actions.stating import (
    InterpreterUnknown,
    NothingSaid,
    NotOfThisHousehold,
    ReportWithoutCrossing,
    SourceCannotTell,
)
from hearings.actions.zones import ZONES, recheck_zones, see_shift

__all__ = [
    "ZONES",
    "CancelledAnother",
    "ConfirmedAnother",
    "HearingAlreadyNoted",
    "HearingNotStanding",
    "InterpreterUnknown",
    "NotByHearsay",
    "NotInConflict",
    "NotOfThisHousehold",
    "NothingSaid",
    "ReasonMissing",
    "ReportAfterCourt",
    "ReportWithoutCrossing",
    "SourceCannotTell",
    "cancel_hearing",
    "change_hearing",
    "note_hearing",
    "recheck_zones",
    "see_shift",
    "settle_conflict",
    "verify_hearing",
]
