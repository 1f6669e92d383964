"""Working the docket of a day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.inputs import day_asked
from docket.day import Only, docket_of


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def hearings(request: StaffRequest) -> HttpResponse:
    """The docket of `?day=` (the next one unless told), filtered by `?only=`, fifty families a page."""
    now = timezone.now()
    docket = docket_of(
        day=day_asked(request.GET.get("day", "")),
        actor=request.actor,
        now=now,
        only=Only(request.GET["only"]) if request.GET.get("only") in Only.values else None,
        page=_page(request),
    )
    shown = {row.family.household.uid for row in docket.rows}
    record_read(actor=request.actor, at=now, households=shown, page="hearings")
    return render(request, "docket/day.html", {"docket": docket, "now": now, "nav": "hearings"})


def _page(request: StaffRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
