"""Working the docket: a day on the screen, and its departure sheets on paper."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.inputs import EARLIEST_YEAR, LATEST_YEAR
from journey.docket import Only, days_at_hand, docket_of, rows_of, sheets_of


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def hearings(request: StaffRequest) -> HttpResponse:
    """The docket of `?day=` (the next one unless told), filtered by `?only=`, fifty families a page."""
    now = timezone.now()
    docket = docket_of(
        day=_day(request),
        actor=request.actor,
        now=now,
        only=Only(request.GET["only"]) if request.GET.get("only") in Only.values else None,
        page=_page(request),
    )
    shown = {row.family.household.uid for row in docket.rows}
    record_read(actor=request.actor, at=now, households=shown, page="hearings")
    return render(request, "journey/docket.html", {"docket": docket, "now": now, "nav": "hearings"})


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def departure_sheet(request: StaffRequest) -> HttpResponse:
    """The departures of `?day=`, one sheet a shelter: surnames, counts, rooms and boxes."""
    now = timezone.now()
    day = _day(request) or days_at_hand(actor=request.actor, now=now)[0][0]
    rows = rows_of(day=day, actor=request.actor, now=now)
    shown = {row.family.household.uid for row in rows}
    record_read(actor=request.actor, at=now, households=shown, page="departure_sheet")
    zone = rows[0].family.zone if rows else "UTC"
    context = {"day": day, "sheets": sheets_of(rows), "now": now, "zone": zone}
    return render(request, "journey/departure_sheet.html", context)


def _day(request: StaffRequest) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def _page(request: StaffRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
