"""Hearings whose sources differ, and those that newer zone tables moved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, refused_in, staff_page
from docket.conflicts import Conflicts, Row, conflicts_of, history_of, rows_of
from docket.forms.conflicts import SettleForm
from docket.zones import Shifts, shifts_of
from hearings import actions
from hearings.models import Claim, Hearing, ZoneShift

CONFLICTS, ZONES = "hearings.conflicts", "hearings.zones"  # as the read log knows them


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def conflicts(request: StaffRequest) -> HttpResponse:
    """The list, those with the least time left first, fifty a page."""
    now = timezone.now()
    found = conflicts_of(actor=request.actor, now=now, cursor=request.GET.get("after", ""))
    return _listed(request, found, now, page=CONFLICTS, here="conflicts")


def _listed(request: StaffRequest, found: Conflicts | Shifts, now: datetime, *, page: str, here: str) -> HttpResponse:
    shown = {row.family.household.uid for row in found.rows}
    record_read(actor=request.actor, at=now, households=shown, page=page)
    return render(request, f"docket/{here}.html", {"found": found, "now": now, "here": here, "nav": "hearings"})


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def settle(request: StaffRequest, hearing_uid: UUID) -> HttpResponse:
    """Decide which word counts of each matter on which the sources of one hearing differ."""
    now = timezone.now()
    visible = Hearing.objects.visible_to(request.actor).for_clocks().select_related("household__site__city")
    hearing = get_object_or_404(visible, uid=hearing_uid)
    (row,) = rows_of([hearing], actor=request.actor, now=now)
    forms = [SettleForm(_sent(request, matter.fact), matter=matter, initial=_asked(request)) for matter in row.matters]
    for form in forms:
        if form.is_bound and form.is_valid() and _done(request, form, row):
            return go_to(request, reverse("docket:conflicts"))
    record_read(actor=request.actor, at=now, households=[row.family.household.uid], page=CONFLICTS)
    context = {"row": row, "forms": forms, "history": history_of(row), "now": now, "nav": "hearings"}
    is_refused = any(form.is_bound for form in forms)
    return render(request, "docket/settle.html", context, status=422 if is_refused else 200)


def _sent(request: StaffRequest, fact: Claim.Fact) -> Any:
    """What was sent about `fact`: each matter of the page has a form of its own."""
    is_this = request.method == "POST" and request.POST.get("fact") == fact.value
    return request.POST if is_this else None


def _asked(request: StaffRequest) -> dict[str, str]:
    return {"claim": request.GET.get("word", "")}


def _done(request: StaffRequest, form: SettleForm, row: Row) -> bool:
    """Do what the form says; a refusal stands on it."""
    visible = Claim.objects.visible_to(request.actor).select_related("hearing__household")
    claim = visible.get(pk=form.cleaned_data["claim"])
    with refused_in(form):
        actions.settle_conflict(claim=claim, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now())
        code = row.family.household.code
        messages.success(request, _("%(code)s: decided. It is noted who decided and why.") % {"code": code})
    return not form.errors


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def zones(request: StaffRequest) -> HttpResponse:
    """Hearings that newer zone tables moved and that nobody has looked at, fifty a page."""
    now = timezone.now()
    found = shifts_of(actor=request.actor, now=now, cursor=request.GET.get("after", ""))
    return _listed(request, found, now, page=ZONES, here="zones")


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def see_zones(request: StaffRequest, shift_uid: UUID) -> HttpResponse:
    """Take one off the list: the family knows, or need not."""
    visible = ZoneShift.objects.visible_to(request.actor).select_related("hearing__household")
    shift = get_object_or_404(visible, uid=shift_uid)
    with answering(request):
        actions.see_shift(shift=shift, actor=request.actor, at=timezone.now())
    return go_to(request, reverse("docket:zones"))
