"""Keeping places for those who are on their way: households, and people who stand on a list and have no file yet."""

import re
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Household
from core.actors import Actor
from core.again import atomic_again
from core.errors import naming_violations
from shelters import policies
from shelters.actions.calling_off import call_off_with_deed
from shelters.actions.following import show_to_host
from shelters.actions.stays import place_with_deed
from shelters.errors import (
    AlreadyHeld,
    AlreadyPlaced,
    CapacityUnknown,
    HeldForTransfer,
    HeldTooLong,
    HoldOver,
    NotANumber,
    OverCapacity,
    ShelterClosed,
    TooFewToKeep,
    TooManyForTheHold,
)
from shelters.fitting import check_unit, locked_unit
from shelters.models import Hold, Shelter, Stay, Unit
from shelters.rules import HOLD_AT_MOST, HOLD_FOR, HOLD_RENEWALS, LABEL

REFUSALS = {
    "shelters_hold_fits_its_unit": OverCapacity,
    "shelters_hold_capacity_is_known": CapacityUnknown,
    "shelters_hold_not_for_ever": HeldTooLong,
    "shelters_hold_one_standing_per_number": AlreadyHeld,
}


@atomic_again
def hold_places(
    *, household: Household, unit: Unit, expires_at: datetime, places: int | None = None, actor: Actor, at: datetime
) -> Hold:
    """Keep `places` of `unit` (one for each person unless told) for `household` from `at` until `expires_at`, both
    aware.

    A household has one hold: an earlier one is released, and a transfer called off. What could never be given is not held. Raises
    NotAllowed, AlreadyPlaced, ShelterClosed, WrongUnit, OverCapacity, CapacityUnknown, HeldTooLong.
    """
    policies.check_can_place(actor, household, unit.shelter)
    unit = locked_unit(unit, at)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if Stay.objects.open().filter(household=household).exists():
        raise AlreadyPlaced()
    check_unit(unit, household, list(household.people.all()), actor, at)
    if call_off_with_deed(household=household, actor=actor, at=at):
        show_to_host(household=household, actor=actor, at=at)
    Hold.objects.filter(household=household, released_at__isnull=True).update(released_at=at)
    with naming_violations(REFUSALS):
        hold = Hold.objects.create(
            unit=unit,
            household=household,
            places=household.people.count() if places is None else places,
            begins_at=at,
            expires_at=_not_beyond_closing(unit, expires_at),
        )
    _record(EventType.HOLD_MADE, hold, actor, at)
    return hold


@atomic_again
def hold_under_number(*, unit: Unit, label: str, places: int, expires_at: datetime, actor: Actor, at: datetime) -> Hold:
    """Keep `places` of `unit` for people without a file, who stand under `label`: the number of a list or line, never a name.

    Raises NotAllowed, NotANumber, ShelterClosed, TooFewToKeep, CapacityUnknown, HeldTooLong, AlreadyHeld.
    """
    policies.check_can_run(actor, [unit.shelter])
    number = label.strip().upper()
    if not re.fullmatch(LABEL, number):
        raise NotANumber()
    unit = locked_unit(unit, at)
    _check_receives(unit, at)
    over = Hold.objects.filter(unit=unit, label=number, released_at__isnull=True, expires_at__lte=at)
    over.update(released_at=at)
    with naming_violations({**REFUSALS, "shelters_hold_fits_its_unit": TooFewToKeep}):
        until = _not_beyond_closing(unit, expires_at)
        hold = Hold.objects.create(unit=unit, label=number, places=places, begins_at=at, expires_at=until)
    _record(EventType.HOLD_MADE, hold, actor, at)
    return hold


@atomic_again
def renew_hold(*, hold: Hold, actor: Actor, at: datetime) -> Hold:
    """Keep the places of `hold` for another four hours: twice at most, and twelve hours in all. Raises NotAllowed, HoldOver,
    HeldForTransfer, ShelterClosed, HeldTooLong, and OverCapacity where the room went over meanwhile.
    """
    policies.check_can_release(actor, hold)
    unit = locked_unit(hold.unit, at)
    locked = Hold.objects.standing_at(at).select_for_update(no_key=True).filter(pk=hold.pk).first()
    if locked is None:
        raise HoldOver()
    if locked.transfer_id is not None:
        raise HeldForTransfer()
    _check_receives(unit, at)
    until = _not_beyond_closing(unit, min(at + HOLD_FOR, locked.begins_at + HOLD_AT_MOST))
    if locked.renewals >= HOLD_RENEWALS or until <= locked.expires_at:
        raise HeldTooLong()
    hold.expires_at, hold.renewals = until, locked.renewals + 1
    with naming_violations(REFUSALS):
        hold.save(update_fields=["expires_at", "renewals"])
    _record(EventType.HOLD_RENEWED, hold, actor, at)
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, actor: Actor, at: datetime) -> Hold:
    """Give the places of `hold` back. Raises NotAllowed, HoldOver, HeldForTransfer."""
    policies.check_can_release(actor, hold)
    if hold.transfer_id is not None:
        raise HeldForTransfer()
    if not Hold.objects.standing_at(at).filter(pk=hold.pk).update(released_at=at):
        raise HoldOver()
    hold.released_at = at
    _record(EventType.HOLD_RELEASED, hold, actor, at)
    return hold


@atomic_again
def take_up_hold(*, hold: Hold, household: Household, actor: Actor, at: datetime) -> list[Stay]:
    """Let `household`, who came under the number of `hold`, sleep in its room; what they do not take is held for the others.

    Raises NotAllowed, HoldOver, TooManyForTheHold and what `assign_place` refuses.
    """
    policies.check_can_place(actor, household, hold.unit.shelter)
    locked_unit(hold.unit, at)
    locked = Hold.objects.standing_at(at).select_for_update(no_key=True).filter(pk=hold.pk, label__gt="").first()
    if locked is None:
        raise HoldOver()
    people = household.people.count()
    if people > locked.places:
        raise TooManyForTheHold()
    Hold.objects.filter(pk=locked.pk).update(released_at=at)
    _record(EventType.HOLD_RELEASED, locked, actor, at)
    stays = place_with_deed(household=household, unit=hold.unit, actor=actor, at=at)
    call_off_with_deed(household=household, actor=actor, at=at)
    if locked.places > people:
        _keep_the_rest(locked, locked.places - people, actor, at)
    return stays


def _keep_the_rest(hold: Hold, places: int, actor: Actor, at: datetime) -> None:
    """Keep `places` of a released `hold` for the others, no longer than they were: a row of its own, so that the past stays as it was."""
    rest = Hold(
        unit=hold.unit,
        label=hold.label,
        places=places,
        begins_at=at,
        expires_at=hold.expires_at,
        renewals=hold.renewals,
    )
    with naming_violations(REFUSALS):
        rest.save(force_insert=True)
    _record(EventType.HOLD_MADE, rest, actor, at)


@transaction.atomic
def expire_hold(*, hold: Hold, actor: Actor, at: datetime) -> Hold:
    """Write down that `hold` ran out, once: its places are free since then anyway. Raises HoldOver."""
    over = Hold.objects.filter(pk=hold.pk, released_at__isnull=True, expires_at__lte=at)
    if not over.update(released_at=at):
        raise HoldOver()
    _record(EventType.HOLD_EXPIRED, hold, actor, at)
    return hold


@transaction.atomic
def release_for_closing(*, shelter: Shelter, actor: Actor, at: datetime) -> int:
    """Give back every place held in `shelter`, which is closed; returns how many holds. Part of a deed that checked its policy and
    locked the rooms; what a transfer holds is given back with it.
    """
    standing = Hold.objects.filter(unit__shelter=shelter, released_at__isnull=True, transfer__isnull=True)
    listed = list(standing.select_related("household", "unit").order_by("pk"))
    Hold.objects.filter(pk__in=[hold.pk for hold in listed]).update(released_at=at)
    for hold in listed:
        _record(EventType.HOLD_RELEASED, hold, actor, at, why="closing")
    return len(listed)


def _check_receives(unit: Unit, at: datetime) -> None:
    """Raise ShelterClosed where `unit`, as `locked_unit` gives it, or its shelter receives nobody at `at`."""
    if not unit.shelter.is_open_at(at) or unit.is_closed_for_works:
        raise ShelterClosed()


def _not_beyond_closing(unit: Unit, until: datetime) -> datetime:
    """`until`, or the moment at which the shelter closes where that comes first."""
    return min(until, unit.shelter.closed_at or until)


def _record(event: EventType, hold: Hold, actor: Actor, at: datetime, **facts: str) -> None:
    """Record `event`: with the household it is about, or as one of the room where only a number is known."""
    household = hold.household
    record(
        event,
        subject=hold if household is not None else hold.unit,
        actor=actor,
        at=at,
        household=household.uid if household is not None else None,
        shelter=hold.unit.shelter_id,
        unit=hold.unit_id,
        places=hold.places,
        **facts,
    )
