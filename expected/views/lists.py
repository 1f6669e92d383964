"""Comparing the list of a day with who came, and bringing a list in."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, found, go_to, refused_in, staff_page
from core.look import long_day
from expected.actions.lists import receive_list
from expected.announced import Announced
from expected.comparison import Comparison, comparison
from expected.forms import ListForm
from expected.models import ExpectedList
from places.choosing import day_named, field_sites, site_named
from places.models import Site

SHOWN_MISTAKES = 6
A_DAY = timedelta(days=1)


@staff_page(Capability.LOG_ARRIVAL)
@require_GET
def compare(request: StaffRequest) -> HttpResponse:
    """`?day=` at `?site=`: the announced against who came; `?show=` is the part, `?page=` its page."""
    now, asked = timezone.now(), request.GET
    sites = field_sites(request.actor)
    site = found(site_named(sites, asked.get("site", "")))
    on = day_named(asked.get("day", ""), site=site, now=now)
    show, page = asked.get("show", ""), page_shown(asked.get("page", ""))
    compared = comparison(site=site, on=on, show=show, page=page, actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=compared.seen, page="expected")
    context = {"found": compared, "sites": sites, "now": now, **_days_of(compared)}
    return render(request, "expected/compare.html", context)


def _days_of(compared: Comparison) -> dict[str, object]:
    """What the page of a comparison says of its day, and where it leads from there."""
    return {
        "zone": compared.site.city.zone,
        "nav": "reception",
        "day_text": compared.on.isoformat(),
        "day_words": capfirst(long_day(compared.on)),
        "before": compared.on - A_DAY,
        "after": compared.on + A_DAY,
        "bring_address": f"{reverse('expected:bring')}?day={compared.on.isoformat()}&site={compared.site.code}",
    }


@staff_page(Capability.LOG_ARRIVAL)
@require_http_methods(["GET", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """Bring in the list of a day, or one that corrects it."""
    now = timezone.now()
    form = _form(request, now)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            taken, is_new = receive_list(**form.received(), actor=request.actor, at=now)
            _say_received(request, taken, is_new, form.cleaned_data["announced"])
            return go_to(request, page_of(form.cleaned_data["site"], form.cleaned_data["day"]))
    context = {"form": form, "nav": "reception"}
    return render(request, "expected/bring.html", context, status=422 if request.method == "POST" else 200)


def _form(request: StaffRequest, now: datetime) -> ListForm:
    """The form, for the day and site that the address names."""
    initial = {"day": request.GET["day"]} if "day" in request.GET else {}
    site_code, files = request.GET.get("site", ""), request.FILES or None
    return ListForm(request.POST or None, files, actor=request.actor, now=now, site_code=site_code, initial=initial)


def page_shown(text: str) -> int:
    """The number of a page that an address names, else 1."""
    return int(text) if text.isdecimal() and len(text) < 5 else 1


def page_of(site: Site, day: date, **more: object) -> str:
    """The address of the comparison of `day` at `site`."""
    return f"{reverse('expected:compare')}?{urlencode({'day': day.isoformat(), 'site': site.code, **more})}"


def _say_received(request: StaffRequest, taken: ExpectedList, is_new: bool, announced: Announced) -> None:
    if not is_new:
        messages.info(request, _("This list was already here. Nothing changed."))
        return
    words = ngettext("Received: %(n)d family announced.", "Received: %(n)d families announced.", taken.families)
    parts = [words % {"n": taken.families}]
    if taken.number > 1:
        parts.append(
            _("%(added)d new, %(changed)d corrected, %(off)d taken off.")
            % {"added": taken.added, "changed": taken.changed, "off": taken.taken_off}
        )
    messages.success(request, " ".join(parts))
    _say_mistakes(request, announced)


def _say_mistakes(request: StaffRequest, announced: Announced) -> None:
    """Which cells were left empty, by row and column."""
    if not announced.mistakes:
        return
    places = [
        _("row %(row)d, column %(column)s: %(words)s")
        % {"row": mistake.row, "column": mistake.column, "words": mistake.words}
        for mistake in announced.mistakes[:SHOWN_MISTAKES]
    ]
    count = len(announced.mistakes)
    words = ngettext(
        "%(n)d cell could not be read and was left empty:", "%(n)d cells could not be read and were left empty:", count
    )
    more = [_("and others")] if count > SHOWN_MISTAKES else []
    messages.warning(request, f"{words % {'n': count}} {'; '.join([*places, *more])}")
