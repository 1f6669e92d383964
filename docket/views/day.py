"""Working the docket of a day."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.actors import Standing
from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.inputs import day_asked, number_asked
from docket.day import Docket, Only, docket_of
from docket.lights import look_of
from places import zones

LAST, LAST_DAY = "last", "docket_day"  # the word in an address, and the cookie that keeps the day it means
HOURS_KEPT = 12


class PlacedRequest(StaffRequest):
    """A request whose account is known with its place."""

    standing: Standing


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def hearings(request: PlacedRequest) -> HttpResponse:
    """The docket of `?day=` (the next one unless told) at `?crossing=`, filtered by `?only=`, fifty families a page.

    The pages of the office lead back to the day that was looked at last (`?day=last`), which the browser keeps.
    """
    now, day = timezone.now(), _day_of(request)
    docket = _docket(request, day, now)
    shown = {row.family.household.uid for row in docket.rows}
    record_read(actor=request.actor, at=now, households=shown, page="hearings")
    context = {"docket": docket, "now": now, "nav": "hearings", **addresses_of(docket), "picks": "month" in request.GET}
    context["seen"] = look_of(docket.everyone)
    return _kept(request, render(request, "docket/day.html", context), day)


def _docket(request: PlacedRequest, day: date | None, now: datetime) -> Docket:
    return docket_of(
        day=day,
        month=day_asked(f"{request.GET.get('month', '')}-01"),
        crossing=number_asked(request.GET.get("crossing", "")),
        only=Only(request.GET["only"]) if request.GET.get("only") in Only.values else None,
        page=number_asked(request.GET.get("page", "")) or 1,
        actor=request.actor,
        now=now,
        today=zones.local(now, request.standing.place_zone).date(),
    )


def _day_of(request: HttpRequest) -> date | None:
    asked = request.GET.get("day", "")
    return day_asked(request.COOKIES.get(LAST_DAY, "") if asked == LAST else asked)


def _kept(request: HttpRequest, response: HttpResponse, day: date | None) -> HttpResponse:
    """`response`, with which the browser knows the day; whoever asks for none begins anew."""
    if day is None:
        response.delete_cookie(LAST_DAY)
    else:
        seconds, safe = HOURS_KEPT * 60 * 60, request.is_secure()
        response.set_cookie(LAST_DAY, day.isoformat(), max_age=seconds, samesite="Lax", secure=safe, httponly=True)
    return response


def addresses_of(docket: Docket) -> dict[str, str]:
    """The queries of the addresses that lead on from a docket: the same place on another day, another crossing, filter or page."""
    place = {} if docket.crossing is None else {"crossing": docket.crossing}
    only = {} if docket.only is None else {"only": docket.only.value}
    day = {"day": docket.day.isoformat()}
    return {
        "kept": urlencode({**place, **only}),
        "of_day": urlencode(day),
        "of_place": urlencode({**day, **place}),
        "of_filter": urlencode({**day, **only}),
        "of_page": urlencode({**day, **place, **only}),
    }
