"""A household that was logged on a tablet: the form of the page, filled in elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from journey.actions.arrivals import log_arrival
from journey.forms.arrivals import ArrivalForm
from places import zones
from places.models import Crossing
from tablets.entries import Entry, fields_of


class NotFilledIn(DomainError):
    """The form of the page would not take what stands in `fields`. `errors` are its words by field, "" for the form as a whole."""

    code = "invalid"
    message = _("Some of this needs correcting.")
    http_status = 422

    def __init__(self, errors: Mapping[str, list[str]], fields: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.errors, self.fields = errors, fields


def deliver_arrival(
    *, entry: Entry, content: Mapping[str, Any], occurred_at: datetime, actor: Actor, at: datetime
) -> Household:
    """Log the household that `content` tells of, as the page at the bridge does: same form, same deed.

    The entry's id is the arrival's. Where nobody touched the clock on the tablet, they came at `occurred_at`, which is by the
    server's clock; else when the form says. Raises BadEntry, NotFilledIn and what `log_arrival` raises.
    """
    fields = fields_of(content) | {"uid": [str(entry.uid)]}
    if entry.untouched_clock:
        fields |= _moment_in(fields, occurred_at)
    form = ArrivalForm(MultiValueDict(fields), actor=actor, now=at)
    if not form.is_valid():
        raise NotFilledIn(_errors_of(form, *form.shown_people()), fields)
    arrival = form.arrival()
    if entry.untouched_clock:
        arrival["occurred_at"] = occurred_at  # to the second; the form knows minutes
    household, _is_new = log_arrival(**arrival, actor=actor, at=at)
    return household


def _moment_in(fields: Mapping[str, list[str]], moment: datetime) -> dict[str, list[str]]:
    """`moment` as the form asks for it, on the clock of the crossing."""
    key = "".join(fields.get("crossing", [])[-1:])
    crossing = Crossing.objects.filter(pk=key).select_related("city").first() if key.isdecimal() else None
    if crossing is None:
        return {}
    wall = zones.local(moment, crossing.zone)
    return {"arrived_on": [f"{wall:%Y-%m-%d}"], "arrived_time": [f"{wall:%H:%M}"]}


def _errors_of(*forms: Form) -> dict[str, list[str]]:
    """What is wrong, by the names that the fields have on the page."""
    return {
        "" if name == "__all__" else form.add_prefix(name): [str(word) for word in words]
        for form in forms
        for name, words in form.errors.items()
    }
