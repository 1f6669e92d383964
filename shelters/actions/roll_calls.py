"""Calling the roll of a shelter: who was seen, and what it comes to."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.actions.kin import note_missing
from cases.models import Absence, Household, Person
from core.actors import Actor
from core.again import atomic_again
from shelters import policies
from shelters.actions.counts import note_count
from shelters.actions.outings import note_back, note_out
from shelters.errors import RollCallMoved, RollCallOver
from shelters.models import RollCall, RollCallMark, Shelter, Stay

Seen = RollCallMark.Seen
NAME_LENGTH = 80
# Whoever is out when the roll is called is expected back by then, unless somebody noted another hour.
BACK_WITHIN = timedelta(hours=12)


@atomic_again
def mark_guests(
    *, shelter: Shelter, seen: Mapping[int, RollCallMark.Seen], follows: UUID | None, actor: Actor, at: datetime
) -> RollCall:
    """Note in the roll call of `shelter` that is open, or in a new one, what was `seen` of guests, by the key of each.

    `follows` is the roll call before, as whoever calls knows it (`RollCallQuerySet.uid_before`): what is sent again after the roll call was
    finished begins no other. The last word counts; whoever sleeps there no more, or is not for `actor` to see, is left out. A roll
    call that grew old is put aside. Raises NotAllowed, RollCallMoved.
    """
    policies.check_can_run(actor, [shelter])
    roll_call = _going_on(shelter, follows, actor, at)
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


@atomic_again
def finish_roll_call(*, roll_call: RollCall, others: int = 0, actor: Actor, at: datetime) -> RollCall:
    """End `roll_call` with a count: those seen, and `others` who sleep there and stand on no list.

    From now on who was not seen counts as missing, who is out as expected back within twelve hours, and who was seen as
    back. Whom nobody called is none of these: they are lacking in the count. Raises NotAllowed, RollCallOver.
    """
    policies.check_can_run(actor, [roll_call.shelter])
    _end(roll_call, at)
    there = Stay.objects.open().filter(unit__shelter=roll_call.shelter)
    marks = roll_call.marks.filter(person__in=there.values("person"))
    seen = dict(marks.order_by("person_id").values_list("person_id", "seen"))
    _let_stand(roll_call, seen, actor, at)
    here = sum(1 for what in seen.values() if what == Seen.HERE)
    basis = Shelter.CountBasis.ROLL_CALL
    roll_call.count = note_count(shelter=roll_call.shelter, people=here + others, basis=basis, actor=actor, at=at)
    roll_call.save(update_fields=["count"])
    record(
        EventType.ROLL_CALL_FINISHED,
        subject=roll_call,
        actor=actor,
        at=at,
        shelter=roll_call.shelter_id,
        people=here + others,
        missing=sum(1 for what in seen.values() if what == Seen.MISSING),
    )
    return roll_call


def _let_stand(roll_call: RollCall, seen: Mapping[int, str], actor: Actor, at: datetime) -> None:
    """Let the absences of guests say what was `seen` of them: back, out for the night, or missing."""
    shelter = roll_call.shelter
    of_guests = Person.objects.filter(pk__in=list(seen)).values("household")
    list(Household.objects.select_for_update(no_key=True).filter(pk__in=of_guests).order_by("pk"))  # as all deeds do
    away = set(Absence.objects.open().filter(person__in=list(seen)).values_list("person_id", flat=True))
    back = [person for person, what in seen.items() if what == Seen.HERE and person in away]
    out = [person for person, what in seen.items() if what == Seen.OUT and person not in away]
    for household, people in _households(back):
        note_back(household=household, people=people, shelter=shelter, actor=actor, at=at)
    for household, people in _households(out):
        note_out(
            household=household,
            people=people,
            shelter=shelter,
            reason=Absence.Reason.OTHER,
            expected_at=at + BACK_WITHIN,
            actor=actor,
            at=at,
        )
    for household, people in _households([person for person, what in seen.items() if what == Seen.MISSING]):
        note_missing(household=household, people=people, actor=actor, at=at)


def _going_on(shelter: Shelter, follows: UUID | None, actor: Actor, at: datetime) -> RollCall:
    """The open roll call, or a new one; two devices that begin at once begin the same."""
    locked = Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    standing = RollCall.objects.open().filter(shelter=locked).first()
    going = None if standing is None or standing.is_old_at(at) else standing
    if RollCall.objects.filter(shelter=locked).uid_before(going) != follows:
        raise RollCallMoved()
    if going is not None:
        return going
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
