"""The run sheet of a shelter, and those of all shelters of a day: on the screen, printed, and as a file to keep for the night."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, staff_page
from core.inputs import day_asked
from hearings.days import days_at_hand
from journey import rules
from journey.paper import paper_asked
from journey.run_sheet import RunSheet, run_sheets
from journey.run_sheet_pdf import pdf_of
from journey.untold import Guest, untold_guests
from places import zones
from shelters.actions.gates import keep_gate_shut, note_gate_opening
from shelters.models import Shelter

# As the read log knows them.
SEEN, KEPT = "departure_sheet", "departure_sheet.print"


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def run_sheet(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who leaves this shelter on `?day=`, the night that runs or comes next unless told."""
    now, house = timezone.now(), _house(request, uid)
    tonight = rules.night_of(zones.local(now, house.site.city.zone))
    day = day_asked(request.GET.get("day", "")) or tonight
    untold = untold_guests(house, actor=request.actor, now=now)
    context = {
        **_addresses(uid),
        "shelter": house,
        "days": sorted({tonight, tonight + timedelta(days=1), day}),
        "tonight": tonight,
        "untold": untold,
        "may_open": request.actor.can(Capability.RUN_SHELTER) or request.actor.can(Capability.PLACE),
        "nav": "shelters",
    }
    return _shown(request, _read(request, day, now, house, page=SEEN, untold=untold.guests), day, now, context)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def run_sheet_pdf(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The same as a file, on `?paper=`: it works where no network is."""
    now, house = timezone.now(), _house(request, uid)
    day = day_asked(request.GET.get("day", "")) or rules.night_of(zones.local(now, house.site.city.zone))
    return _saved(request, _read(request, day, now, house, page=KEPT), day, now)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def departure_sheet(request: StaffRequest) -> HttpResponse:
    """The run sheets of all shelters on `?day=`, the next day on which somebody leaves unless told."""
    now = timezone.now()
    day = day_asked(request.GET.get("day", "")) or days_at_hand(actor=request.actor, now=now)[0][0]
    context = {
        "here": reverse("journey:departure_sheet"),
        "pdf": reverse("journey:departure_sheet_pdf"),
        "back": f"{reverse('docket:hearings')}?day={day}",
        "nav": "hearings",
    }
    return _shown(request, _read(request, day, now, None, page=SEEN), day, now, context)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def departure_sheet_pdf(request: StaffRequest) -> HttpResponse:
    """The run sheets of all shelters as one file."""
    now = timezone.now()
    day = day_asked(request.GET.get("day", "")) or days_at_hand(actor=request.actor, now=now)[0][0]
    return _saved(request, _read(request, day, now, None, page=KEPT), day, now)


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def gate(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note that somebody opens the gate of a shelter at the moment `opens_at`, or take that back, and come back to the sheet."""
    house, moment = _house(request, uid), parse_datetime(request.POST.get("opens_at", ""))
    deed = keep_gate_shut if request.POST.get("shut") else note_gate_opening
    with answering(request):
        if moment is not None and moment.tzinfo is not None:
            deed(shelter=house, opens_at=moment, actor=request.actor, at=timezone.now())
    day = day_asked(request.POST.get("day", ""))
    return go_to(request, reverse("journey:run_sheet", args=[uid]) + (f"?day={day}" if day else ""))


def _addresses(uid: UUID) -> dict[str, str]:
    """Where the sheet of a shelter stands, its file, and the page that it belongs to."""
    return {
        "here": reverse("journey:run_sheet", args=[uid]),
        "pdf": reverse("journey:run_sheet_pdf", args=[uid]),
        "back": reverse("shelters:shelter", args=[uid]),
    }


def _house(request: StaffRequest, uid: UUID) -> Shelter:
    return get_object_or_404(Shelter.objects.visible_to(request.actor).select_related("site__city"), uid=uid)


def _read(
    request: StaffRequest, day: date, now: datetime, house: Shelter | None, *, page: str, untold: Sequence[Guest] = ()
) -> list[RunSheet]:
    """The sheets, and that they were seen with whoever is `untold` above them: one that is printed or kept leaves the house."""
    sheets, households = run_sheets(day=day, actor=request.actor, now=now, shelter=house)
    seen = [*households, *(guest.hearing.household.uid for guest in untold)]
    record_read(actor=request.actor, at=now, households=seen, page=page)
    return sheets


def _shown(
    request: StaffRequest, sheets: Sequence[RunSheet], day: date, now: datetime, context: dict[str, Any]
) -> HttpResponse:
    zone = sheets[0].zone if sheets else "UTC"
    return render(
        request, "journey/run_sheet.html", {"sheets": sheets, "day": day, "now": now, "zone": zone, **context}
    )


def _saved(request: StaffRequest, sheets: Sequence[RunSheet], day: date, now: datetime) -> HttpResponse:
    paper = found(paper_asked(request.GET.get("paper", "")))
    pdf = pdf_of(sheets, paper=paper, printed_by=request.actor.name, at=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = _("sheet")
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.pdf"'
    return response
