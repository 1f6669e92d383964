"""Deeds about places to sleep, by noun: houses, capacity, holds, stays."""

from shelters.actions.capacity import (
    block_places,
    close_for_works,
    set_capacity,
    unblock_places,
    withdraw_capacity,
)
from shelters.actions.counts import ask_to_count, confirm_count, note_count, settle_count
from shelters.actions.holds import hold_places, release_hold
from shelters.actions.houses import (
    close_shelter,
    note_observation,
    open_shelter,
    open_unit,
    set_house_rules,
    set_unit_rules,
)
from shelters.actions.stays import assign_place, end_stay, end_stays

__all__ = [
    "ask_to_count",
    "assign_place",
    "block_places",
    "close_for_works",
    "close_shelter",
    "confirm_count",
    "end_stay",
    "end_stays",
    "hold_places",
    "note_count",
    "note_observation",
    "open_shelter",
    "open_unit",
    "release_hold",
    "set_capacity",
    "set_house_rules",
    "set_unit_rules",
    "settle_count",
    "unblock_places",
    "withdraw_capacity",
]
