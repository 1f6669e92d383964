"""Worklists of reception: papers that run out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.actors import Standing
from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from journey.worklists import WINDOWS, expiring


class PlacedRequest(StaffRequest):
    """A request whose account is known with its place."""

    standing: Standing


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def expiring_papers(request: PlacedRequest) -> HttpResponse:
    """Papers that run out within `?days=` (1, 7 or 30), the next first."""
    now = timezone.now()
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, WINDOWS) else WINDOWS[1]
    zone, after = request.standing.place_zone, request.GET.get("after", "")
    found = expiring(actor=request.actor, now=now, zone=zone, days=days, after=after)
    record_read(actor=request.actor, at=now, households=found.households, page="expiring")
    return render(request, "journey/expiring.html", {"found": found, "nav": "reception"})
