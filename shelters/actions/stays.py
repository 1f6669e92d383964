"""Giving places and taking them back: whole households, in one transaction each, with the database as judge.

Rows are locked in one order everywhere: units, beds, household, people, each by key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.actions.guests import host_at
from cases.actions.steps import take_step_with_deed
from cases.models import Household, Person
from cases.states import Step
from core.actors import Actor
from core.errors import naming_violations
from shelters import policies
from shelters.errors import (
    AlreadyPlaced,
    CapacityUnknown,
    EndsBeforeItBegins,
    NobodyToPlace,
    OverCapacity,
    PlaceTaken,
    StayAlreadyEnded,
    WrongBed,
)
from shelters.fitting import check_unit, locked_unit
from shelters.models import Bed, Hold, LeavingReason, Shelter, Stay, Unit

REFUSALS = {
    "shelters_stay_one_open_per_person": AlreadyPlaced,
    "shelters_stay_one_place_per_person": AlreadyPlaced,
    "shelters_stay_one_open_per_bed": PlaceTaken,
    "shelters_stay_one_guest_per_bed": PlaceTaken,
    "shelters_stay_bed_is_in_its_unit": WrongBed,
    "shelters_stay_fits_its_unit": OverCapacity,
    "shelters_stay_capacity_is_known": CapacityUnknown,
}


@transaction.atomic
def assign_place(
    *,
    household: Household,
    unit: Unit,
    people: Iterable[Person] | None = None,
    beds: Sequence[Bed] | None = None,
    over_capacity_reason: str = "",
    actor: Actor,
    at: datetime,
) -> list[Stay]:
    """Let `people` of `household` (all of them unless told) sleep in `unit` from `at` (aware, UTC): all of them or
    nobody.

    `beds` names one numbered bed for each of them, in the order of their keys; unless told, free beds are taken by
    label. `over_capacity_reason` counts only where places are short or unknown, and is kept with who gave it. The
    household's hold is released and its shelter may see it from now on. Raises NotAllowed, NobodyToPlace,
    ShelterClosed, WrongUnit, WrongBed, AlreadyPlaced, PlaceTaken, OverCapacity, CapacityUnknown.
    """
    policies.check_can_place(actor, household, unit.shelter)
    reason = over_capacity_reason.strip() if any(each.isalnum() for each in over_capacity_reason) else ""
    if reason:
        policies.check_can_go_over(actor)
    unit = locked_unit(unit, at)
    chosen = _locked_beds(beds)
    locked = (
        Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city").get(pk=household.pk)
    )
    members = _locked_people(locked, people)
    check_unit(unit, locked, members, at)
    is_over = _lacks_room(unit, locked, len(members), at)
    if beds is None:
        chosen = list(unit.beds.exclude(stays__in=Stay.objects.open()).order_by("label", "pk")[: len(members)])
    elif len(chosen) != len(members):
        raise WrongBed()
    stays = [
        Stay(
            person=person,
            household=locked,
            unit=unit,
            bed=chosen[place] if place < len(chosen) else None,
            begins_at=at,
            over_capacity_reason=reason if is_over else "",
            over_capacity_by=actor.name[:80] if is_over and reason else "",
        )
        for place, person in enumerate(members)
    ]
    with naming_violations(REFUSALS):
        Stay.objects.bulk_create(stays)
    Hold.objects.filter(household=locked, released_at__isnull=True).update(released_at=at)
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
        over=bool(is_over and reason),
    )
    host_at(household=locked, site=unit.shelter.site, actor=actor, at=at)
    take_step_with_deed(household=locked, step=Step.PLACED, people=members, actor=actor, at=at)
    household.refresh_from_db(fields=["guest_site", "step", "step_at"])
    return stays


@transaction.atomic
def end_stays(
    *,
    household: Household,
    people: Iterable[Person] | None = None,
    shelter: Shelter | None = None,
    reason: LeavingReason,
    actor: Actor,
    at: datetime,
) -> int:
    """End the open stays of `household` at `at` (aware, UTC, exclusive); returns how many.

    Those of `people` or in `shelter` only, when told.

    Once nobody of it sleeps there any more, the shelter sees the household no longer. Raises NotAllowed,
    StayAlreadyEnded, EndsBeforeItBegins.
    """
    standing = Stay.objects.open().filter(household=household)
    if people is not None:
        standing = standing.filter(person__in=people)
    if shelter is not None:
        standing = standing.filter(unit__shelter=shelter)
    units = set(standing.values_list("unit_id", flat=True))
    locked_units = list(
        Unit.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=units)
        .select_related("shelter__site")
        .order_by("pk")
    )
    policies.check_can_run(actor, [unit.shelter for unit in locked_units])
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    stays = list(standing.filter(unit__in=locked_units).order_by("person_id"))
    if not stays:
        raise StayAlreadyEnded()
    with naming_violations({"shelters_stay_ends_after_it_begins": EndsBeforeItBegins}):
        Stay.objects.filter(pk__in=[stay.pk for stay in stays]).update(ends_at=at, leaving_reason=reason)
    record(
        EventType.STAY_ENDED,
        subject=locked,
        actor=actor,
        at=at,
        household=locked.uid,
        shelter=locked_units[0].shelter_id,
        stays=[stay.pk for stay in stays],
        people=len(stays),
        reason=str(reason),
    )
    remaining = Stay.objects.open().filter(household=locked).select_related("unit__shelter__site").first()
    host_at(household=locked, site=remaining.unit.shelter.site if remaining else None, actor=actor, at=at)
    household.refresh_from_db(fields=["guest_site"])
    return len(stays)


def end_stay(*, stay: Stay, reason: LeavingReason, actor: Actor, at: datetime) -> Stay:
    """End one person's `stay` at `at` (aware, UTC, exclusive), freeing the place. Refuses as `end_stays` does."""
    if stay.ends_at is not None:
        raise StayAlreadyEnded()
    end_stays(household=stay.household, people=[stay.person], reason=reason, actor=actor, at=at)
    stay.refresh_from_db()
    return stay


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


def _lacks_room(unit: Unit, household: Household, people: int, at: datetime) -> bool:
    """Whether `people` do not fit into what is left, the household's own hold aside.

    The trigger asks again when they are written.
    """
    own = sum(Hold.objects.standing_at(at).filter(unit=unit, household=household).values_list("places", flat=True))
    if unit.capacity_places is None:
        return True
    return unit.capacity_places - unit.people_in - unit.places_held + own - unit.places_blocked < people
