"""The states of a transfer between shelters, and which may follow which; no database, no clock.

The subset that shelters need of the shifting states of CARE (github.com/ohcnetwork/care). What closed never opens again: whoever
still wants to go is asked for anew.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a transfer stands."""

    REQUESTED = "requested", _("Asked for")
    ACCEPTED = "accepted", _("Accepted")
    ARRANGED = "arranged", _("Transport arranged")
    DEPARTED = "departed", _("On the way")
    ARRIVED = "arrived", _("Arrived")
    DECLINED = "declined", pgettext_lazy("a transfer", "Not accepted")
    CANCELLED = "cancelled", _("Called off")
    EXPIRED = "expired", _("Nobody came in time")


S = State

# From "accepted" on the household may simply turn up: that it left was then not noted, and is noted with its arrival. What was accepted
# is declined after all only where the other shelter closes.
MOVES: Mapping[State, frozenset[State]] = {
    S.REQUESTED: frozenset({S.ACCEPTED, S.DECLINED, S.CANCELLED, S.EXPIRED}),
    S.ACCEPTED: frozenset({S.ARRANGED, S.DEPARTED, S.ARRIVED, S.DECLINED, S.CANCELLED, S.EXPIRED}),
    S.ARRANGED: frozenset({S.ARRANGED, S.DEPARTED, S.ARRIVED, S.DECLINED, S.CANCELLED, S.EXPIRED}),
    S.DEPARTED: frozenset({S.ARRIVED, S.DECLINED, S.CANCELLED, S.EXPIRED}),
    **dict.fromkeys((S.ARRIVED, S.DECLINED, S.CANCELLED, S.EXPIRED), frozenset()),
}

OPEN: tuple[State, ...] = tuple(state for state, following in MOVES.items() if following)
CLOSED: tuple[State, ...] = tuple(state for state, following in MOVES.items() if not following)
# Places are held for these at the other shelter.
HOLDING: tuple[State, ...] = (S.ACCEPTED, S.ARRANGED, S.DEPARTED)
# These have a room at the other shelter.
GOING: tuple[State, ...] = (*HOLDING, S.ARRIVED)

ANSWER_WITHIN = timedelta(hours=24)
ARRIVE_WITHIN = timedelta(hours=24)
LATEST_DEPARTURE = timedelta(days=3)


def can_follow(state: State, following: State) -> bool:
    """Whether a transfer may go from `state` straight to `following`."""
    return following in MOVES[state]


def expires_at(state: State, at: datetime, leaves_at: datetime | None = None) -> datetime:
    """When a transfer that reached `state` at `at` is over if nothing more is noted; `leaves_at` is the time arranged."""
    if state == S.REQUESTED:
        return at + ANSWER_WITHIN
    planned = leaves_at if leaves_at and state != S.DEPARTED else at
    return max(at, planned) + ARRIVE_WITHIN
