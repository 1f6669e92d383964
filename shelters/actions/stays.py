"""Giving places and taking them back: whole households, in one transaction each, with the database as judge.

Rows are locked in one order everywhere: units, beds, household, people, transfer, each by key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.actions.guests import host_at_with_deed
from cases.actions.steps import take_step_with_deed
from cases.models import Household, Person
from cases.states import Step, can_move
from core.actors import Actor
from core.again import atomic_again
from core.errors import naming_violations
from shelters import policies
from shelters.actions.calling_off import call_off_with_deed
from shelters.actions.following import show_to_host
from shelters.errors import (
    AlreadyGiven,
    AlreadyPlaced,
    AlreadyThere,
    CapacityUnknown,
    EndsBeforeItBegins,
    NobodyToPlace,
    OverCapacity,
    PlaceTaken,
    StayAlreadyEnded,
    WrongBed,
)
from shelters.fitting import check_unit, locked_unit, locked_units
from shelters.models import Bed, Destination, Hold, LeavingReason, Shelter, Stay, StayQuerySet, Unit

REFUSALS = {
    "shelters_stay_uid_key": AlreadyGiven,
    "shelters_stay_one_open_per_person": AlreadyPlaced,
    "shelters_stay_one_place_per_person": AlreadyPlaced,
    "shelters_stay_one_open_per_bed": PlaceTaken,
    "shelters_stay_one_guest_per_bed": PlaceTaken,
    "shelters_stay_bed_is_in_its_unit": WrongBed,
    "shelters_stay_fits_its_unit": OverCapacity,
    "shelters_stay_capacity_is_known": CapacityUnknown,
}
# Where the household stands once nobody of it sleeps with us any more, as far as that says it.
STANDS_AFTER = {Destination.HOME: Step.VOLUNTARY_RETURN, Destination.CITY: Step.MOVED}
# Who went there stands where they stood, their hearing is still ahead; but they wait for no place of ours.
HOUSES_THEM = (Destination.OWN, Destination.RELATIVES)


@atomic_again
def assign_place(
    *,
    household: Household,
    unit: Unit,
    people: Iterable[Person] | None = None,
    beds: Sequence[Bed] | None = None,
    over_capacity_reason: str = "",
    uid: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> list[Stay]:
    """Let `people` of `household` (all of them unless told) sleep in `unit` from `at` (aware, UTC): all of them or
    nobody.

    `beds` names one numbered bed for each of them, in the order of their keys; unless told, free beds are taken by
    label. `over_capacity_reason` counts only where places are short or unknown, and is kept with who gave it. `uid`, made by
    the caller, becomes that of the first stay, so that nothing is given twice under it. The household's hold is released, a transfer that
    was asked for is called off, and its shelter may see it from now on. Raises NotAllowed, NobodyToPlace, ShelterClosed, WrongUnit,
    WrongBed, AlreadyGiven, AlreadyPlaced, PlaceTaken, OverCapacity, CapacityUnknown.
    """
    policies.check_can_place(actor, household, unit.shelter)
    reason = policies.reason_to_go_over(actor, over_capacity_reason)
    stays = place_with_deed(
        household=household,
        unit=unit,
        people=people,
        beds=beds,
        over_capacity_reason=reason,
        uid=uid,
        actor=actor,
        at=at,
    )
    call_off_with_deed(household=household, actor=actor, at=at)
    return stays


@transaction.atomic
def place_with_deed(
    *,
    household: Household,
    unit: Unit,
    people: Iterable[Person] | None = None,
    beds: Sequence[Bed] | None = None,
    over_capacity_reason: str = "",
    uid: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> list[Stay]:
    """As `assign_place`, for a deed of this house that has checked its own policy: a transfer, a move, a plan."""
    unit = locked_unit(unit, at)
    chosen = _locked_beds(beds)
    locked = (
        Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city").get(pk=household.pk)
    )
    members = _locked_people(locked, people)
    check_unit(unit, locked, members, actor, at)
    reason = over_capacity_reason if _lacks_room(unit, locked, len(members), at) else ""
    if beds is None:
        chosen = list(unit.beds.exclude(stays__in=Stay.objects.open()).order_by("label", "pk")[: len(members)])
    elif len(chosen) != len(members):
        raise WrongBed()
    over = {"over_capacity_reason": reason, "over_capacity_by": actor.name[:80] if reason else ""}
    stays = _begin(members, chosen, uid, household=locked, unit=unit, begins_at=at, **over)
    Hold.objects.filter(household=locked, released_at__isnull=True, transfer__isnull=True).update(released_at=at)
    record(
        EventType.STAY_BEGUN,
        subject=locked,
        actor=actor,
        at=at,
        household=locked.uid,
        shelter=unit.shelter_id,
        unit=unit.pk,
        stays=[stay.pk for stay in stays],
        people=len(stays),
        over=bool(reason),
    )
    host_at_with_deed(household=locked, site=unit.shelter.site, actor=actor, at=at)
    take_step_with_deed(household=locked, step=Step.PLACED, people=members, actor=actor, at=at)
    household.refresh_from_db(fields=["guest_site", "step", "step_at"])
    return stays


@atomic_again
def end_stays(
    *,
    household: Household,
    people: Iterable[Person] | None = None,
    shelter: Shelter | None = None,
    stays: Sequence[int] | None = None,
    reason: LeavingReason,
    destination: Destination | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """End the open stays of `household` at `at` (aware, UTC, exclusive); returns how many.

    Those of `people`, in `shelter` or of the keys `stays` only, when told; `destination` is where they said that they go. Once nobody
    of it sleeps there any more, the shelter sees the household no longer and a transfer that was asked for is called off; who is
    lost, went home or to another city then stands so; who went to a place of their own or to relatives waits for none of ours.
    Raises NotAllowed, StayAlreadyEnded, EndsBeforeItBegins.
    """
    standing = Stay.objects.open().filter(household=household)
    if people is not None:
        standing = standing.filter(person__in=people)
    if shelter is not None:
        standing = standing.filter(unit__shelter=shelter)
    if stays is not None:
        standing = standing.filter(pk__in=stays)
    units = locked_units(standing.values_list("unit_id", flat=True))
    policies.check_can_run(actor, [unit.shelter for unit in units])
    ended = end_with_deed(
        household=household,
        standing=standing.filter(unit__in=units),
        reason=reason,
        destination=destination,
        actor=actor,
        at=at,
    )
    show_to_host(household=household, actor=actor, at=at)
    if not Stay.objects.open().filter(household=household).exists():
        call_off_with_deed(household=household, actor=actor, at=at)
        _stand_after(household, reason, destination, actor, at)
    return ended


def end_stay(*, stay: Stay, reason: LeavingReason, actor: Actor, at: datetime) -> Stay:
    """End one person's `stay` at `at` (aware, UTC, exclusive), freeing the place. Refuses as `end_stays` does."""
    if stay.ends_at is not None:
        raise StayAlreadyEnded()
    end_stays(household=stay.household, people=[stay.person], reason=reason, actor=actor, at=at)
    stay.refresh_from_db()
    return stay


@transaction.atomic
def end_with_deed(
    *,
    household: Household,
    standing: StayQuerySet,
    reason: LeavingReason,
    destination: Destination | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """End the `standing` stays of `household`, for a deed that checked its own policy, locked their units and hosts it anew after."""
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    stays = list(standing.select_related("unit").order_by("person_id"))
    if not stays:
        raise StayAlreadyEnded()
    with naming_violations({"shelters_stay_ends_after_it_begins": EndsBeforeItBegins}):
        Stay.objects.filter(pk__in=[stay.pk for stay in stays]).update(
            ends_at=at, leaving_reason=reason, destination=destination or ""
        )
    record(
        EventType.STAY_ENDED,
        subject=locked,
        actor=actor,
        at=at,
        household=locked.uid,
        shelter=stays[0].unit.shelter_id,
        stays=[stay.pk for stay in stays],
        people=len(stays),
        reason=str(reason),
        destination=str(destination or ""),
    )
    return len(stays)


@atomic_again
def move_household(
    *,
    household: Household,
    unit: Unit,
    reason: LeavingReason,
    over_capacity_reason: str = "",
    actor: Actor,
    at: datetime,
) -> list[Stay]:
    """Let all of `household` who sleep somewhere sleep in `unit` instead, from `at` on: one deed, or nothing.

    Going to another shelter calls a transfer off. Raises NotAllowed, StayAlreadyEnded (they sleep nowhere), AlreadyThere,
    EndsBeforeItBegins and what `assign_place` refuses.
    """
    standing = Stay.objects.open().filter(household=household)
    units = locked_units({*standing.values_list("unit_id", flat=True), unit.pk})
    # Read after the lock: who left while this waited is not brought back.
    sleeping = list(standing.filter(unit__in=units).select_related("person"))
    here = {stay.unit_id for stay in sleeping}
    if here == {unit.pk}:
        raise AlreadyThere()
    origins = {each.shelter for each in units if each.pk in here}
    policies.check_can_move(actor, household, origins, unit.shelter)
    over = policies.reason_to_go_over(actor, over_capacity_reason)
    end_with_deed(household=household, standing=standing.filter(unit__in=units), reason=reason, actor=actor, at=at)
    stays = place_with_deed(
        household=household,
        unit=unit,
        people=[stay.person for stay in sleeping],
        over_capacity_reason=over,
        actor=actor,
        at=at,
    )
    if unit.shelter not in origins:
        call_off_with_deed(household=household, actor=actor, at=at)
    return stays


def _stand_after(
    household: Household, reason: LeavingReason, destination: Destination | None, actor: Actor, at: datetime
) -> None:
    """Let `household`, of whom nobody sleeps with us any more, stand where its leaving says."""
    step = Step.LOST_CONTACT if reason == LeavingReason.LOST else STANDS_AFTER.get(destination) if destination else None
    if step and can_move(Step(household.step), step):
        take_step_with_deed(household=household, step=step, actor=actor, at=at)
    if destination in HOUSES_THEM:
        host_at_with_deed(household=household, site=None, houses_itself=True, actor=actor, at=at)


def _locked_beds(beds: Sequence[Bed] | None) -> list[Bed]:
    """The beds named, locked in the order of their keys and returned in the order in which they were named."""
    if not beds:
        return []
    found = {
        bed.pk: bed
        for bed in Bed.objects.select_for_update(no_key=True).filter(pk__in=[b.pk for b in beds]).order_by("pk")
    }
    return [found[bed.pk] for bed in beds]


def _locked_people(household: Household, people: Iterable[Person] | None) -> list[Person]:
    members = Person.objects.select_for_update(no_key=True).filter(household=household)
    if people is not None:
        members = members.filter(pk__in=[person.pk for person in people])
    locked = list(members.order_by("pk"))
    if not locked:
        raise NobodyToPlace()
    return locked


def _begin(people: Sequence[Person], beds: Sequence[Bed], uid: UUID | None, **shared: Any) -> list[Stay]:
    """Write the stays of `people`, the first under `uid`, each in a bed as long as there are `beds`; the constraints judge them."""
    stays = [
        Stay(
            uid=uid if uid and place == 0 else uuid4(),
            person=person,
            bed=beds[place] if place < len(beds) else None,
            **shared,
        )
        for place, person in enumerate(people)
    ]
    with naming_violations(REFUSALS):
        return Stay.objects.bulk_create(stays)


def _lacks_room(unit: Unit, household: Household, people: int, at: datetime) -> bool:
    """Whether `people` do not fit into what is left, the household's own hold aside.

    The trigger asks again when they are written.
    """
    own = sum(Hold.objects.standing_at(at).filter(unit=unit, household=household).values_list("places", flat=True))
    if unit.capacity_places is None:
        return True
    return unit.capacity_places - unit.people_in - unit.places_held + own - unit.places_blocked < people
