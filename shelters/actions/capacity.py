"""How many places there are, and whether the count of guests is right."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import naming_violations
from shelters import policies
from shelters.errors import CapacityAlreadyNoted
from shelters.models import Block, Capacity, Shelter, Stay, Unit


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

    Raises NotAllowed.
    """
    policies.check_can_edit(actor, unit.shelter)
    block = Block.objects.create(unit=unit, places=places, reason=reason, begins_at=begins_at, ends_at=ends_at)
    record(EventType.PLACES_BLOCKED, subject=unit, actor=actor, at=at, shelter=unit.shelter_id, places=places)
    return block


@transaction.atomic
def confirm_count(*, shelter: Shelter, actor: Actor, at: datetime) -> Shelter:
    """Note that the shelter's own count at `at` agrees with the open stays: the age of its figure starts anew.

    Raises NotAllowed.
    """
    policies.check_can_run(actor, [shelter])
    Shelter.objects.filter(pk=shelter.pk).update(counted_at=at)
    shelter.counted_at = at
    people = Stay.objects.open().filter(unit__shelter=shelter).count()
    record(EventType.COUNT_CONFIRMED, subject=shelter, actor=actor, at=at, people=people)
    return shelter
