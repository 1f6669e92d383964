"""Being out for a time, and contact that is lost; for deeds of rooms above, which know where people sleep and check who may say it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Absence, Household, Person
from core.actors import Actor


@transaction.atomic
def go_out_with_deed(
    *,
    household: Household,
    people: Sequence[Person],
    reason: Absence.Reason,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
) -> int:
    """Note that `people` of `household`, locked, are out until `expected_at`; of somebody missing it is known from now on.

    Returns how many.
    """
    keys = [person.pk for person in people if person.household_id == household.pk]
    known = Absence.objects.open().filter(person__in=keys)
    there = set(known.values_list("person_id", flat=True))
    known.update(reason=reason, expected_at=expected_at, noted_at=at, noted_by=actor.id, lost_at=None)
    Absence.objects.bulk_create(
        Absence(person_id=key, noted_at=at, noted_by=actor.id, reason=reason, expected_at=expected_at)
        for key in keys
        if key not in there
    )
    if keys:
        record(
            EventType.PERSON_OUT,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            people=len(keys),
            reason=str(reason),
            until=expected_at.isoformat(),
        )
    return len(keys)


@transaction.atomic
def come_back_with_deed(*, household: Household, people: Sequence[Person], actor: Actor, at: datetime) -> int:
    """Note that `people` of `household` are back, whether out or missing; returns how many were."""
    found = Absence.objects.open().filter(person__in=[person.pk for person in people], person__household=household)
    back = found.update(found_at=at, found_by=actor.id)
    if back:
        record(EventType.PERSON_FOUND, subject=household, actor=actor, at=at, household=household.uid, people=back)
    return back


@transaction.atomic
def lose_contact_with_deed(*, household: Household, absences: Sequence[Absence], actor: Actor, at: datetime) -> int:
    """Note, once, that contact with those of `absences` counts as lost; returns how many that was news of."""
    lost = Absence.objects.open().filter(pk__in=[absence.pk for absence in absences], lost_at=None).update(lost_at=at)
    if lost:
        record(EventType.CONTACT_LOST, subject=household, actor=actor, at=at, household=household.uid, people=lost)
    return lost
