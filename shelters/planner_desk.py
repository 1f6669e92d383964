"""What a worker does for plans: claim one, work it out, keep it. A worker that dies leaves a claim that runs out."""

from collections.abc import Callable
from datetime import datetime

from core.actors import Actor
from shelters.actions.plans import MOST_TRIES, claim_plan, compute_plan, give_up

AT_ONCE = 4


def compute_waiting(*, plan_id: int | None = None, actor: Actor, clock: Callable[[], datetime]) -> int:
    """Work out the plan `plan_id`, or a few of those that wait; returns how many are done."""
    done = 0
    for _turn in range(AT_ONCE):
        plan = claim_plan(plan_id=plan_id, actor=actor, at=clock())
        if plan is None:
            break
        if plan.tries > MOST_TRIES:  # it took its workers down with it
            give_up(plan=plan, actor=actor, at=clock())
            continue
        compute_plan(plan=plan, actor=actor, at=clock())
        done += 1
    return done
