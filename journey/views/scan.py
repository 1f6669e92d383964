"""Scanning cards, with a camera, a hand scanner or typed. Always a POST: no code of a card stands in an address."""

from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, go_to, staff_page
from core.errors import DomainError
from journey.scanning import ICONS, Scanned, Station, by_card, do_at, stations_of

LONGEST_CODE = 80
KEPT = "scan-station"


@staff_page(Capability.SEE_PEOPLE)
@require_http_methods(["GET", "POST"])
def scan(request: StaffRequest) -> HttpResponse:
    """Choose the table once; then each card opens its family, or does there what is done and says it, with a way back."""
    now = timezone.now()
    station = _station(request)
    text = request.POST.get("code", "").strip()[:LONGEST_CODE]
    done, refusal = _answer(request, text, station, now) if text else (None, "")
    if done and station is Station.OPEN:
        return go_to(request, reverse("journey:household", args=[done.household.uid]))
    stations = [(each, ICONS[each]) for each in stations_of(request.actor)]
    context = {"stations": stations, "station": station, "done": done, "refusal": refusal, "look": uuid4()}
    part = "#scanned" if getattr(request, "htmx", False) else ""
    shown = {**context, "typed": text if refusal else "", "nav": "reception"}
    return render(request, f"journey/scan.html{part}", shown, status=422 if refusal else 200)


def _answer(request: StaffRequest, text: str, station: Station, now: datetime) -> tuple[Scanned | None, str]:
    """What the scan did, or why it was refused."""
    try:
        return _scanned(request, text, station, now), ""
    except DomainError as refusal:
        return None, str(refusal)


def _scanned(request: StaffRequest, text: str, station: Station, now: datetime) -> Scanned:
    household = by_card(text, station, actor=request.actor, at=now)
    record_read(actor=request.actor, at=now, households=[household.uid], page="scan")
    if station is Station.OPEN:
        return Scanned(household, "", "")
    return do_at(station, household, uid=_look(request), actor=request.actor, at=now)


def _look(request: StaffRequest) -> UUID:
    """The id that the page made for this scan, so that a second tap does nothing twice."""
    try:
        return UUID(request.POST.get("look", ""))
    except ValueError:
        return uuid4()


def _station(request: StaffRequest) -> Station:
    """The table chosen now, the one that a link names, or the one of before; opening where none is open to this role."""
    open_to = stations_of(request.actor)
    wanted = request.POST.get("station") or request.GET.get("at") or request.session.get(KEPT, "")
    station = Station(wanted) if wanted in Station.values and Station(wanted) in open_to else Station.OPEN
    if request.method == "POST" and request.session.get(KEPT) != station.value:
        request.session[KEPT] = station.value
    return station
