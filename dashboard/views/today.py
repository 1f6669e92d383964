"""Today: what needs me now, tonight's departures, where is room, did reminders run."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actors import Standing
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.look import long_day
from dashboard import figures, log, night
from dashboard.todo import Facts, rows_of
from docket.counts import counts_of
from docket.not_reached import near
from journey.belonging import children_without_adult
from places import zones
from shelters.transfer_rows import transfers_waiting

MORNING_ENDS, AFTERNOON_ENDS = 12, 19


class TodayRequest(StaffRequest):
    """A request whose account is known with its place."""

    standing: Standing


@require_GET
@staff_page()
def today(request: TodayRequest) -> HttpResponse:
    """The first page after sign-in. Each role sees the parts that it can act on."""
    if request.actor.capabilities == {Capability.CHECK_LINE}:
        return redirect("docket:line")  # a caller has nothing but the list
    return render(request, "dashboard/today.html", page_of(request.standing, timezone.now()))


def page_of(standing: Standing, now: datetime) -> dict[str, Any]:
    """The context of the page."""
    actor, zone, facts = standing.actor, standing.place_zone, facts_of(standing, now)
    return {
        "now": now,
        "zone": zone,
        "nav": "today",
        "heading": heading(now, zone) if standing.place_name else f"{heading(now, zone)} {zone}",
        "greeting": greeting(now, zone, actor.name),
        "facts": facts,
        "may_log": actor.can(Capability.LOG_ARRIVAL),
        "hours": night.hours(),
        "todos": rows_of(facts),
        "day_of_log": log.day_of(actor=actor, now=now) if actor.can(Capability.SEE_AUDIT) else None,
    }


def facts_of(standing: Standing, now: datetime) -> Facts:
    """What the page shows to this account, part by part."""
    actor, zone = standing.actor, standing.place_zone
    free = figures.free_tonight(actor=actor, now=now) if actor.can(Capability.SEE_SHELTERS) else None
    if not actor.can(Capability.SEE_PEOPLE):
        return Facts(actor, standing.has_second_factor, free=free)
    coming = night.coming_night(actor=actor, now=now, zone=zone)
    return Facts(
        actor,
        standing.has_second_factor,
        night=coming,
        reception=figures.reception_now(actor=actor, now=now, zone=zone) if actor.can(Capability.EDIT_PEOPLE) else None,
        free=free,
        children=children_without_adult(actor=actor, now=now) if actor.can(Capability.EDIT_PEOPLE) else (),
        reminders=figures.reminders_today(actor=actor, now=now, zone=zone),
        worklists=counts_of(actor=actor, now=now, also=[near, transfers_waiting]),
    )


def heading(now: datetime, zone: str) -> str:
    """ "Thursday 16 December, 14:07" by the clock of `zone`."""
    local = zones.local(now, zone)
    return f"{capfirst(long_day(local))}, {local:%H:%M}"


def greeting(now: datetime, zone: str, name: str) -> str:
    """By the hour and the first name."""
    hour = zones.local(now, zone).hour
    first = name.split(" ", maxsplit=1)[0]
    words = (
        _("Good morning, %(name)s.")
        if hour < MORNING_ENDS
        else _("Good afternoon, %(name)s.")
        if hour < AFTERNOON_ENDS
        else _("Good evening, %(name)s.")
    )
    return words % {"name": first}
