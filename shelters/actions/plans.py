"""Plans for many: chosen, worked out by a worker, changed by hand (docs/adr/placing.md); `applying` gives the places."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import Cohort, Household
from core.actors import Actor
from core.errors import DomainError, naming_violations
from places.models import Site
from shelters import policies
from shelters.models import Plan, PlanLine, Shelter, Unit
from shelters.planner import facts_of, prepare, solved_lines
from shelters.planning.choosing import choose

CLAIM = timedelta(seconds=40)  # solving is over after ten; who applies keeps the row locked besides
MOST_TRIES = 3
MOST_HOUSEHOLDS = 1000

State = Plan.State


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


class TappedTwice(DomainError):
    """A plan was made by that very form."""

    code = "tapped_twice"
    message = _("This plan is made already.")


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
    unit: Unit | None = None,
    uid: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Plan:
    """Begin a plan for `households` (seen by whoever asks) of the field site `site`, and have it worked out.

    `shelter` is the one that closes, `unit` the room of it where only that one does, `cohort` the programme. `uid` is that of the
    form: sent twice for the same people, it makes one plan. Raises NotAllowed, NobodyToPlan, TooManyToPlan.
    """
    policies.check_can_plan(actor, site)
    if not households:
        raise NobodyToPlan()
    if len(households) > MOST_HOUSEHOLDS:
        raise TooManyToPlan()
    closes = {"shelter": unit.shelter if unit else shelter, "unit": unit}
    asked = {"site": site, "origin": origin, "cohort": cohort, **closes, "made_by": actor.id}
    form = uid or uuid4()
    try:
        plan = _begun(form, asked, at)
    except TappedTwice:
        made = Plan.objects.filter(**asked, uid=form).first()
        if made is not None and (origin != Plan.Origin.CHOSEN or _is_about(made, households)):
            return made
        plan = _begun(uuid4(), asked, at)  # the form of a page that was gone back to, filled in anew
    PlanLine.objects.bulk_create(PlanLine(plan=plan, household=each, people=each.people.count()) for each in households)
    record(EventType.PLAN_MADE, subject=plan, actor=actor, at=at, households=len(households), origin=str(origin))
    return plan


def _begun(uid: UUID, asked: dict[str, Any], at: datetime) -> Plan:
    with naming_violations({"shelters_plan_uid_key": TappedTwice}):
        return Plan.objects.create(**asked, uid=uid, state=State.COMPUTING, made_at=at, asked_at=at)


def _is_about(plan: Plan, households: Sequence[Household]) -> bool:
    return set(plan.lines.values_list("household_id", flat=True)) == {each.pk for each in households}


@transaction.atomic
def ask_again(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Have `plan` worked out anew, with what a coordinator said meanwhile. Raises NotAllowed, PlanMoved."""
    policies.check_can_plan(actor, plan.site)
    asked = Plan.objects.filter(pk=plan.pk, state__in=[State.DRAFT, State.READY, State.FAILED])
    if not asked.update(state=State.COMPUTING, asked_at=at, claimed_until=None, tries=0, trouble=""):
        raise PlanMoved()
    record(EventType.PLAN_ASKED_AGAIN, subject=plan, actor=actor, at=at)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def pin(*, line: PlanLine, unit: Unit | None, actor: Actor, at: datetime) -> PlanLine:
    """Say that the household of `line` sleeps in `unit`, or with None that the plan may choose again.

    The plan is a draft from then on, until it is worked out anew. Raises NotAllowed, PlanMoved, NoSuchRoom.
    """
    if unit is not None and unit.shelter.site.parent_id != line.plan.site_id:
        raise NoSuchRoom()
    _locked(line, actor)
    _change(line, actor, at, pinned_unit=unit)
    return line


@transaction.atomic
def bar(*, line: PlanLine, shelter: Shelter, is_barred: bool, actor: Actor, at: datetime) -> PlanLine:
    """Say that the household of `line` must not sleep in `shelter`, or take that back. Raises NotAllowed, PlanMoved."""
    _locked(line, actor)
    without = [key for key in line.barred if key != shelter.pk]
    changes: dict[str, object] = {"barred": [*without, shelter.pk] if is_barred else without}
    if is_barred and line.pinned_unit is not None and line.pinned_unit.shelter_id == shelter.pk:
        changes["pinned_unit"] = None
    _change(line, actor, at, **changes)
    return line


def _locked(line: PlanLine, actor: Actor) -> None:
    """Lock the plan of `line` while it can be changed, and read the line anew: two desks may say something of it at once."""
    policies.check_can_plan(actor, line.plan.site)
    plan = Plan.objects.filter(pk=line.plan_id).exclude(state__in=Plan.AT_WORK).select_for_update(no_key=True).first()
    if plan is None or not plan.is_open:
        raise PlanMoved()
    line.refresh_from_db(fields=["barred", "pinned_unit"])


def _change(line: PlanLine, actor: Actor, at: datetime, **changes: object) -> None:
    PlanLine.objects.filter(pk=line.pk).update(**changes)
    Plan.objects.filter(pk=line.plan_id, state=State.READY).update(state=State.DRAFT)
    line.refresh_from_db()
    record(EventType.PLAN_CHANGED, subject=line.plan, actor=actor, at=at, line=line.pk, what=sorted(changes))


@transaction.atomic
def claim_plan(*, plan_id: int | None = None, actor: Actor, at: datetime) -> Plan | None:
    """The plan `plan_id`, or the one that waits longest, claimed by this worker until `CLAIM` is over; None where none waits."""
    waiting = Plan.objects.to_work_on_at(at).select_for_update(skip_locked=True)
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
