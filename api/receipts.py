"""What a client wrote itself, so that sending it again is answered alike, may it read households or not."""

from typing import TypedDict
from uuid import UUID

from audit.models import Event, EventType
from cases.models import Arrival, Household
from core.actors import Actor


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
