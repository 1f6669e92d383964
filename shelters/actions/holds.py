"""Keeping places for a household that is on its way."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Household
from core.actors import Actor
from core.errors import naming_violations
from shelters import policies
from shelters.errors import AlreadyPlaced, CapacityUnknown, HoldOver, OverCapacity
from shelters.fitting import check_unit, locked_unit
from shelters.models import Hold, Stay, Unit


@transaction.atomic
def hold_places(
    *, household: Household, unit: Unit, expires_at: datetime, places: int | None = None, actor: Actor, at: datetime
) -> Hold:
    """Keep `places` of `unit` (one for each person unless told) for `household` from `at` until `expires_at`, both
    aware.

    A household has one hold: an earlier one is released. What could never be given is not held. Raises NotAllowed, AlreadyPlaced,
    ShelterClosed, WrongUnit, OverCapacity, CapacityUnknown.
    """
    policies.check_can_place(actor, household, unit.shelter)
    unit = locked_unit(unit, at)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if Stay.objects.open().filter(household=household).exists():
        raise AlreadyPlaced()
    check_unit(unit, household, list(household.people.all()), at)
    Hold.objects.filter(household=household, released_at__isnull=True).update(released_at=at)
    with naming_violations(
        {"shelters_hold_fits_its_unit": OverCapacity, "shelters_hold_capacity_is_known": CapacityUnknown}
    ):
        hold = Hold.objects.create(
            unit=unit,
            household=household,
            places=household.people.count() if places is None else places,
            begins_at=at,
            expires_at=expires_at,
        )
    record(
        EventType.HOLD_MADE,
        subject=hold,
        actor=actor,
        at=at,
        household=household.uid,
        shelter=unit.shelter_id,
        unit=unit.pk,
        places=hold.places,
    )
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, actor: Actor, at: datetime) -> Hold:
    """Give the places of `hold` back. Raises NotAllowed, HoldOver."""
    policies.check_can_place(actor, hold.household, hold.unit.shelter)
    if not Hold.objects.standing_at(at).filter(pk=hold.pk).update(released_at=at):
        raise HoldOver()
    hold.released_at = at
    record(
        EventType.HOLD_RELEASED,
        subject=hold,
        actor=actor,
        at=at,
        household=hold.household.uid,
        shelter=hold.unit.shelter_id,
        unit=hold.unit_id,
        places=hold.places,
    )
    return hold
