"""What a worker does for plans: claim one, work it out or apply it. A worker that dies leaves a claim that runs out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.actors import actor_behind
from core.actors import Actor
from core.errors import DomainError
from shelters.actions.applying import apply_plan, stop_applying
from shelters.actions.plans import MOST_TRIES, claim_plan, compute_plan, give_up
from shelters.models import Plan

Clock = Callable[[], datetime]

AT_ONCE = 4
LONGEST = timedelta(seconds=60)  # after that no other is begun: the worker has a limit of its own
GAVE_UP = "gave_up"


def carry_on(*, plan_id: int | None = None, actor: Actor, clock: Clock) -> int:
    """Work out or apply the plan `plan_id`, or a few of those that wait; returns how many are done.

    Workers may run at once: each plan is claimed by one.
    """
    began, done = clock(), 0
    for _turn in range(AT_ONCE):
        plan = claim_plan(plan_id=plan_id, actor=actor, at=clock()) if clock() - began < LONGEST else None
        if plan is None:
            break
        done += _apply(plan, actor, clock) if plan.state == Plan.State.APPLYING else _compute(plan, actor, clock)
    return done


def _compute(plan: Plan, actor: Actor, clock: Clock) -> bool:
    if plan.tries > MOST_TRIES:  # it took its workers down with it
        give_up(plan=plan, actor=actor, at=clock())
        return False
    compute_plan(plan=plan, actor=actor, at=clock())
    return True


def _apply(plan: Plan, actor: Actor, clock: Clock) -> bool:
    """Apply `plan` as the account that asked for it, as far as that may still do so."""
    if plan.tries > MOST_TRIES:
        stop_applying(plan=plan, trouble=GAVE_UP, actor=actor, at=clock())
        return False
    try:
        apply_plan(plan=plan, actor=actor_behind(plan.acting), at=clock())
    except DomainError as refusal:
        stop_applying(plan=plan, trouble=refusal.code, actor=actor, at=clock())
        return False
    return True
