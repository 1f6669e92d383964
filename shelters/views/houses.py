"""One shelter: its rooms, who sleeps there, what the public says of it, and the deeds of its desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from shelters.actions import confirm_count
from shelters.house_page import house_page, with_what_is_due
from shelters.models import Shelter


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def shelter(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A shelter: its rooms with their guests, who is due, came and left today, its rules, its past, and what the public says of it."""
    now, actor = timezone.now(), request.actor
    seen = Shelter.objects.visible_to(actor).with_figures(now, told=True)
    house = get_object_or_404(with_what_is_due(seen, actor=actor, now=now), uid=uid)
    shown = house_page(house, actor=actor, now=now, number=request.GET.get("page"))
    record_read(actor=actor, at=now, households=shown.households, page="shelter")
    context = {"shelter": house, "places": house.figures, "shown": shown, "now": now, "nav": "shelters"}
    return render(request, "shelters/shelter.html", context)


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def confirm(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The shelter counted, and its count agrees with the stays that the page showed (`stays`)."""
    house = get_object_or_404(Shelter.objects.visible_to(request.actor), uid=uid)
    shown = request.POST.get("stays", "")
    stays = int(shown) if shown.isdecimal() and len(shown) < 6 else None
    with answering(request):
        confirm_count(shelter=house, stays=stays, actor=request.actor, at=timezone.now())
        if house.count_off:
            messages.warning(
                request, _("Somebody came or left while you looked: the count is noted, settle the difference.")
            )
        else:
            messages.success(request, _("Count confirmed. The figure is fresh again."))
    return go_to(request, reverse("shelters:shelter", args=[house.uid]))
