"""Noting how people get to the bridge for a hearing."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from hearings import policies
from hearings.actions.hearings import HearingNotStanding
from hearings.models import Hearing, Trip

MOST_DIGITS = 6  # a plate has so many at most, a telephone number more


class LeavesAfterPresenting(DomainError):
    """Nobody leaves after the moment at which they must present."""

    code = "leaves_after_presenting"
    message = _("They would leave after they must be there. Check the day and the time.")
    http_status = 422


class VehicleTellsTooMuch(DomainError):
    """What a vehicle is called stands on lists: no telephone number belongs there."""

    code = "vehicle_tells_too_much"
    message = _("Say only what the vehicle is called, such as “white van 2”: no number of a person.")
    http_status = 422


class NoVehicle(DomainError):
    """Who walks or goes by its own means has no vehicle of a house."""

    code = "no_vehicle"
    message = _("A vehicle and its seats are noted only where the shelter or an agency drives them.")
    http_status = 422


REFUSALS: dict[str, type[DomainError]] = {
    "hearings_trip_leaves_before_presenting": LeavesAfterPresenting,
    "hearings_trip_vehicle_of_a_house": NoVehicle,
}


@transaction.atomic
def note_trip(
    *,
    hearing: Hearing,
    means: str,
    vehicle: str = "",
    seats: int | None = None,
    leaves_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Trip:
    """Note how the people of `hearing` get to where they must present, in place of what was noted before; the same again is one.

    Without `leaves_at` they leave when the plan says. Raises NotAllowed, HearingNotStanding, LeavesAfterPresenting, NoVehicle,
    VehicleTellsTooMuch.
    """
    policies.check_can_arrange(actor, hearing.household)
    if len(re.findall(r"\d", vehicle)) > MOST_DIGITS:
        raise VehicleTellsTooMuch()
    hearing = Hearing.objects.select_for_update(of=("self",)).select_related("household").get(pk=hearing.pk)
    if not hearing.stands:
        raise HearingNotStanding()
    said = {"means": means, "vehicle": vehicle.strip(), "seats": seats, "leaves_at": leaves_at}
    standing = Trip.objects.standing().filter(hearing=hearing)
    if same := standing.filter(**said, present_at=hearing.present_at).first():
        return same
    standing.update(withdrawn_at=at)
    with naming_violations(REFUSALS):
        trip = Trip.objects.create(
            hearing=hearing,
            **said,
            present_at=hearing.present_at,
            noted_at=at,
            noted_by=actor.id,
        )
    _record(EventType.TRIP_NOTED, trip, actor, at)
    return trip


@transaction.atomic
def withdraw_trip(*, trip: Trip, actor: Actor, at: datetime) -> None:
    """Take back how they get there: from now on nobody knows. Does nothing where that was done already. Raises NotAllowed."""
    policies.check_can_arrange(actor, trip.hearing.household)
    if Trip.objects.standing().filter(uid=trip.uid).update(withdrawn_at=at):
        _record(EventType.TRIP_WITHDRAWN, trip, actor, at)


def _record(event: EventType, trip: Trip, actor: Actor, at: datetime) -> None:
    hearing = trip.hearing
    record(
        event, subject=hearing, actor=actor, at=at, household=hearing.household.uid, means=trip.means, seats=trip.seats
    )
