"""Guests who are out for a time, who come back, and with whom contact is lost. Their places stay theirs until somebody decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from cases.actions.absences import come_back_with_deed, go_out_with_deed, lose_contact_with_deed
from cases.models import Absence, Household, Person
from core.actors import Actor
from core.again import atomic_again
from shelters import policies
from shelters.errors import BackBeforeNow, NobodyToPlace
from shelters.models import Shelter, Stay

LONGEST_OUTING = timedelta(days=7)
# Contact counts as lost so long after they should have been back, or after somebody was missed.
LOST_AFTER_EXPECTED = timedelta(hours=24)
LOST_AFTER_MISSED = timedelta(hours=48)


@atomic_again
def note_out(
    *,
    household: Household,
    people: Sequence[Person],
    shelter: Shelter,
    reason: Absence.Reason,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
) -> int:
    """Note that `people` of `household`, who sleep in `shelter`, are out until `expected_at` (aware, within a week); returns how many.

    Their places stay theirs. Raises NotAllowed, NobodyToPlace, BackBeforeNow.
    """
    policies.check_can_run(actor, [shelter])
    if not at < expected_at <= at + LONGEST_OUTING:
        raise BackBeforeNow()
    locked, guests = _guests(household, people, shelter)
    return go_out_with_deed(household=locked, people=guests, reason=reason, expected_at=expected_at, actor=actor, at=at)


@atomic_again
def note_back(*, household: Household, people: Sequence[Person], shelter: Shelter, actor: Actor, at: datetime) -> int:
    """Note that `people` of `household`, who sleep in `shelter`, are back; returns how many were out or missing.

    Raises NotAllowed, NobodyToPlace.
    """
    policies.check_can_run(actor, [shelter])
    locked, guests = _guests(household, people, shelter)
    return come_back_with_deed(household=locked, people=guests, actor=actor, at=at)


def lose_contact_of_overdue(*, actor: Actor, at: datetime) -> int:
    """Note that contact with guests who should long be back counts as lost; returns how many. Safe to do twice and at once."""
    sleeps = Stay.objects.open().filter(person=OuterRef("person"))
    overdue = Q(expected_at__lte=at - LOST_AFTER_EXPECTED) | Q(
        expected_at__isnull=True, noted_at__lte=at - LOST_AFTER_MISSED
    )
    waiting = Absence.objects.visible_to(actor).open().filter(overdue, Exists(sleeps), lost_at=None)
    by_household = waiting.select_related("person__household").order_by("person__household_id", "pk")
    lost = 0
    for household, absences in groupby(by_household, key=lambda absence: absence.person.household):
        lost += lose_contact_with_deed(household=household, absences=list(absences), actor=actor, at=at)
    return lost


def _guests(household: Household, people: Sequence[Person], shelter: Shelter) -> tuple[Household, list[Person]]:
    """The household, locked, and those of `people` who sleep in `shelter`."""
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    stays = Stay.objects.open().filter(household=locked, unit__shelter=shelter, person__in=list(people))
    guests = [stay.person for stay in stays.select_related("person")]
    if not guests:
        raise NobodyToPlace()
    return locked, guests
