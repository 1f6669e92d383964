"""Transfers under way, and the page of one with what can be done next."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, go_to, staff_page
from core.errors import DomainError
from shelters.actions import (
    accept_transfer,
    arrange_transport,
    arrive,
    cancel_transfer,
    decline_transfer,
    depart,
)
from shelters.errors import TransferMoved
from shelters.models import Transfer
from shelters.moves import CLOSED
from shelters.transfer_rows import OVER_SHOWN, flow_of, rows_of, told
from shelters.transfer_steps import Desk, desk_of

MOST = 100
DONE = {
    "accept": gettext_lazy("Accepted. The places are kept for them."),
    "decline": gettext_lazy("Noted. Whoever asked reads why."),
    "arrange": gettext_lazy("Transport noted; the places are kept until they arrive."),
    "depart": gettext_lazy("They are on the way; their old places are free."),
    "arrive": gettext_lazy("They are here and have their places."),
    "cancel": gettext_lazy("Called off."),
}


def _as_said(value: Any) -> Any:
    return value


# The deed of each step, and how it reads what its form was told.
DEEDS: dict[str, tuple[Callable[..., object], dict[str, Callable[[Any], Any]]]] = {
    "accept": (accept_transfer, {"unit": _as_said}),
    "decline": (decline_transfer, {"reason": Transfer.Decline}),
    "arrange": (arrange_transport, {"transport": Transfer.Transport, "leaves_at": _as_said}),
    "depart": (depart, {}),
    "arrive": (arrive, {"unit": _as_said}),
    "cancel": (cancel_transfer, {}),
}


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def transfers(request: StaffRequest) -> HttpResponse:
    """Every transfer under way from or to the shelters of this actor, by whose turn it is, and what ended since yesterday."""
    now = timezone.now()
    visible = told(Transfer.objects.visible_to(request.actor))
    under_way = visible.open().order_by("expires_at", "pk")[:MOST]
    over = visible.filter(state__in=CLOSED, ended_at__gt=now - OVER_SHOWN).order_by("-ended_at", "-pk")[:MOST]
    may_open = request.actor.can(Capability.RUN_SHELTER) or request.actor.can(Capability.PLACE)
    flow = flow_of(rows_of([*under_way, *over], actor=request.actor, now=now))
    record_read(actor=request.actor, at=now, households=[one.uid for one in flow.households], page="transfers")
    return render(request, "shelters/transfers.html", {"flow": flow, "may_open": may_open, "nav": "shelters"})


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def transfer(request: StaffRequest, transfer_uid: UUID) -> HttpResponse:
    """One transfer with what can be done next; a POST names the `step`."""
    now = timezone.now()
    visible = told(Transfer.objects.visible_to(request.actor))
    asked = get_object_or_404(visible, uid=transfer_uid)
    step = request.POST.get("step", "")
    desk = desk_of(asked, actor=request.actor, now=now, sent=request.POST if request.method == "POST" else None)
    refusal = str(TransferMoved.message) if step in DONE and step not in desk.steps else ""
    if step in desk.steps:
        try:
            refusal = _do(request, asked, desk, step, now)
        except DomainError as why:
            refusal = str(why)
        if not refusal:
            messages.success(request, str(DONE[step]))
            return go_to(request, reverse("shelters:transfer", args=[asked.uid]))
    return _show(request, desk, now, refusal)


def _show(request: StaffRequest, desk: Desk, now: datetime, refusal: str) -> HttpResponse:
    fresh = desk.transfer
    if request.method == "POST":
        fresh = get_object_or_404(told(Transfer.objects.visible_to(request.actor)), pk=fresh.pk)
    (row,) = rows_of([fresh], actor=request.actor, now=now)
    if row.name:
        record_read(actor=request.actor, at=now, households=[fresh.household.uid], page="transfer")
    context = {"row": row, "transfer": fresh, "desk": desk, "refusal": refusal, "now": now, "nav": "shelters"}
    return render(request, "shelters/transfer.html", context, status=422 if refusal else 200)


def _do(request: StaffRequest, asked: Transfer, desk: Desk, step: str, now: datetime) -> str:
    """Do `step`; the words of a form that lacks something, empty where it was done. Raises what the deed refuses."""
    form = desk.form_of(step)
    if form is not None and not form.is_valid():
        return _("Choose what is asked for. Nothing was changed.")
    deed, shape = DEEDS[step]
    said = form.cleaned_data if form is not None else {}
    deed(transfer=asked, **{name: read(said[name]) for name, read in shape.items()}, actor=request.actor, at=now)
    return ""
