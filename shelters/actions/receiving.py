"""At the shelter's door: who is expected comes in, who was out is back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.actions.absences import come_back_with_deed
from cases.models import Absence, Household
from core.actors import Actor
from core.again import atomic_again
from shelters import policies
from shelters.actions.stays import place_with_deed
from shelters.actions.transfers import arrive
from shelters.errors import NobodyExpected
from shelters.expected import expectation_of
from shelters.models import Stay, Unit


class Came(StrEnum):
    """What coming to the door meant."""

    PLACED = "placed"
    TRANSFERRED = "transferred"
    BACK = "back"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Reception:
    """What was done for the household, for how many people, and in which room they sleep."""

    came: Came
    people: int
    unit: Unit


@atomic_again
def receive_at_door(*, household: Household, actor: Actor, at: datetime) -> Reception:
    """Let `household` in at the shelter of `actor` that expects it: the transfer arrives, the hold becomes stays, who was out is back.

    A family that sleeps here and of whom nobody was out is known, and nothing is changed. Raises NotAllowed, NobodyExpected and what
    `assign_place` refuses.
    """
    expected = expectation_of(household=household, actor=actor, at=at)
    if expected.transfer is not None and expected.transfer.to_unit is not None:
        policies.check_can_run(actor, [expected.transfer.to_shelter])
        arrived = arrive(transfer=expected.transfer, actor=actor, at=at)
        return Reception(Came.TRANSFERRED, arrived.people, expected.transfer.to_unit)
    if expected.hold is not None:
        policies.check_can_run(actor, [expected.hold.unit.shelter])
        stays = place_with_deed(household=household, unit=expected.hold.unit, actor=actor, at=at)
        return Reception(Came.PLACED, len(stays), expected.hold.unit)
    here = Stay.objects.open().filter(household=household).select_related("unit__shelter", "person")
    stays = [stay for stay in here if actor.works_at(stay.unit.shelter.site_id)]
    if not stays:
        raise NobodyExpected()
    policies.check_can_run(actor, {stay.unit.shelter for stay in stays})
    people = [stay.person for stay in stays]
    out = Absence.objects.open().filter(person__in=people).exists()
    back = come_back_with_deed(household=household, people=people, actor=actor, at=at) if out else 0
    return Reception(Came.BACK if back else Came.KNOWN, back or len(stays), stays[0].unit)
