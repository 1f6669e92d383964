"""What a worker does for postponements: claim one, do what was asked, say so if it cannot be. A worker that dies leaves a claim that runs
out, and nothing half done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.actors import actor_behind
from core.actors import Actor
from core.errors import DomainError
from hearings.actions.postponements import (
    apply_postponement,
    claim_postponement,
    preview_postponement,
    stop_postponement,
    undo_postponement,
)
from hearings.models import Postponement

Clock = Callable[[], datetime]
State = Postponement.State

AT_ONCE = 4
LONGEST = timedelta(seconds=60)  # after that no other is begun: the worker has a limit of its own
MOST_TRIES = 3
GAVE_UP = "gave_up"
DEEDS: dict[State, Callable[..., Postponement]] = {
    State.PREVIEWING: preview_postponement,
    State.APPLYING: apply_postponement,
    State.UNDOING: undo_postponement,
}


def carry_on(*, key: int | None = None, actor: Actor, clock: Clock) -> int:
    """Do what was asked of the postponement `key`, or of a few that wait; returns how many were taken up.

    Workers may run at once: each postponement is claimed by one.
    """
    began, done = clock(), 0
    for _turn in range(AT_ONCE):
        claimed = claim_postponement(key=key, actor=actor, at=clock()) if clock() - began < LONGEST else None
        if claimed is None:
            break
        _do(claimed, actor, clock)
        done += 1
    return done


def _do(postponement: Postponement, actor: Actor, clock: Clock) -> None:
    """Do it as the account that asked for it, as far as that may still do so."""
    if postponement.tries > MOST_TRIES:  # it took its workers down with it
        stop_postponement(postponement=postponement, trouble=GAVE_UP, actor=actor, at=clock())
        return
    try:
        asked_by = actor_behind(postponement.acting)
        DEEDS[State(postponement.state)](postponement=postponement, actor=asked_by, at=clock())
    except DomainError as refusal:
        stop_postponement(postponement=postponement, trouble=refusal.code, actor=actor, at=clock())
