"""Bringing a household from one shelter to another: asked for, answered, on the way, there (`shelters.moves`).

Until it leaves it keeps its place, then it sleeps nowhere and the places at the other shelter wait for it. Rows are locked as in
`shelters.actions.stays`: units, household, transfer.
"""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.actions.guests import host_at_with_deed
from cases.models import Household
from core.actors import Actor, ActorKind
from core.again import atomic_again
from core.errors import naming_violations
from shelters import policies
from shelters.actions.calling_off import close_with_deed, record_move
from shelters.actions.stays import end_with_deed, place_with_deed
from shelters.errors import (
    CapacityUnknown,
    OverCapacity,
    SameShelter,
    ShelterClosed,
    SleepsNowhere,
    TooFarAhead,
    TransferAlreadyOpen,
    TransferMoved,
)
from shelters.fitting import check_unit, locked_unit, locked_units
from shelters.models import Destination, Hold, LeavingReason, Shelter, Stay, Transfer, Unit
from shelters.moves import LATEST_DEPARTURE, State, can_follow, expires_at


@atomic_again
def request_transfer(
    *,
    household: Household,
    to_shelter: Shelter,
    to_unit: Unit | None = None,
    reason: Transfer.Reason,
    actor: Actor,
    at: datetime,
) -> Transfer:
    """Ask `to_shelter` to take the whole of `household`, in `to_unit` where one is wished for. It answers within a day, or it is over.

    Raises NotAllowed, SleepsNowhere, SameShelter, ShelterClosed, TransferAlreadyOpen.
    """
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    sleeping = list(Stay.objects.open().filter(household=locked).select_related("unit__shelter"))
    origins = {stay.unit.shelter for stay in sleeping}
    if len(origins) != 1:
        raise SleepsNowhere()
    (origin,) = origins
    policies.check_can_transfer(actor, locked, origin)
    if origin == to_shelter:
        raise SameShelter()
    if not Shelter.objects.open_at(at).filter(pk=to_shelter.pk).exists():
        raise ShelterClosed()
    with naming_violations({"shelters_transfer_one_open_per_household": TransferAlreadyOpen}):
        transfer = Transfer.objects.create(
            household=locked,
            from_shelter=origin,
            to_shelter=to_shelter,
            to_unit=to_unit,
            people=len(sleeping),
            reason=reason,
            requested_at=at,
            requested_by=actor.name[:80],
            expires_at=expires_at(State.REQUESTED, at),
        )
    record_move(transfer=transfer, actor=actor, at=at)
    return transfer


@atomic_again
def accept_transfer(*, transfer: Transfer, unit: Unit, actor: Actor, at: datetime) -> Transfer:
    """Take the household in: places of `unit`, a room of the other shelter, are held for it from now on.

    Raises NotAllowed, TransferMoved, ShelterClosed, WrongUnit, OverCapacity, CapacityUnknown.
    """
    policies.check_can_run(actor, [transfer.to_shelter])
    room = locked_unit(unit, at)
    if room.shelter_id != transfer.to_shelter_id:
        raise SameShelter()
    locked = _locked(transfer, State.ACCEPTED)
    check_unit(room, locked.household, list(locked.household.people.all()), actor, at)
    locked.state, locked.to_unit = State.ACCEPTED, room
    locked.answered_at, locked.answered_by, locked.expires_at = at, actor.name[:80], expires_at(State.ACCEPTED, at)
    locked.save(update_fields=["state", "to_unit", "answered_at", "answered_by", "expires_at"])
    Hold.objects.filter(household=locked.household, released_at__isnull=True).update(released_at=at)
    with naming_violations(
        {"shelters_hold_fits_its_unit": OverCapacity, "shelters_hold_capacity_is_known": CapacityUnknown}
    ):
        hold = Hold.objects.create(
            unit=room,
            household=locked.household,
            transfer=locked,
            places=locked.people,
            begins_at=at,
            expires_at=locked.expires_at,
        )
    record(
        EventType.HOLD_MADE,
        subject=hold,
        actor=actor,
        at=at,
        household=locked.household.uid,
        shelter=room.shelter_id,
        unit=room.pk,
        places=hold.places,
    )
    record_move(transfer=locked, actor=actor, at=at)
    return locked


@atomic_again
def decline_transfer(*, transfer: Transfer, reason: Transfer.Decline, actor: Actor, at: datetime) -> Transfer:
    """Say that the other shelter does not take them, and why. Raises NotAllowed, TransferMoved."""
    policies.check_can_run(actor, [transfer.to_shelter])
    locked = _locked(transfer, State.DECLINED)
    if locked.state != State.REQUESTED:
        raise TransferMoved()
    locked.decline_reason, locked.answered_at, locked.answered_by = reason, at, actor.name[:80]
    return close_with_deed(transfer=locked, state=State.DECLINED, actor=actor, at=at)


@atomic_again
def arrange_transport(
    *, transfer: Transfer, transport: Transfer.Transport, leaves_at: datetime, actor: Actor, at: datetime
) -> Transfer:
    """Note how and when (aware, within three days of the answer) they leave; the places are kept for a day longer. Raises NotAllowed,
    TransferMoved, TooFarAhead.
    """
    policies.check_can_run(actor, [transfer.from_shelter])
    locked = _locked(transfer, State.ARRANGED)
    if not at <= leaves_at <= (locked.answered_at or at) + LATEST_DEPARTURE:
        raise TooFarAhead()
    locked.transport, locked.leaves_at = transport, leaves_at
    return _go_on(locked, State.ARRANGED, actor, at)


@atomic_again
def depart(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """They left: their places are free, and the other shelter sees whom it expects. Raises NotAllowed, TransferMoved,
    SleepsNowhere.
    """
    policies.check_can_run(actor, [transfer.from_shelter])
    locked = _leave(transfer, State.DEPARTED, actor, at)
    host_at_with_deed(household=locked.household, site=locked.to_shelter.site, actor=actor, at=at)
    locked.departed_at = at
    return _go_on(locked, State.DEPARTED, actor, at)


@atomic_again
def arrive(
    *, transfer: Transfer, unit: Unit | None = None, over_capacity_reason: str = "", actor: Actor, at: datetime
) -> Transfer:
    """They are there and sleep in `unit`, the room that was kept unless told. That they left is noted with it where nobody had.

    Raises NotAllowed, TransferMoved and what `assign_place` refuses.
    """
    policies.check_can_run(actor, [transfer.to_shelter])
    reason = policies.reason_to_go_over(actor, over_capacity_reason)
    room = unit or transfer.to_unit
    if room is None:
        raise TransferMoved()
    if room.shelter_id != transfer.to_shelter_id:
        raise SameShelter()
    locked = _leave(transfer, State.ARRIVED, actor, at, room)
    place_with_deed(household=locked.household, unit=room, over_capacity_reason=reason, actor=actor, at=at)
    locked.to_unit, locked.departed_at = room, locked.departed_at or at
    locked.save(update_fields=["to_unit", "departed_at"])
    return close_with_deed(transfer=locked, state=State.ARRIVED, actor=actor, at=at)


@atomic_again
def cancel_transfer(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """Call it off. Who had left already sleeps nowhere and is seen by the own site only. Raises NotAllowed, TransferMoved."""
    policies.check_can_call_off(actor, transfer)
    return _give_up(transfer, State.CANCELLED, actor, at)


@atomic_again
def expire_transfer(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """Let `transfer` be over, whose time is. Raises TransferMoved, also where somebody just moved it on and it has time again."""
    locked = _give_up(transfer, State.EXPIRED, actor, at)
    if locked.expires_at > at:
        raise TransferMoved()
    return locked


@transaction.atomic
def decline_for_closing(*, shelter: Shelter, actor: Actor, at: datetime) -> int:
    """Decline every transfer to `shelter`, which is closed, also what was accepted; returns how many. Part of a deed that checked its
    policy and locked the rooms of `shelter`. Who is on the way sleeps nowhere and waits at the own site again.
    """
    open_ones = Transfer.objects.open().filter(to_shelter=shelter)
    households = open_ones.values_list("household_id", flat=True)
    list(Household.objects.select_for_update(no_key=True).filter(pk__in=list(households)).order_by("pk"))
    locked = open_ones.select_for_update(no_key=True, of=("self",)).select_related("household__site__city")
    listed = list(locked.order_by("pk"))
    for transfer in listed:
        if transfer.state == State.DEPARTED:
            host_at_with_deed(household=transfer.household, site=None, actor=actor, at=at)
        transfer.decline_reason, transfer.answered_at = Transfer.Decline.CLOSING, at
        transfer.answered_by = "" if actor.kind == ActorKind.SYSTEM else actor.name[:80]
        close_with_deed(transfer=transfer, state=State.DECLINED, actor=actor, at=at)
    return len(listed)


def _give_up(transfer: Transfer, state: State, actor: Actor, at: datetime) -> Transfer:
    Household.objects.select_for_update(no_key=True).get(pk=transfer.household_id)
    locked = _locked(transfer, state)
    if locked.state == State.DEPARTED:
        host_at_with_deed(household=locked.household, site=None, actor=actor, at=at)
    return close_with_deed(transfer=locked, state=state, actor=actor, at=at)


def _leave(transfer: Transfer, state: State, actor: Actor, at: datetime, room: Unit | None = None) -> Transfer:
    """The transfer, locked with the rooms it touches and on its way to `state`; the household has left its places."""
    standing = Stay.objects.open().filter(household=transfer.household_id)
    locked_units([*standing.values_list("unit_id", flat=True), *([room.pk] if room else [])])
    Household.objects.select_for_update(no_key=True).get(pk=transfer.household_id)
    locked = _locked(transfer, state)
    if standing.exists():
        end_with_deed(
            household=locked.household,
            standing=standing,
            reason=LeavingReason.TRANSFERRED,
            destination=Destination.SHELTER,
            actor=actor,
            at=at,
        )
    elif locked.state != State.DEPARTED:
        raise SleepsNowhere()
    return locked


def _go_on(transfer: Transfer, state: State, actor: Actor, at: datetime) -> Transfer:
    """Let `transfer` stand at `state`, and its places be kept as long as it lasts; no longer than before where their room went over."""
    transfer.state, transfer.expires_at = state, expires_at(state, at, transfer.leaves_at)
    transfer.save(update_fields=["state", "expires_at", "transport", "leaves_at", "departed_at"])
    with suppress(OverCapacity), naming_violations({"shelters_hold_fits_its_unit": OverCapacity}):
        Hold.objects.filter(transfer=transfer, released_at__isnull=True).update(expires_at=transfer.expires_at)
    record_move(transfer=transfer, actor=actor, at=at)
    return transfer


def _locked(transfer: Transfer, state: State) -> Transfer:
    """The transfer with all that it names, locked. Raises TransferMoved where it cannot come to `state` any more."""
    asked = Transfer.objects.select_for_update(no_key=True, of=("self",))
    locked = asked.select_related("household__site__city", "from_shelter__site", "to_shelter__site").get(pk=transfer.pk)
    if not can_follow(State(locked.state), state):
        raise TransferMoved()
    return locked
