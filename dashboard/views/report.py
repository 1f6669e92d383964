"""The daily situation report: the page, and the files that leave."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actors import Actor, Capability
from core.doors import StaffRequest, staff_page
from core.look import long_day_of_year
from dashboard.actions import note_export
from dashboard.exporting import as_csv, as_xlsx
from dashboard.situation import situation
from places import zones
from places.choosing import day_named, field_sites, site_named
from places.models import Site

FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
A_DAY = timedelta(days=1)


@staff_page(Capability.SEE_REPORTS)
@require_GET
def report(request: StaffRequest) -> HttpResponse:
    """The report of `?day=` at `?site=`: today and the first of the actor's sites unless told."""
    now = timezone.now()
    sites, site, day = _place_and_day(request.actor, request.GET, now)
    found = situation(site=site, day=day, actor=request.actor, now=now)
    context = {
        "report": found,
        "sites": sites,
        "now": now,
        "zone": site.city.zone,
        "nav": "today",
        **_words_of(day),
        "today": zones.local(now, site.city.zone).date(),
    }
    return render(request, "dashboard/situation.html", context)


def _words_of(day: date) -> dict[str, Any]:
    """The day of the report as it is written, and those beside it."""
    return {
        "day_text": day.isoformat(),
        "day_words": long_day_of_year(day),
        "before": day - A_DAY,
        "after": day + A_DAY,
    }


@staff_page(Capability.SEE_REPORTS)
@require_POST
def export(request: StaffRequest) -> HttpResponse:
    """The report of a day as a file, which is written down."""
    now = timezone.now()
    _sites, site, day = _place_and_day(request.actor, request.POST, now)
    form = request.POST.get("form", "csv")
    if form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    content = write(situation(site=site, day=day, actor=request.actor, now=now))
    note_export(site=site, day=day, form=form, actor=request.actor, at=now)
    name = f"situation-{site.code}-{day.isoformat()}.{form}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _place_and_day(actor: Actor, asked: QueryDict, now: datetime) -> tuple[list[Site], Site, date]:
    """The sites to choose from, and the site and the day that are asked for."""
    sites = field_sites(actor)
    site = site_named(sites, asked.get("site", ""))
    if site is None:
        raise Http404
    return sites, site, day_named(asked.get("day", ""), site=site, now=now)
