"""Lists of free legal help: looking at them, printing them, and noting that a family was given one."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, staff_page
from core.inputs import uid_asked
from docket.legal_help import PRINTED, USUAL, cities_on, language_for, list_of, near_to, near_to_site, printable
from hearings.actions.representation import give_legal_list
from hearings.policies import can_give_list
from journey.families import Family, family_of
from journey.household_page import for_page
from places import zones

SEEN = "legal_help"  # as the read log knows it


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def legal_help(request: StaffRequest) -> HttpResponse:
    """The list of `?city=` in `?language=`."""
    return _shown(request, timezone.now(), None)


@staff_page(Capability.SEE_PEOPLE)
@require_http_methods(["GET", "POST"])
def give(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The list for one family, in its language where there is one; a POST notes that it was given."""
    now = timezone.now()
    household = found(for_page(Household.objects.visible_to(request.actor)).known_as(uid))
    if request.method == "POST":
        return _give(request, household, now)
    record_read(actor=request.actor, at=now, households=[household.uid], page=SEEN)
    return _shown(request, now, family_of(household, now=now, actor=request.actor))


def _give(request: StaffRequest, household: Household, now: datetime) -> HttpResponse:
    key, language = request.POST.get("city", ""), request.POST.get("language", "")
    cities = {str(city.pk): city for city in cities_on(household.day_at(now))}
    city, uid = found(cities.get(key)), found(uid_asked(request.POST.get("uid", "")))
    with answering(request, _("Noted: the list was given.")):
        spoken = language if language in PRINTED else USUAL
        give_legal_list(uid=uid, household=household, city=city, language=spoken, actor=request.actor, at=now)
    return go_to(request, reverse("journey:household", args=[household.uid]))


def _shown(request: Any, now: datetime, family: Family | None) -> HttpResponse:
    may_give = family is not None and can_give_list(request.actor, family.household)
    context = {"family": family, "may_give": may_give, "uid": uuid4(), "now": now, "nav": "hearings"}
    return render(request, "docket/legal_help.html", {**context, **_asked(request, now, family)})


def _asked(request: Any, now: datetime, family: Family | None) -> dict[str, Any]:
    """The list that the address names, or the one nearest to `family`, and what else there is to choose."""
    day = family.household.day_at(now) if family else zones.local(now, request.standing.place_zone).date()
    usual, missing = language_for(family) if family else (USUAL, "")
    cities = cities_on(day)
    named = list_of(
        cities=cities,
        wanted=request.GET.get("city", ""),
        day=day,
        language=request.GET.get("language", usual),
        near=near_to(family) if family else near_to_site(request.actor),
    )
    return {"list": named, "cities": cities, "languages": printable(), "missing": missing}
