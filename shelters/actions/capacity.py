"""How many places there are, and what takes some of them away for a while."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import naming_violations
from shelters import policies
from shelters.errors import (
    BlockOver,
    CapacityAlreadyNoted,
    CapacityInForce,
    CapacityUnknown,
    WorksEndBeforeTheyBegin,
)
from shelters.models import Block, Capacity, Unit


@transaction.atomic
def set_capacity(
    *,
    unit: Unit,
    places: int,
    basis: Capacity.Basis,
    source: str,
    valid_from: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Capacity:
    """Say that `unit` has `places` from `valid_from` (aware; `at` unless told), on whose word and in what sense.

    Earlier records stay as they are; nobody is moved when the new one is smaller. Raises NotAllowed,
    CapacityAlreadyNoted.
    """
    policies.check_can_edit(actor, unit.shelter)
    with naming_violations({"shelters_capacity_one_per_moment": CapacityAlreadyNoted}):
        capacity = Capacity.objects.create(
            unit=unit, places=places, basis=basis, source=source, valid_from=valid_from or at
        )
    record(
        EventType.CAPACITY_CHANGED,
        subject=unit,
        actor=actor,
        at=at,
        shelter=unit.shelter_id,
        places=places,
        basis=str(basis),
    )
    return capacity


@transaction.atomic
def block_places(
    *, unit: Unit, places: int, reason: str, begins_at: datetime, ends_at: datetime | None, actor: Actor, at: datetime
) -> Block:
    """Take `places` of `unit` out of use in `[begins_at, ends_at)`, until further notice when it is None.

    Nobody is moved and no promise is broken by it: what is short then shows. Raises NotAllowed, WorksEndBeforeTheyBegin.
    """
    policies.check_can_edit(actor, unit.shelter)
    with naming_violations({"shelters_block_ends_after_it_begins": WorksEndBeforeTheyBegin}):
        block = Block.objects.create(unit=unit, places=places, reason=reason, begins_at=begins_at, ends_at=ends_at)
    record(EventType.PLACES_BLOCKED, subject=unit, actor=actor, at=at, shelter=unit.shelter_id, places=places)
    return block


@transaction.atomic
def close_for_works(
    *, unit: Unit, begins_at: datetime, ends_at: datetime | None, source: str, actor: Actor, at: datetime
) -> list[Capacity]:
    """Let nobody sleep in `unit` in `[begins_at, ends_at)`, until further notice when it is None, on whose word.

    At `ends_at` the capacity that was in force before comes back. Guests stay until their stays are ended. Raises
    NotAllowed, WorksEndBeforeTheyBegin, CapacityUnknown (an end, and nothing to come back), CapacityAlreadyNoted.
    """
    if ends_at is not None and ends_at <= begins_at:
        raise WorksEndBeforeTheyBegin()
    before = Capacity.objects.begun_by(begins_at).filter(unit=unit).exclude(basis=Capacity.Basis.CLOSED).first()
    if ends_at is not None and before is None:
        raise CapacityUnknown()
    closed = Capacity.Basis.CLOSED
    noted = [set_capacity(unit=unit, places=0, basis=closed, source=source, valid_from=begins_at, actor=actor, at=at)]
    if ends_at is not None and before is not None:
        basis = Capacity.Basis(before.basis)
        noted.append(
            set_capacity(
                unit=unit, places=before.places, basis=basis, source=source, valid_from=ends_at, actor=actor, at=at
            )
        )
    return noted


@transaction.atomic
def withdraw_capacity(*, capacity: Capacity, actor: Actor, at: datetime) -> None:
    """Take back a capacity that was noted for a day to come. Raises NotAllowed, CapacityInForce."""
    policies.check_can_edit(actor, capacity.unit.shelter)
    if capacity.valid_from <= at:
        raise CapacityInForce()
    unit = capacity.unit
    record(
        EventType.CAPACITY_WITHDRAWN,
        subject=unit,
        actor=actor,
        at=at,
        shelter=unit.shelter_id,
        places=capacity.places,
        basis=str(capacity.basis),
        valid_from=capacity.valid_from.isoformat(),
    )
    capacity.delete()


@transaction.atomic
def unblock_places(*, block: Block, actor: Actor, at: datetime) -> None:
    """Give the places of `block` back at `at`; one that has not begun goes altogether. Raises NotAllowed, BlockOver."""
    policies.check_can_edit(actor, block.unit.shelter)
    unit = block.unit
    standing = Block.objects.filter(pk=block.pk)
    if not (standing.filter(begins_at__gte=at).delete()[0] or standing.standing_at(at).update(ends_at=at)):
        raise BlockOver()
    record(EventType.PLACES_UNBLOCKED, subject=unit, actor=actor, at=at, shelter=unit.shelter_id, places=block.places)
