"""Pages that a tablet keeps: what it holds, and what to say without network. Neither tells of anybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.actors import Capability
from core.doors import StaffRequest, staff_page


@staff_page(Capability.LOG_ARRIVAL)
@require_safe
def outbox(request: StaffRequest) -> HttpResponse:
    """What was written on this device and where it stands. All of it is drawn on the device."""
    return render(
        request, "tablets/outbox.html", {"nav": "reception", "may_see_health": request.actor.can(Capability.SEE_HEALTH)}
    )


@staff_page(Capability.LOG_ARRIVAL)
@require_safe
def offline(request: StaffRequest) -> HttpResponse:
    """What a page that needs the network is replaced with while there is none."""
    return render(request, "tablets/offline.html")
