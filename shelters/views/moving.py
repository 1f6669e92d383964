"""Moving a household that already sleeps somewhere: to another room at once, to another shelter by asking it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, found, go_to, staff_page
from core.errors import DomainError
from shelters.actions import move_household, request_transfer
from shelters.models import Unit
from shelters.movement_forms import AskForm, MoveForm
from shelters.moving import Moving, moving_of, reason_of
from shelters.views.saying import say_where


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Where else a household could sleep; a POST moves it there at once."""
    now = timezone.now()
    moving = _moving(request, uid, now)
    if request.method == "GET":
        return _show(request, moving, now)
    form = MoveForm(request.POST, units=_rooms(request))
    if not form.is_valid():
        return _show(request, moving, now, _("Choose a room from the list."))
    wanted, unit = form.cleaned_data, form.cleaned_data["unit"]
    try:
        reason = reason_of(moving, unit)
        move_household(household=moving.household, **wanted, reason=reason, actor=request.actor, at=now)
    except DomainError as refusal:
        return _show(request, _moving(request, uid, now), now, str(refusal))
    say_where(request, moving.household, unit)
    return go_to(request, reverse("shelters:shelter", args=[unit.shelter.uid]))


@staff_page(Capability.PLACE)
@require_POST
def ask_transfer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Ask another shelter to take a household."""
    now = timezone.now()
    moving = _moving(request, uid, now)
    form = AskForm(request.POST, units=_rooms(request))
    if not form.is_valid():
        refusal = _("Say why they go.") if "reason" in form.errors else _("Choose a room from the list.")
        return _show(request, moving, now, refusal)
    try:
        asked = request_transfer(household=moving.household, **form.entry(), actor=request.actor, at=now)
    except DomainError as refusal:
        return _show(request, moving, now, str(refusal))
    messages.success(request, _("Asked. The shelter has a day to answer."))
    return go_to(request, reverse("shelters:transfer", args=[asked.uid]))


def _moving(request: StaffRequest, uid: UUID, now: datetime) -> Moving:
    return found(moving_of(uid, actor=request.actor, now=now))


def _rooms(request: StaffRequest) -> object:
    return Unit.objects.visible_to(request.actor).select_related("shelter__site__city")


def _show(request: StaffRequest, moving: Moving, now: datetime, refusal: str = "") -> HttpResponse:
    record_read(actor=request.actor, at=now, households=[moving.household.uid], page="move")
    context = {"moving": moving, "form": AskForm(units=_rooms(request)), "refusal": refusal, "nav": "shelters"}
    return render(request, "shelters/move.html", context, status=422 if refusal else 200)
