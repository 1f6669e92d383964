"""What somebody may do with a transfer now, and the forms for it: the desk of the transfer's page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import Form
from django.http import QueryDict

from cases.models import Household
from core.actors import Actor
from core.errors import NotAllowed
from shelters import policies
from shelters.fitting import party_asked, rules_of
from shelters.models import Shelter, Transfer, Unit
from shelters.movement_forms import AcceptForm, DeclineForm, TransportForm
from shelters.moves import HOLDING, State, can_follow
from shelters.moving import party_before
from shelters.parties import for_parties
from shelters.ranking import Rooms, rooms_for

# Which state a step leads to, and whose turn it is.
STEPS = {
    "accept": (State.ACCEPTED, "to"),
    "decline": (State.DECLINED, "to"),
    "arrange": (State.ARRANGED, "from"),
    "depart": (State.DEPARTED, "from"),
    "arrive": (State.ARRIVED, "to"),
    "cancel": (State.CANCELLED, "both"),
}


NO_ROOMS = Rooms((), ())


@dataclass(frozen=True, slots=True)
class Desk:
    """The steps open to an actor, a form for each that asks something, and the rooms to choose from where one does."""

    transfer: Transfer
    steps: frozenset[str]
    forms: dict[str, Form] = field(default_factory=dict)
    rooms: Rooms = NO_ROOMS

    def form_of(self, step: str) -> Form | None:
        """The form of `step`, None where it asks nothing."""
        return self.forms.get(step)


def desk_of(transfer: Transfer, *, actor: Actor, now: datetime, sent: QueryDict | None) -> Desk:
    """What `actor` may do with `transfer` now; the form of the step that was `sent` is bound to it."""
    steps = frozenset(step for step, (state, _side) in STEPS.items() if _may(transfer, step, state, actor))
    rooms = _rooms(transfer, actor, now) if steps & {"accept", "arrive"} else NO_ROOMS
    units = Unit.objects.filter(shelter=transfer.to_shelter)
    offered = list(rooms.fitting)
    zone = transfer.from_shelter.site.city.zone
    room = {"unit": transfer.to_unit_id} if transfer.to_unit_id in {unit.pk for unit in offered} else {}
    makers: dict[str, Callable[[Any], Form]] = {
        "accept": lambda data: AcceptForm(data, units=units, offered=offered, initial=room),
        "decline": DeclineForm,
        "arrange": lambda data: TransportForm(data, zone=zone, now=now),
        "arrive": lambda data: AcceptForm(data, units=units, offered=offered, kept=transfer.to_unit_id, initial=room),
    }
    asked = sent.get("step") if sent is not None else None
    forms = {step: make(sent if step == asked else None) for step, make in makers.items() if step in steps}
    return Desk(transfer, steps, forms, rooms)


def _rooms(transfer: Transfer, actor: Actor, now: datetime) -> Rooms:
    """The rooms of the other shelter for this household, which its desk need not see to say whether there is room."""
    shelter = Shelter.objects.with_figures(now).get(pk=transfer.to_shelter_id)
    any_room = next(iter(shelter.units.all()), None)
    if any_room is None:
        return NO_ROOMS
    asked = for_parties(Household.objects.filter(pk=transfer.household_id)).select_related("site__city")
    prefetch_related_objects([transfer.household], "people")
    people = list(transfer.household.people.all())
    party = party_asked(rules_of(any_room, now), asked.get(), people, now)
    kept = transfer.to_unit if transfer.state in HOLDING else None
    return rooms_for(shelter, party=party_before(actor, party), kept=kept, actor=actor, at=now)


def _may(transfer: Transfer, step: str, state: State, actor: Actor) -> bool:
    side = STEPS[step][1]
    try:
        if side == "both":
            policies.check_can_call_off(actor, transfer)
        else:
            policies.check_can_run(actor, [transfer.to_shelter if side == "to" else transfer.from_shelter])
    except NotAllowed:
        return False
    if state == State.DECLINED:
        return transfer.state == State.REQUESTED
    return can_follow(State(transfer.state), state)
