"""The lights of a docket that stands open."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.inputs import day_asked
from docket.day import rows_of
from docket.lights import look_of


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def lights(request: StaffRequest) -> HttpResponse:
    """All lights of `?day=`, where any differs from what `?seen=` marks; else nothing (204). Those not on the page find no place."""
    now, day = timezone.now(), day_asked(request.GET.get("day", ""))
    rows = rows_of(day=day, actor=request.actor, now=now) if day else []
    seen = look_of(rows)
    if not rows or seen == request.GET.get("seen"):
        return HttpResponse(status=204)
    households = {row.family.household.uid for row in rows}
    record_read(actor=request.actor, at=now, households=households, page="hearings")
    return render(request, "docket/_lights.html", {"day": day, "rows": rows, "seen": seen})
