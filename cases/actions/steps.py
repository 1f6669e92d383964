"""Moving a household through reception."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.taps import Move, note_tap
from cases.models import Arrival, Household, Isolation, Person, StepTaken, Tap
from cases.rules import ISOLATION_DAYS
from cases.standing import standing_of
from cases.states import RECEPTION, Step, can_move
from core.actors import Actor
from core.errors import DomainError

# That somebody was tested or sleeps apart is health, also where only the step is marked.
TAPS = {Step.TESTED: Tap.Kind.TESTS, Step.ISOLATED: Tap.Kind.ISOLATION}


class StepCannotFollow(DomainError):
    """The journey has no such move, for example from deceased to summoned."""

    code = "step_cannot_follow"
    message = _("This household cannot take that step now. Check what was noted last.")


@transaction.atomic
def take_step(
    *, household: Household, step: Step, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> Household:
    """Note that `people` of `household` (all of them unless told) took `step` at `at`, whatever came before.

    A step of reception belongs to the last arrival and counts once: taking it again changes nothing. The household stands at the
    furthest step that all its people took; isolation opens an `Isolation` where none is open. Raises NotAllowed, StepCannotFollow.
    """
    policies.check_can_edit(actor, household)
    who = None if people is None else list(people)
    move = move_with_deed(household=household, step=step, people=who, actor=actor, at=at)
    if move is not None and step in RECEPTION:
        count = household.people.count() if who is None else len(who)
        kind = TAPS.get(step, Tap.Kind.STEP)
        note_tap(household=household, kind=kind, people=count, move=move, actor=actor, at=at)
    return household


@transaction.atomic
def take_step_with_deed(
    *, household: Household, step: Step, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> Household:
    """As `take_step`, for a deed of this house that has checked its own policy: a place given, a test resulted."""
    move_with_deed(household=household, step=step, people=people, actor=actor, at=at)
    return household


def move_with_deed(
    *, household: Household, step: Step, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> Move | None:
    """As `take_step_with_deed`; the move that it made, or None where the step had been taken already."""
    locked = Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city")
    before = locked.get(pk=household.pk)
    standing, since = Step(before.step), before.step_at
    members = list(Person.objects.filter(household=before))
    who = members if people is None else list(people)
    isolation: Isolation | None = None
    written: list[int] = []
    is_news = True
    if step not in RECEPTION:
        if step != standing and not can_move(standing, step):
            raise StepCannotFollow()
        now_at = step
    else:
        arrival = Arrival.objects.last_of(before)
        isolation = _begin_isolation(before, at) if step == Step.ISOLATED else None
        written, again = _write_steps(arrival, step, who, at)
        is_news = bool(written or again or isolation)
        now_at = standing_of(before, members, arrival)
    stands_since = since
    if is_news and now_at != standing:
        if not can_move(standing, now_at):
            raise StepCannotFollow()
        Household.objects.filter(pk=before.pk).update(step=now_at, step_at=at)
        stands_since = at
    if is_news:
        record(
            EventType.STEP_TAKEN,
            subject=before,
            actor=actor,
            at=at,
            household=before.uid,
            step=step,
            people=len(who),
            stands_at=now_at,
        )
    household.refresh_from_db(fields=["step", "step_at"])
    if not is_news:
        return None
    return Move(standing, since, now_at, stands_since, written, isolation)


def stand_by_steps(*, household: Household, actor: Actor, at: datetime) -> None:
    """Let `household` stand where the steps of its people say, while it is at reception.

    Part of the deeds by which people or their steps pass to another household; these have checked policy, locked it and record it.
    """
    if household.step not in RECEPTION:
        return
    now_at = standing_of(household, list(household.people.all()), Arrival.objects.last_of(household))
    if household.step != now_at:
        Household.objects.filter(pk=household.pk).update(step=now_at, step_at=at)
        household.step, household.step_at = now_at, at


def _write_steps(arrival: Arrival, step: Step, who: list[Person], at: datetime) -> tuple[list[int], int]:
    """The keys of the steps written, and how many of those taken before count anew: a place given to those who are isolated."""
    fresh = StepTaken.objects.filter(arrival=arrival, step=step)
    before = set(fresh.values_list("person_id", flat=True))
    rows = [
        StepTaken(person=person, arrival=arrival, step=step, occurred_at=at)
        for person in who
        if person.pk not in before
    ]
    StepTaken.objects.bulk_create(rows, ignore_conflicts=True)
    again = 0
    if step == Step.PLACED and before:
        isolation = Isolation.objects.open().filter(household__people__in=who).first()
        if isolation is not None:
            old = fresh.filter(person__in=who, occurred_at__lt=isolation.begun_at)
            again = old.update(occurred_at=at)
    missing = [row for row in rows if row.pk is None]
    if missing:  # `ignore_conflicts` returns no keys
        people = [row.person_id for row in rows]
        return list(fresh.filter(person__in=people).order_by("pk").values_list("pk", flat=True)), again
    return [row.pk for row in rows], again


def _begin_isolation(household: Household, at: datetime) -> Isolation | None:
    """The isolation that begins at `at`, None where one is open already."""
    if Isolation.objects.open().filter(household=household).exists():
        return None
    begun_on = household.day_at(at)
    retest_on = begun_on + timedelta(days=ISOLATION_DAYS)
    return Isolation.objects.create(household=household, begun_at=at, retest_on=retest_on)
