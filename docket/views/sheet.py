"""The docket of a day on paper: on the screen as it prints, and as a file."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from core.inputs import day_asked, number_asked
from docket.sheet import Sheet, sheets_of
from docket.sheet_pdf import pdf_of
from hearings.days import days_at_hand
from journey.paper import paper_asked

SEEN, KEPT = "docket_sheet", "docket_sheet.print"  # as the read log knows them


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def sheet(request: StaffRequest) -> HttpResponse:
    """The list of `?day=` (the next one unless told), of all crossings or of `?crossing=`, as it prints."""
    day, sheets = _read(request, page=SEEN)
    context = {
        "day": day,
        "sheets": sheets,
        "asked": request.GET.urlencode(),
        "back": f"{reverse('docket:hearings')}?{request.GET.urlencode()}",
        "now": timezone.now(),
        "nav": "hearings",
    }
    return render(request, "docket/sheet.html", context)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def sheet_pdf(request: StaffRequest) -> HttpResponse:
    """The same as a file, on `?paper=`."""
    paper = found(paper_asked(request.GET.get("paper", "")))
    day, sheets = _read(request, page=KEPT)
    pdf = pdf_of(sheets, paper=paper, printed_by=request.actor.name, at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = _("list")
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.pdf"'
    return response


def _read(request: StaffRequest, *, page: str) -> tuple[date, Sequence[Sheet]]:
    """The sheets of the day that the address names, or of the next one, and that they were seen."""
    now, crossing = timezone.now(), number_asked(request.GET.get("crossing", ""))
    day = day_asked(request.GET.get("day", "")) or days_at_hand(actor=request.actor, now=now)[0][0]
    sheets, households = sheets_of(day=day, actor=request.actor, now=now, crossing=crossing)
    record_read(actor=request.actor, at=now, households=households, page=page)
    return day, sheets
