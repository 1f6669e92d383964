"""What a worker does for imports: claim one, go on with it part by part, give it back.

Where an import stands is in its table; a worker that dies leaves a claim that runs out, and the next one goes on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.actors import actor_behind
from core.actors import Actor
from core.errors import DomainError
from sheets import actions
from sheets.models import KEPT_DAYS, Import
from sheets.states import State

Clock = Callable[[], datetime]

CLAIM = timedelta(seconds=90)
MOST_TRIES = 5  # of one part: what fails that often is a fault of ours that no beat heals
PAUSE = timedelta(seconds=30)  # between two of them
GAVE_UP = "gave_up"
LONGEST = timedelta(seconds=150)  # under the worker's own limit; what is left waits for the next beat
DEEDS = {
    State.CHECKING: actions.check_some,
    State.GOING_IN: actions.put_some_in,
    State.UNDOING: actions.take_some_back,
}


def carry_on(*, actor: Actor, clock: Clock, uid: UUID | None = None, longest: timedelta = LONGEST) -> int:
    """Go on with the import `uid`, or with all that wait, for at most `longest`; returns how many parts were done.

    Workers may run at once: each import is claimed by one. What is done, is done by the account that asked for it.
    """
    began, done = clock(), 0
    while clock() - began < longest:
        sheet = actions.claim(uid=uid, until=clock() + CLAIM, actor=actor, at=clock())
        if sheet is None:
            break
        done += _work(sheet, actor, clock, began + longest)
    return done


def forget(*, actor: Actor, at: datetime) -> int:
    """Drop what sheets told of people longer ago than `KEPT_DAYS`; returns how many rows went."""
    return actions.forget_older(than=at - timedelta(days=KEPT_DAYS), actor=actor, at=at)


def _work(sheet: Import, actor: Actor, clock: Clock, until: datetime) -> int:
    if sheet.tries > MOST_TRIES:  # the last worker was killed before it could say so
        actions.stop_with(sheet=sheet, trouble=GAVE_UP, actor=actor, at=clock())
        return 0
    done = 0
    try:
        asked_by = actor_behind(sheet.acting)
        deed = DEEDS[State(sheet.state)]
        while clock() < until:
            done += 1
            if not _part(deed, sheet, asked_by, clock):
                break
            actions.keep_claim(sheet=sheet, until=clock() + CLAIM, actor=actor, at=clock())
    except DomainError as refusal:
        actions.stop_with(sheet=sheet, trouble=refusal.code, actor=actor, at=clock())
    except Exception:  # a bug crashes loudly; what fails again and again is said to the clerk
        _count_failure(sheet, actor, clock)
        raise
    actions.keep_claim(sheet=sheet, until=None, actor=actor, at=clock())
    return done


def _count_failure(sheet: Import, actor: Actor, clock: Clock) -> None:
    if sheet.tries >= MOST_TRIES:
        actions.stop_with(sheet=sheet, trouble=GAVE_UP, actor=actor, at=clock())
    else:
        actions.hold_back(sheet=sheet, until=clock() + PAUSE, actor=actor, at=clock())


def _part(deed: Callable[..., int], sheet: Import, actor: Actor, clock: Clock) -> int:
    try:
        return deed(sheet=sheet, actor=actor, at=clock())
    except actions.AlreadyIn:  # it lost a race this moment; the other family is in the table now
        return deed(sheet=sheet, actor=actor, at=clock())
