"""What a client wrote itself, so that sending it again is answered alike, may it read households or not."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from audit.models import Event, EventType
from cases.models import Arrival, Household
from core.actors import Actor
from shelters.models import Stay, StayQuerySet, Unit


class Receipt(TypedDict):
    """An arrival's client-made id and its household."""

    uid: UUID
    household: Household


def of(*, uid: UUID, actor: Actor) -> Receipt | None:
    """The receipt of the arrival that `actor` itself logged as `uid`, or None. Two queries at the most."""
    arrival = Arrival.objects.select_related("household").filter(uid=uid).first()
    if arrival is None:
        return None
    logged_here = Event.objects.of_household(arrival.household.uid).filter(
        type=EventType.ARRIVAL_RECORDED, subject_id=arrival.pk, actor_kind=actor.kind, actor_id=actor.id
    )
    return {"uid": uid, "household": arrival.household} if logged_here.exists() else None


def placing_of(*, uid: UUID, actor: Actor) -> Stay | None:
    """The first stay of those that `actor` itself began as `uid`, or None. Two queries at the most."""
    stay = Stay.objects.select_related("household", "unit__shelter").filter(uid=uid).first()
    if stay is None:
        return None
    begun_here = Event.objects.of_household(stay.household.uid).filter(
        type=EventType.STAY_BEGUN, facts__stays__contains=[stay.pk], actor_kind=actor.kind, actor_id=actor.id
    )
    return stay if begun_here.exists() else None


def together_with(stay: Stay) -> StayQuerySet:
    """The stays that began with `stay`, its own too: a household is given its places at one moment."""
    began = Stay.objects.filter(household=stay.household_id, unit=stay.unit_id, begins_at=stay.begins_at)
    return began.select_related("person", "bed").order_by("person_id")


class Placing(TypedDict):
    """A household's places in a room, from when to when."""

    uid: UUID
    household: Household
    room: Unit
    people: int
    beds: list[str]
    begins_at: datetime
    ends_at: datetime | None


def placing(stay: Stay) -> Placing:
    """What began as `stay`, as it stands; it has ended when nobody of them sleeps there any more. One query."""
    stays = list(together_with(stay))
    ends = [each.ends_at for each in stays]
    return {
        "uid": stay.uid,
        "household": stay.household,
        "room": stay.unit,
        "people": len(stays),
        "beds": [each.bed.label for each in stays if each.bed],
        "begins_at": stay.begins_at,
        "ends_at": None if None in ends else max(filter(None, ends)),
    }
