"""Taking back a slip: exactly what one deed at reception wrote, as long as nothing was built on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import CovidTest, Document, Household, Isolation, StepTaken, Tap
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError

# Long enough to see the slip on the board, too short to rewrite what others have acted on.
TAKE_BACK_FOR = timedelta(minutes=10)


class TooLateToTakeBack(DomainError):
    """The minutes for taking it back are over."""

    code = "too_late_to_take_back"
    message = _("This can no longer be taken back. Note what is right on the family's page.")


class SomethingFollowed(DomainError):
    """Something was noted since that rests on it, or somebody took it back already."""

    code = "something_followed"
    message = _("Something else was noted for this family since. Nothing was taken back.")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a household stood before and stands after a deed, with the keys of the steps that it wrote."""

    stood_at: Step
    stood_since: datetime
    stands_at: Step
    stands_since: datetime
    steps: list[int] = field(default_factory=list)
    isolation: Isolation | None = None

    @classmethod
    def none_of(cls, household: Household) -> "Move":
        """No move: `household` stands where it stood."""
        return cls(Step(household.step), household.step_at, Step(household.step), household.step_at)

    def then(self, later: "Move") -> "Move":
        """This move and `later` as one."""
        return Move(
            self.stood_at,
            self.stood_since,
            later.stands_at,
            later.stands_since,
            self.steps + later.steps,
            later.isolation or self.isolation,
        )


def note_tap(
    *,
    household: Household,
    kind: Tap.Kind,
    people: int,
    move: Move,
    documents: Iterable[Document] = (),
    tests: Iterable[CovidTest] = (),
    results: Iterable[CovidTest] = (),
    actor: Actor,
    at: datetime,
) -> Tap:
    """Keep what a deed wrote. Part of the deeds of reception, which have checked policy and locked the household."""
    return Tap.objects.create(
        household=household,
        kind=kind,
        people=people,
        done_at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        documents=[paper.pk for paper in documents],
        tests=[test.pk for test in tests],
        results=[test.pk for test in results],
        steps=move.steps,
        isolation=move.isolation,
        stood_at=move.stood_at,
        stood_since=move.stood_since,
        stands_at=move.stands_at,
        stands_since=move.stands_since,
    )


@transaction.atomic
def take_back(*, tap: Tap, actor: Actor, at: datetime) -> Household:
    """Undo what `tap` wrote: its papers, tests, results, steps and the isolation it began. The log keeps both deeds.

    Whoever did it may, and a coordinator, for `TAKE_BACK_FOR`. Raises NotAllowed, TooLateToTakeBack, SomethingFollowed.
    """
    policies.check_can_take_back(actor, tap)
    if at - tap.done_at > TAKE_BACK_FOR:
        raise TooLateToTakeBack()
    household = Household.objects.select_for_update(no_key=True).get(pk=tap.household_id)
    newest = Tap.objects.filter(household=household).standing().first()
    if newest is None or newest.pk != tap.pk or not _is_as_left(newest, household):
        raise SomethingFollowed()
    _erase(newest)
    Tap.objects.filter(pk=newest.pk).update(undone_at=at)
    Household.objects.filter(pk=household.pk).update(step=newest.stood_at, step_at=newest.stood_since)
    record(
        EventType.TAKEN_BACK,
        subject=household,
        actor=actor,
        at=at,
        household=household.uid,
        kind=newest.kind,
        people=newest.people,
    )
    household.refresh_from_db(fields=["step", "step_at"])
    return household


def _is_as_left(tap: Tap, household: Household) -> bool:
    """Whether everything that `tap` wrote is still as it was written, and the household where it was left."""
    tests = CovidTest.objects.filter(person__household=household)
    isolation = tap.isolation
    return (
        (household.step, household.step_at) == (tap.stands_at, tap.stands_since)
        and _all_there(Document.objects.filter(person__household=household, pk__in=tap.documents), tap.documents)
        and _all_there(tests.filter(result="", pk__in=tap.tests), tap.tests)
        and _all_there(tests.standing().exclude(result="").filter(pk__in=tap.results), tap.results)
        and _all_there(StepTaken.objects.filter(person__household=household, pk__in=tap.steps), tap.steps)
        and (isolation is None or (isolation.ended_at is None and not isolation.way))
    )


def _all_there(rows: models.QuerySet[Any], keys: list[int]) -> bool:
    return not keys or rows.count() == len(keys)


def _erase(tap: Tap) -> None:
    Document.objects.filter(pk__in=tap.documents).delete()
    CovidTest.objects.filter(pk__in=tap.tests).delete()
    CovidTest.objects.filter(pk__in=tap.results).update(result="", resulted_at=None)
    StepTaken.objects.filter(pk__in=tap.steps).delete()
    if tap.isolation is not None:
        tap.isolation.delete()
