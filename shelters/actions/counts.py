"""How many were counted in a shelter, beside what the stays say; settling a difference; asking who has not counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from places.zones import local
from shelters import policies
from shelters.errors import CountAlreadySettled
from shelters.freshness import ASK_FROM_HOUR, OLD_AFTER
from shelters.models import Count, CountRequest, Shelter, Stay

Basis = Shelter.CountBasis
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class _Told:
    """What the stays of a shelter say: how many sleep there, and how many of them are not in the house: out, or not seen."""

    stays: int
    away: int


@transaction.atomic
def note_count(*, shelter: Shelter, people: int, basis: Shelter.CountBasis, actor: Actor, at: datetime) -> Count:
    """Note that `people` were found in `shelter` at `at` (aware, UTC), those who are out not counted.

    A count that agrees with the stays is settled at once; one that differs stays unsettled and takes the place of an
    earlier one. A count older than the newest is kept and changes nothing else. Raises NotAllowed.
    """
    policies.check_can_run(actor, [shelter])
    locked = Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    return _note(locked, _told(locked), people=people, basis=basis, actor=actor, at=at)


@transaction.atomic
def confirm_count(*, shelter: Shelter, stays: int | None = None, actor: Actor, at: datetime) -> Shelter:
    """Note that the open stays are who sleeps in `shelter` at `at`: the age of its figure starts anew.

    `stays` is the number that whoever confirms had in sight; where others came or left since, the difference shows.
    Raises NotAllowed.
    """
    policies.check_can_run(actor, [shelter])
    locked = Shelter.objects.select_for_update(no_key=True).get(pk=shelter.pk)
    told = _told(locked)
    people = max(0, (told.stays if stays is None else stays) - told.away)
    _note(locked, told, people=people, basis=Basis.CONFIRMED, actor=actor, at=at)
    shelter.refresh_from_db(fields=["counted_at", "counted_basis", "count_off"])
    return shelter


@transaction.atomic
def settle_count(*, count: Count, how: Count.How, note: str = "", actor: Actor, at: datetime) -> Count:
    """Say why `count` differed from the stays. Raises NotAllowed, CountAlreadySettled."""
    policies.check_can_run(actor, [count.shelter])
    Shelter.objects.select_for_update(no_key=True).get(pk=count.shelter_id)
    count.refresh_from_db()
    if count.settled_at is not None:
        raise CountAlreadySettled()
    count.settled_at, count.settled_how, count.settled_by, count.note = at, how, actor.name[:NAME_LENGTH], note
    count.save(update_fields=["settled_at", "settled_how", "settled_by", "note"])
    Shelter.objects.filter(pk=count.shelter_id).update(count_off=0)
    record(
        EventType.COUNT_SETTLED,
        subject=count,
        actor=actor,
        at=at,
        shelter=count.shelter_id,
        how=str(how),
        difference=count.difference,
    )
    return count


@transaction.atomic
def ask_to_count(*, actor: Actor, at: datetime) -> int:
    """Ask each open shelter with guests or places, whose count is old at `at`, for a new one; returns how many were asked.

    Once a day of the shelter's calendar, from eight in the morning. Safe to run twice and at once.
    """
    asked = 0
    for shelter in _silent(Shelter.objects.visible_to(actor).open_at(at).select_related("site__city"), at):
        wall = local(at, shelter.site.city.zone)
        if wall.hour < ASK_FROM_HOUR:
            continue
        _, is_new = CountRequest.objects.get_or_create(shelter=shelter, asked_on=wall.date(), defaults={"asked_at": at})
        if is_new:
            asked += 1
            record(EventType.COUNT_ASKED, subject=shelter, actor=actor, at=at, on=wall.date().isoformat())
    return asked


def _silent(shelters: Iterable[Shelter], at: datetime) -> Iterable[Shelter]:
    """Those whose last count is old at `at`, or who never counted."""
    return (one for one in shelters if one.counted_at is None or at - one.counted_at > OLD_AFTER)


def _told(shelter: Shelter) -> _Told:
    there = Stay.objects.open().filter(unit__shelter=shelter)
    return _Told(there.count(), there.away().count() + there.unseen().count())


def _note(shelter: Shelter, told: _Told, *, people: int, basis: Basis, actor: Actor, at: datetime) -> Count:
    """Write the count of a locked `shelter`."""
    is_newest = shelter.counted_at is None or at >= shelter.counted_at
    name = actor.name[:NAME_LENGTH]
    count = Count(shelter=shelter, basis=basis, people=people, stays=told.stays, away=told.away, counted_at=at, by=name)
    if count.difference == 0 or not is_newest:
        how = Count.How.COUNTED_AGAIN if count.difference else Count.How.AGREES
        count.settled_at, count.settled_how, count.settled_by = at, how, name
    if is_newest:
        again = {"settled_at": at, "settled_how": Count.How.COUNTED_AGAIN, "settled_by": name}
        Count.objects.unsettled().filter(shelter=shelter).update(**again)
        Shelter.objects.filter(pk=shelter.pk).update(counted_at=at, counted_basis=basis, count_off=count.difference)
    count.save(force_insert=True)
    record(
        EventType.COUNT_CONFIRMED if basis == Basis.CONFIRMED else EventType.COUNT_NOTED,
        subject=shelter,
        actor=actor,
        at=at,
        people=people,
        stays=told.stays,
        away=told.away,
        basis=str(basis),
    )
    return count
