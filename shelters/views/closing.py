"""Closing a shelter or one of its rooms: from when on, and who must go elsewhere."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, go_to, refused_in, staff_page
from shelters.actions import close_shelter, take_closing_back
from shelters.closing_page import closing_page, houses_to_close
from shelters.models import Shelter
from shelters.movement_forms import ClosingForm


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def closing(request: StaffRequest, uid: UUID) -> HttpResponse:
    """From when on a shelter receives nobody, and whom that concerns; a POST says it, or takes it back (`step`)."""
    now = timezone.now()
    house = get_object_or_404(houses_to_close(request.actor, now), uid=uid)
    form = ClosingForm(request.POST if request.method == "POST" else None, zone=house.site.city.zone, now=now)
    reopens = request.POST.get("step") == "reopen"
    if reopens or form.is_valid():
        with refused_in(form):
            if reopens:
                take_closing_back(shelter=house, actor=request.actor, at=now)
            else:
                close_shelter(shelter=house, closes_at=form.cleaned_data["closes_at"], actor=request.actor, at=now)
            words = _("Noted. Nobody is received from then on.") if house.closed_at else _("The shelter stays open.")
            messages.success(request, words)
            return go_to(request, reverse("shelters:closing", args=[house.uid]))
    return _show(request, house, form, now)


def _show(request: StaffRequest, house: Shelter, form: ClosingForm, now: datetime) -> HttpResponse:
    page = closing_page(house, now=now)
    record_read(actor=request.actor, at=now, households=page.named, page="closing")
    context = {"shelter": house, "form": form, "page": page, "now": now, "nav": "shelters"}
    return render(request, "shelters/closing.html", context, status=422 if form.is_bound else 200)
