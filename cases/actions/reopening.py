"""A closed case that opens again, and where a household stands once somebody decided about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Arrival, Household
from cases.standing import standing_of
from cases.states import CLOSED, Reopening, Step, can_move
from core.actors import Actor
from core.errors import DomainError

# What a hearing may come to, and what a later word may turn out to be wrong about.
DECIDED = CLOSED | {Step.INTERVIEW_PENDING, Step.NO_SHOW, Step.LOST_CONTACT}
REOPENABLE = CLOSED | {Step.LOST_CONTACT}


class CaseIsOpen(DomainError):
    """Only what is closed opens again."""

    code = "case_is_open"
    message = _("This case is open already. Look at what was noted last.")


@transaction.atomic
def reopen_case(*, household: Household, reason: Reopening | str, actor: Actor, at: datetime) -> Household:
    """Open the closed case of `household` again at `at`: it stands where its people stood at reception, and its dates ahead count.

    Closed cases reopen: in June 2021 people whose cases had been terminated, or who had been ordered removed in absentia, were let back
    in. Raises NotAllowed, CaseIsOpen.
    """
    policies.check_can_reopen(actor, household)
    locked = _locked(household)
    if locked.step not in REOPENABLE:
        raise CaseIsOpen()
    before = locked.step
    _stand(locked, _at_reception(locked), at)
    record(
        EventType.CASE_REOPENED,
        subject=locked,
        actor=actor,
        at=at,
        household=locked.uid,
        reason=str(reason),
        stood_at=before,
        stands_at=locked.step,
    )
    household.refresh_from_db(fields=["step", "step_at"])
    return household


def stand_at_with_deed(*, household: Household, step: Step | None, actor: Actor, at: datetime) -> None:
    """Let `household`, locked, stand at `step`; without one it stands at reception again where something had been decided.

    Part of a deed that checked its own policy. A move that cannot be, such as from a death, is not made.
    """
    standing = Step(household.step)
    now_at = step or (_at_reception(household) if standing in DECIDED else standing)
    if now_at == standing or not can_move(standing, now_at):
        return
    _stand(household, now_at, at)
    record(
        EventType.STEP_TAKEN,
        subject=household,
        actor=actor,
        at=at,
        household=household.uid,
        step=now_at,
        people=household.people.count(),
        stands_at=now_at,
        follows="outcome",
    )


def _locked(household: Household) -> Household:
    return (
        Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city").get(pk=household.pk)
    )


def _stand(household: Household, step: Step, at: datetime) -> None:
    Household.objects.filter(pk=household.pk).update(step=step, step_at=at)
    household.step, household.step_at = step, at


def _at_reception(household: Household) -> Step:
    """Where the steps since its last arrival say; at the bridge where none is noted. A death noted by mistake begins there too."""
    arrival = Arrival.objects.of(household).order_by("occurred_at", "pk").last()
    if arrival is None or household.step == Step.DECEASED:
        return Step.RECEIVED
    return standing_of(household, list(household.people.all()), arrival)
