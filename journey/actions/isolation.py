"""A family that isolates apart: who isolates keeps the file, who goes on becomes a family of their own."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from cases.actions.isolation import plan_isolation
from cases.actions.splitting import split_household
from cases.models import Household, Isolation, Person, Regrouping
from core.actors import Actor


@transaction.atomic
def isolate_apart(
    *, isolation: Isolation, going_on: Iterable[Person], retest_on: date, actor: Actor, at: datetime
) -> Household:
    """Part `going_on`, who agreed, from the household of `isolation`, and plan the isolation of the others. Returns the new household.

    All or nothing. Raises what `split_household` and `plan_isolation` raise.
    """
    own = split_household(
        household=isolation.household, people=going_on, reason=Regrouping.Reason.ISOLATION, actor=actor, at=at
    )
    plan_isolation(isolation=isolation, way=Isolation.Way.SPLIT, retest_on=retest_on, actor=actor, at=at)
    return own
