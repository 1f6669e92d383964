"""Plans for many: chosen, worked out by a worker, changed by hand, applied in one transaction (docs/adr/placing.md)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from time import perf_counter

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import Cohort, Household
from core.actors import Actor
from core.again import atomic_again
from core.errors import DomainError
from places.models import Site
from shelters import policies
from shelters.actions.stays import assign_place, move_household
from shelters.fitting import locked_units
from shelters.models import LeavingReason, Plan, PlanLine, Shelter, Stay, Unit
from shelters.planner import facts_of, prepare, solved_lines
from shelters.planning.choosing import choose

CLAIM = timedelta(seconds=90)
MOST_TRIES = 3
MOST_HOUSEHOLDS = 1000

State = Plan.State
Fate = PlanLine.Fate


class NobodyToPlan(DomainError):
    """A plan is about at least one household."""

    code = "nobody_to_plan"
    message = _("Nobody waits for a place here. Choose at least one family.")
    http_status = 422


class TooManyToPlan(DomainError):
    """More households than one plan takes."""

    code = "too_many_to_plan"
    message = _("These are more families than one plan takes. Choose some of them first.")
    http_status = 422


class PlanMoved(DomainError):
    """The plan is being worked out, was applied, or was changed by another desk just now."""

    code = "plan_moved"
    message = _("This plan is not as it was: somebody changed or applied it. Look at it again.")


class NoSuchRoom(DomainError):
    """A household can only be pinned to a room that could take it."""

    code = "no_such_room"
    message = _("This room is not one of the rooms of this city.")
    http_status = 422


@transaction.atomic
def make_plan(
    *,
    site: Site,
    origin: Plan.Origin,
    households: Sequence[Household],
    cohort: Cohort | None = None,
    shelter: Shelter | None = None,
    actor: Actor,
    at: datetime,
) -> Plan:
    """Begin a plan for `households` (seen by whoever asks) of the field site `site`, and have it worked out.

    `shelter` is the one that closes, `cohort` the programme. Raises NotAllowed, NobodyToPlan, TooManyToPlan.
    """
    policies.check_can_plan(actor, site)
    if not households:
        raise NobodyToPlan()
    if len(households) > MOST_HOUSEHOLDS:
        raise TooManyToPlan()
    plan = Plan.objects.create(
        site=site,
        origin=origin,
        cohort=cohort,
        shelter=shelter,
        state=State.COMPUTING,
        made_at=at,
        made_by=actor.id,
        asked_at=at,
    )
    PlanLine.objects.bulk_create(PlanLine(plan=plan, household=each, people=each.people.count()) for each in households)
    record(EventType.PLAN_MADE, subject=plan, actor=actor, at=at, households=len(households), origin=str(origin))
    return plan


@transaction.atomic
def ask_again(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Have `plan` worked out anew, with what a coordinator said meanwhile. Raises NotAllowed, PlanMoved."""
    policies.check_can_plan(actor, plan.site)
    asked = Plan.objects.filter(pk=plan.pk, state__in=[State.DRAFT, State.READY, State.FAILED])
    if not asked.update(state=State.COMPUTING, asked_at=at, claimed_until=None, tries=0):
        raise PlanMoved()
    plan.refresh_from_db()
    return plan


@transaction.atomic
def pin(*, line: PlanLine, unit: Unit | None, actor: Actor, at: datetime) -> PlanLine:
    """Say that the household of `line` sleeps in `unit`, or with None that the plan may choose again.

    The plan is a draft from then on, until it is worked out anew. Raises NotAllowed, PlanMoved, NoSuchRoom.
    """
    if unit is not None and unit.shelter.site.parent_id != line.plan.site_id:
        raise NoSuchRoom()
    _change(line, actor, at, pinned_unit=unit)
    return line


@transaction.atomic
def bar(*, line: PlanLine, shelter: Shelter, is_barred: bool, actor: Actor, at: datetime) -> PlanLine:
    """Say that the household of `line` must not sleep in `shelter`, or take that back. Raises NotAllowed, PlanMoved."""
    without = [key for key in line.barred if key != shelter.pk]
    changes: dict[str, object] = {"barred": [*without, shelter.pk] if is_barred else without}
    if is_barred and line.pinned_unit is not None and line.pinned_unit.shelter_id == shelter.pk:
        changes["pinned_unit"] = None
    _change(line, actor, at, **changes)
    return line


def _change(line: PlanLine, actor: Actor, at: datetime, **changes: object) -> None:
    policies.check_can_plan(actor, line.plan.site)
    plan = Plan.objects.select_for_update(no_key=True).get(pk=line.plan_id)
    if not plan.is_open:
        raise PlanMoved()
    PlanLine.objects.filter(pk=line.pk).update(**changes)
    if plan.state == State.READY:
        Plan.objects.filter(pk=plan.pk).update(state=State.DRAFT)
    line.refresh_from_db()
    record(EventType.PLAN_CHANGED, subject=plan, actor=actor, at=at, line=line.pk, what=sorted(changes))


@transaction.atomic
def claim_plan(*, plan_id: int | None = None, actor: Actor, at: datetime) -> Plan | None:
    """The plan `plan_id`, or the one that waits longest, claimed by this worker until `CLAIM` is over; None where none waits."""
    waiting = Plan.objects.to_compute_at(at).select_for_update(skip_locked=True)
    plan = (waiting.filter(pk=plan_id) if plan_id else waiting).first()
    if plan is not None:
        plan.claimed_until, plan.tries = at + CLAIM, plan.tries + 1
        plan.save(update_fields=["claimed_until", "tries"])
    return plan


def compute_plan(*, plan: Plan, seconds: float | None = None, actor: Actor, at: datetime) -> Plan:
    """Work `plan` out in at most about `seconds` and keep the better of both ways. Done twice, it is done once.

    Solving holds no lock: what it found is written only where the plan still waits for it.
    """
    began = perf_counter()
    prepared = prepare(plan, actor=actor, at=at)
    choice = choose(prepared.problem, seconds=seconds)
    lines = solved_lines(prepared, choice.placed)
    facts = facts_of(choice, seconds=perf_counter() - began, rooms=len(prepared.rooms))
    return _keep(plan, lines, facts, actor, at)


@transaction.atomic
def _keep(plan: Plan, lines: Sequence[PlanLine], facts: dict[str, object], actor: Actor, at: datetime) -> Plan:
    waits = Plan.objects.filter(pk=plan.pk, state=State.COMPUTING, asked_at=plan.asked_at)
    if waits.update(state=State.READY, computed_at=at, claimed_until=None, tries=0, facts=facts):
        written = ["people", "urgency", "unit", "reasons", "why_not", "fate", "refusal"]
        PlanLine.objects.bulk_update(lines, written, batch_size=200)
        placed = sum(1 for line in lines if line.unit_id)
        record(EventType.PLAN_COMPUTED, subject=plan, actor=actor, at=at, households=len(lines), placed=placed)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def give_up(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Say that `plan` cannot be worked out: it failed too often."""
    if Plan.objects.filter(pk=plan.pk, state=State.COMPUTING).update(state=State.FAILED, claimed_until=None):
        record(EventType.PLAN_FAILED, subject=plan, actor=actor, at=at)
    plan.refresh_from_db()
    return plan


@atomic_again
def apply_plan(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Give every household of `plan` the room proposed for it, in one transaction.

    What no longer fits, because another desk was quicker or a house changed its rules, is refused with its reason and stays
    waiting; the others get their places. Units are locked first, by key, then households. Raises NotAllowed, PlanMoved.
    """
    policies.check_can_plan(actor, plan.site)
    locked = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if locked.state != State.READY:
        raise PlanMoved()
    lines = list(_to_apply(plan))
    keys = [line.household_id for line in lines]
    origins = Stay.objects.open().filter(household__in=keys).values_list("unit", flat=True)
    units = {unit.pk: unit for unit in locked_units({line.unit_id for line in lines if line.unit_id} | set(origins))}
    seen = Household.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    households = {each.pk: each for each in seen.filter(pk__in=keys).order_by("pk")}
    for line in lines:
        _give(line, households.get(line.household_id), units[line.unit_id or 0], actor, at)
    PlanLine.objects.bulk_update(lines, ["fate", "refusal"], batch_size=200)
    Plan.objects.filter(pk=plan.pk).update(state=State.APPLIED, applied_at=at)
    placed = sum(1 for line in lines if line.fate == Fate.PLACED)
    record(EventType.PLAN_APPLIED, subject=plan, actor=actor, at=at, placed=placed, refused=len(lines) - placed)
    plan.refresh_from_db()
    return plan


def _to_apply(plan: Plan) -> Iterable[PlanLine]:
    lines = PlanLine.objects.filter(plan=plan, unit__isnull=False).exclude(fate=Fate.PLACED)
    return lines.select_related("plan").order_by("-urgency", "pk")


def _give(line: PlanLine, household: Household | None, unit: Unit, actor: Actor, at: datetime) -> None:
    """Place one household, in a savepoint of its own; what is refused is noted on its line.

    Only who sleeps in the shelter that closes is moved; whoever else got a place meanwhile keeps it.
    """
    try:
        with transaction.atomic():
            if household is None:
                raise PlanMoved()
            if line.plan.origin == Plan.Origin.CLOSING:
                move_household(household=household, unit=unit, reason=LeavingReason.CLOSED, actor=actor, at=at)
            else:
                assign_place(household=household, unit=unit, actor=actor, at=at)
    except DomainError as refusal:
        line.fate, line.refusal = Fate.REFUSED, refusal.code
    else:
        line.fate = Fate.PLACED
