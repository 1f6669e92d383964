"""Places that a shelter keeps for those who are on their way."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, refused_in, staff_page
from shelters.actions import hold_under_number, release_hold, renew_hold, take_up_hold
from shelters.hold_rows import kept_at
from shelters.models import Hold, Shelter, Unit
from shelters.movement_forms import HoldForm


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def holds(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The places kept at a shelter, for whom and until when; a POST keeps more under a number."""
    now = timezone.now()
    house = _shelter(request, uid)
    units = Unit.objects.filter(shelter=house).with_figures(now).select_related("shelter__site")
    form = HoldForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        with refused_in(form):
            hold_under_number(**form.entry(now), actor=request.actor, at=now)
            messages.success(request, _("The places are kept."))
            return go_to(request, reverse("shelters:holds", args=[house.uid]))
    return _show(request, house, form, now)


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def hold_step(request: StaffRequest, uid: UUID, hold_id: int) -> HttpResponse:
    """Renew a hold, give it back, or give its places to a household that came (`household`)."""
    now = timezone.now()
    held = Hold.objects.at_sites_of(request.actor).select_related("household", "unit__shelter__site")
    hold = get_object_or_404(held, pk=hold_id, unit__shelter__uid=uid)
    back = reverse("shelters:holds", args=[uid])
    deed, words = _deed(request, hold, now)
    with answering(request, words):
        deed()
    return go_to(request, back)


def _deed(request: StaffRequest, hold: Hold, now: datetime) -> tuple[Callable[[], object], str]:
    step = request.POST.get("step", "")
    if step == "renew":
        return lambda: renew_hold(hold=hold, actor=request.actor, at=now), _("Kept for another while.")
    if step == "give":
        seen = Household.objects.visible_to(request.actor).select_related("site__city")
        key = request.POST.get("household", "")
        came = get_object_or_404(seen, pk=int(key) if key.isdecimal() and len(key) < 13 else 0)
        words = _("%(code)s has the places.") % {"code": came.code}
        return lambda: take_up_hold(hold=hold, household=came, actor=request.actor, at=now), words
    return lambda: release_hold(hold=hold, actor=request.actor, at=now), _("The places are free again.")


def _shelter(request: StaffRequest, uid: UUID) -> Shelter:
    visible = Shelter.objects.visible_to(request.actor).select_related("site__city", "site__parent")
    return get_object_or_404(visible, uid=uid)


def _show(request: StaffRequest, house: Shelter, form: HoldForm, now: datetime) -> HttpResponse:
    kept = kept_at(house, actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=[one.uid for one in kept.households], page="holds")
    context = {"shelter": house, "kept": kept, "form": form, "now": now, "nav": "shelters"}
    return render(request, "shelters/holds.html", context, status=422 if form.is_bound else 200)
