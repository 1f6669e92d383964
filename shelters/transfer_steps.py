"""What somebody may do with a transfer now, and the forms for it: the desk of the transfer's page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import QueryDict

from core.actors import Actor
from core.errors import NotAllowed
from shelters import policies
from shelters.models import Transfer, Unit
from shelters.movement_forms import AcceptForm, DeclineForm, TransportForm
from shelters.moves import State, can_follow

# Which state a step leads to, and whose turn it is.
STEPS = {
    "accept": (State.ACCEPTED, "to"),
    "decline": (State.DECLINED, "to"),
    "arrange": (State.ARRANGED, "from"),
    "depart": (State.DEPARTED, "from"),
    "arrive": (State.ARRIVED, "to"),
    "cancel": (State.CANCELLED, "both"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The steps open to an actor, and a form for each that asks something."""

    transfer: Transfer
    steps: frozenset[str]
    forms: dict[str, Form] = field(default_factory=dict)

    def form_of(self, step: str) -> Form | None:
        """The form of `step`, None where it asks nothing."""
        return self.forms.get(step)


def desk_of(transfer: Transfer, *, actor: Actor, now: datetime, sent: QueryDict | None) -> Desk:
    """What `actor` may do with `transfer` now; the form of the step that was `sent` is bound to it."""
    steps = frozenset(step for step, (state, _side) in STEPS.items() if _may(transfer, step, state, actor))
    units = Unit.objects.filter(shelter=transfer.to_shelter).with_figures(now).order_by("name")
    zone = transfer.from_shelter.site.city.zone
    room = {"unit": transfer.to_unit_id}
    makers: dict[str, Callable[[Any], Form]] = {
        "accept": lambda data: AcceptForm(data, units=units, initial=room),
        "decline": DeclineForm,
        "arrange": lambda data: TransportForm(data, zone=zone, now=now),
        "arrive": lambda data: AcceptForm(data, units=units, kept=transfer.to_unit_id, initial=room),
    }
    asked = sent.get("step") if sent is not None else None
    forms = {step: make(sent if step == asked else None) for step, make in makers.items() if step in steps}
    return Desk(transfer, steps, forms)


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
