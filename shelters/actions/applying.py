"""Applying a plan for many: asked for by a coordinator, done by a worker in one transaction (docs/adr/placing.md)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Household
from core.actors import Actor
from core.again import atomic_again
from core.errors import DomainError
from shelters import policies
from shelters.actions.plans import PlanMoved
from shelters.actions.stays import assign_place, move_household
from shelters.errors import AlreadyPlaced
from shelters.fitting import locked_units
from shelters.models import LeavingReason, Plan, PlanLine, Stay, Unit

State = Plan.State
Fate = PlanLine.Fate


@transaction.atomic
def ask_to_apply(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Have a worker apply `plan` on behalf of `actor`. Raises NotAllowed, PlanMoved."""
    policies.check_can_plan(actor, plan.site)
    ready = Plan.objects.filter(pk=plan.pk, state=State.READY)
    asked = {
        "state": State.APPLYING,
        "acting": actor.id,
        "asked_at": at,
        "claimed_until": None,
        "tries": 0,
        "trouble": "",
    }
    if not ready.update(**asked):
        raise PlanMoved()
    record(EventType.PLAN_APPLY_ASKED, subject=plan, actor=actor, at=at)
    plan.refresh_from_db()
    return plan


@atomic_again
def apply_plan(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Give every household of `plan` the room proposed for it, in one transaction. Done twice, it is done once.

    What no longer fits, because another desk was quicker or a house changed its rules, is refused with its reason and stays
    waiting; the others get their places. The plan stays locked meanwhile, so that no other worker claims it; then units are locked,
    by key, then households. Raises NotAllowed.
    """
    policies.check_can_plan(actor, plan.site)
    waits = Plan.objects.filter(pk=plan.pk, state=State.APPLYING, asked_at=plan.asked_at).select_for_update(no_key=True)
    if waits.first() is not None:
        lines = list(_to_apply(plan))
        _give_all(lines, actor, at)
        PlanLine.objects.bulk_update(lines, ["fate", "refusal"], batch_size=200)
        Plan.objects.filter(pk=plan.pk).update(state=State.APPLIED, applied_at=at, claimed_until=None, tries=0)
        placed = sum(1 for line in lines if line.fate == Fate.PLACED)
        record(EventType.PLAN_APPLIED, subject=plan, actor=actor, at=at, placed=placed, refused=len(lines) - placed)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def stop_applying(*, plan: Plan, trouble: str, actor: Actor, at: datetime) -> Plan:
    """Say that `plan` could not be applied, with the code of why: nothing of it was written, and it can be asked for again."""
    waits = Plan.objects.filter(pk=plan.pk, state=State.APPLYING, asked_at=plan.asked_at)
    if waits.update(state=State.READY, claimed_until=None, tries=0, trouble=trouble):
        record(EventType.PLAN_NOT_APPLIED, subject=plan, actor=actor, at=at, trouble=trouble)
    plan.refresh_from_db()
    return plan


def _to_apply(plan: Plan) -> Iterable[PlanLine]:
    lines = PlanLine.objects.filter(plan=plan, unit__isnull=False).exclude(fate=Fate.PLACED)
    return lines.select_related("plan").order_by("-urgency", "pk")


def _give_all(lines: Iterable[PlanLine], actor: Actor, at: datetime) -> None:
    keys = [line.household_id for line in lines]
    origins = Stay.objects.open().filter(household__in=keys).values_list("unit", flat=True)
    units = {unit.pk: unit for unit in locked_units({line.unit_id for line in lines if line.unit_id} | set(origins))}
    seen = Household.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    households = {each.pk: each for each in seen.filter(pk__in=keys).order_by("pk")}
    for line in lines:
        _give(line, households.get(line.household_id), units[line.unit_id or 0], actor, at)


def _give(line: PlanLine, household: Household | None, unit: Unit, actor: Actor, at: datetime) -> None:
    """Place one household, in a savepoint of its own; what is refused is noted on its line.

    Only who sleeps in the shelter or room that closes is moved; whoever else got a place meanwhile keeps it.
    """
    try:
        with transaction.atomic():
            if household is None:
                raise PlanMoved()
            if line.plan.origin == Plan.Origin.CLOSING:
                _check_still_there(household, line.plan)
                reason = LeavingReason.CLOSED if line.plan.unit_id is None else LeavingReason.ROOM
                move_household(household=household, unit=unit, reason=reason, actor=actor, at=at)
            else:
                assign_place(household=household, unit=unit, actor=actor, at=at)
    except DomainError as refusal:
        line.fate, line.refusal = Fate.REFUSED, refusal.code
    else:
        line.fate = Fate.PLACED


def _check_still_there(household: Household, plan: Plan) -> None:
    """Raise AlreadyPlaced where `household` sleeps elsewhere only than in the shelter or room that closes."""
    closing, where = (plan.shelter_id, "unit__shelter") if plan.unit_id is None else (plan.unit_id, "unit")
    places = set(Stay.objects.open().filter(household=household).values_list(where, flat=True))
    if places and closing not in places:
        raise AlreadyPlaced()
