"""The calendars of whoever is signed in, and the door at which calendars outside the house ask for them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.actions import record_read
from core.actors import Actor
from core.doors import StaffRequest, found, go_to, refused_in, staff_page
from core.pace import Pace, caller_of
from docket.actions.feeds import KEPT, Published, end_feed, fetch_feed, open_feed
from docket.appointments import AHEAD
from docket.forms.calendar import FeedForm
from docket.ical import written
from docket.models import CalendarFeed
from docket.models.feeds import digest_of
from docket.policies import HOLDERS

ACTOR = Actor.system("calendar")
pace = Pace("calendar-feeds", most=60, within_seconds=60)


@staff_page(*HOLDERS)
@require_http_methods(["GET", "POST"])
def calendars(request: StaffRequest) -> HttpResponse:
    """One's own calendars and a form for another; the answer to the form shows its address, once."""
    form = FeedForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        with refused_in(form):
            feed, token = open_feed(**form.said, actor=request.actor, at=timezone.now())
            address = request.build_absolute_uri(reverse("docket:calendar_feed", args=[token]))
            # Calendars ask behind "webcal" without TLS first: the secret would be on the wire.
            webcal = address.replace(f"{request.scheme}://", "webcals://" if request.is_secure() else "webcal://", 1)
            return _page(request, FeedForm(actor=request.actor), new=feed, address=address, webcal=webcal)
    return _page(request, form)


@staff_page(*HOLDERS)
@require_POST
def end_calendar(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Have the address of one of one's own calendars answer no more."""
    feed = get_object_or_404(CalendarFeed.objects.filter(user_id=request.actor.id), uid=uid)
    end_feed(feed=feed, actor=request.actor, at=timezone.now())
    messages.success(request, _("That address no longer answers. Take the calendar off your phone as well."))
    return go_to(request, reverse("docket:calendars"))


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. Nobody signs in here; what does not stand and what never was look the same."""
    now, caller, asked = timezone.now(), caller_of(request), digest_of(token)
    if pace.is_over(caller) or pace.is_over(asked):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    published = fetch_feed(token=token, actor=ACTOR, at=now)
    pace.note(asked if published else caller)
    published = found(published)
    etag = published.feed.etag
    answer = get_conditional_response(request, etag=etag) or _told(published, now)
    for name, value in {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}.items():
        answer[name] = value
    return answer


def _told(published: Published, now: datetime) -> HttpResponse:
    """The whole calendar, and that it was read."""
    record_read(actor=published.holder, at=now, households=published.households, page="calendar")
    return HttpResponse(written(published.feed, published.entries), content_type="text/calendar; charset=utf-8")


def _page(request: StaffRequest, form: FeedForm, **new: Any) -> HttpResponse:
    now = timezone.now()
    own = CalendarFeed.objects.filter(user_id=request.actor.id).standing(now).select_related("site__city")
    context = {
        "form": form,
        "feeds": own,
        "days": AHEAD.days,
        "kept_days": KEPT.days,
        "now": now,
        "zone": request.standing.place_zone,  # type: ignore[attr-defined]
        "city": request.standing.place_name or "UTC",  # type: ignore[attr-defined]
        "nav": "hearings",
        **new,
    }
    return render(request, "docket/calendars.html", context, status=422 if form.errors else 200)
