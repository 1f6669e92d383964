"""Deeds about places to sleep, by noun: houses, capacity, holds, stays."""

from shelters.actions.capacity import block_places, confirm_count, set_capacity
from shelters.actions.holds import hold_places, release_hold
from shelters.actions.houses import close_shelter, note_observation, open_shelter, open_unit
from shelters.actions.stays import assign_place, end_stay, end_stays

__all__ = [
    "assign_place",
    "block_places",
    "close_shelter",
    "confirm_count",
    "end_stay",
    "end_stays",
    "hold_places",
    "note_observation",
    "open_shelter",
    "open_unit",
    "release_hold",
    "set_capacity",
]
