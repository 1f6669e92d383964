"""Calling the roll of a shelter: who was seen, and what it comes to."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.actions.kin import note_found, note_missing
from cases.models import Absence, Household, Person
from core.actors import Actor
from shelters import policies
from shelters.actions.counts import note_count
from shelters.errors import RollCallOver
from shelters.models import RollCall, RollCallMark, Shelter, Stay

Seen = RollCallMark.Seen
NAME_LENGTH = 80


@transaction.atomic
def mark_guests(*, shelter: Shelter, seen: Mapping[int, RollCallMark.Seen], actor: Actor, at: datetime) -> RollCall:
    """Note in the roll call of `shelter` that is open, or in a new one, what was `seen` of guests, by the key of each.

    The last word counts; whoever sleeps there no more, or is not for `actor` to see, is left out. A roll call that grew
    old is put aside. Raises NotAllowed.
    """
    policies.check_can_run(actor, [shelter])
    roll_call = _going_on(shelter, actor, at)
    guests = Stay.objects.open().filter(unit__shelter=shelter, person__in=list(seen)).visible_to(actor)
    RollCallMark.objects.bulk_create(
        [
            RollCallMark(
                roll_call=roll_call,
                person_id=person,
                seen=seen[person],
                marked_at=at,
                marked_by=actor.name[:NAME_LENGTH],
            )
            for person in guests.order_by("person_id").values_list("person_id", flat=True)
        ],
        update_conflicts=True,
        unique_fields=["roll_call", "person"],
        update_fields=["seen", "marked_at", "marked_by"],
    )
    return roll_call


@transaction.atomic
def drop_roll_call(*, roll_call: RollCall, actor: Actor, at: datetime) -> RollCall:
    """Put `roll_call` aside: it comes to no count. Raises NotAllowed, RollCallOver."""
    policies.check_can_run(actor, [roll_call.shelter])
    _end(roll_call, at)
    record(EventType.ROLL_CALL_DROPPED, subject=roll_call, actor=actor, at=at, shelter=roll_call.shelter_id)
    return roll_call


@transaction.atomic
def finish_roll_call(*, roll_call: RollCall, others: int = 0, actor: Actor, at: datetime) -> RollCall:
    """End `roll_call` with a count: those seen, and `others` who sleep there and stand on no list.

    Who was not seen counts as not with the family from now on, and who was missing and was seen as back. Whom nobody
    called is neither: they are lacking in the count. Raises NotAllowed, RollCallOver.
    """
    policies.check_can_run(actor, [roll_call.shelter])
    _end(roll_call, at)
    there = Stay.objects.open().filter(unit__shelter=roll_call.shelter)
    marks = dict(roll_call.marks.filter(person__in=there.values("person")).values_list("person_id", "seen"))
    here = [person for person, seen in marks.items() if seen == Seen.HERE]
    lost = [person for person, seen in marks.items() if seen == Seen.MISSING]
    back = Absence.objects.open().filter(person__in=here).values_list("person_id", flat=True)
    for household, people in _households(list(back)):
        note_found(household=household, people=people, actor=actor, at=at)
    for household, people in _households(lost):
        note_missing(household=household, people=people, actor=actor, at=at)
    basis = Shelter.CountBasis.ROLL_CALL
    roll_call.count = note_count(shelter=roll_call.shelter, people=len(here) + others, basis=basis, actor=actor, at=at)
    roll_call.save(update_fields=["count"])
    record(
        EventType.ROLL_CALL_FINISHED,
        subject=roll_call,
        actor=actor,
        at=at,
        shelter=roll_call.shelter_id,
        people=len(here) + others,
        missing=len(lost),
    )
    return roll_call


def _going_on(shelter: Shelter, actor: Actor, at: datetime) -> RollCall:
    """The open roll call, or a new one; two devices that begin at once begin the same."""
    locked = Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    standing = RollCall.objects.open().filter(shelter=locked).first()
    if standing is not None and not standing.is_old_at(at):
        return standing
    if standing is not None:
        drop_roll_call(roll_call=standing, actor=actor, at=at)
    begun = RollCall.objects.create(shelter=locked, begun_at=at, begun_by=actor.name[:NAME_LENGTH])
    record(EventType.ROLL_CALL_BEGUN, subject=begun, actor=actor, at=at, shelter=locked.pk)
    return begun


def _end(roll_call: RollCall, at: datetime) -> None:
    """Close it, once. Raises RollCallOver."""
    if not RollCall.objects.open().filter(pk=roll_call.pk).update(ended_at=at):
        raise RollCallOver()
    roll_call.refresh_from_db(fields=["ended_at"])


def _households(people: list[int]) -> Iterable[tuple[Household, list[Person]]]:
    """`people` by household, in the order of their keys: rows are locked in one order."""
    found: dict[Household, list[Person]] = {}
    for person in Person.objects.filter(pk__in=people).select_related("household").order_by("household_id", "pk"):
        found.setdefault(person.household, []).append(person)
    return found.items()
