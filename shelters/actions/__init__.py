"""Deeds about places to sleep, by noun: houses, capacity, holds, stays."""

from shelters.actions.capacity import (
    block_places,
    close_for_works,
    set_capacity,
    unblock_places,
    withdraw_capacity,
)
from shelters.actions.closing import close_shelter, take_closing_back
from shelters.actions.counts import ask_to_count, confirm_count, note_count, settle_count
from shelters.actions.holds import hold_places, hold_under_number, release_hold, renew_hold, take_up_hold
from shelters.actions.houses import (
    note_observation,
    open_shelter,
    open_unit,
    set_house_rules,
    set_unit_rules,
)
from shelters.actions.outings import note_back, note_out
from shelters.actions.stays import assign_place, end_stay, end_stays, move_household
from shelters.actions.transfers import (
    accept_transfer,
    arrange_transport,
    arrive,
    cancel_transfer,
    decline_transfer,
    depart,
    request_transfer,
)

__all__ = [
    "accept_transfer",
    "arrange_transport",
    "arrive",
    "ask_to_count",
    "assign_place",
    "block_places",
    "cancel_transfer",
    "close_for_works",
    "close_shelter",
    "confirm_count",
    "decline_transfer",
    "depart",
    "end_stay",
    "end_stays",
    "hold_places",
    "hold_under_number",
    "move_household",
    "note_back",
    "note_count",
    "note_observation",
    "note_out",
    "open_shelter",
    "open_unit",
    "release_hold",
    "renew_hold",
    "request_transfer",
    "set_capacity",
    "set_house_rules",
    "set_unit_rules",
    "settle_count",
    "take_closing_back",
    "take_up_hold",
    "unblock_places",
    "withdraw_capacity",
]
