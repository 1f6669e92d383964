"""The page that finds a place for one household."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import record_read
from cases.models import Household
from cases.needs import need_kind
from core.actors import Capability
from core.doors import StaffRequest, found, go_to, staff_page
from core.errors import DomainError
from core.inputs import number_asked
from places.models import Crossing
from shelters import board as boards
from shelters.actions import assign_place, hold_places, release_hold
from shelters.board import City
from shelters.forms import PlaceForm
from shelters.models import Hold, Shelter
from shelters.needs import Need
from shelters.ranking import no_room_words, rank
from shelters.seekers import Seeker, seekers_of
from shelters.views.saying import say_where

HOLD_FOR = timedelta(hours=2)


@staff_page(Capability.PLACE)
@require_http_methods(["GET", "POST"])
def place(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Where a household fits and why not elsewhere; a POST gives it the place."""
    now = timezone.now()
    if request.method == "GET":
        return _placing(request, uid, now)
    household = _household(request, uid)
    form = PlaceForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _placing(request, uid, now, _("Choose a room from the list."), 422)
    unit, reason = form.cleaned_data["unit"], form.cleaned_data["over_capacity_reason"]
    try:
        assign_place(household=household, unit=unit, over_capacity_reason=reason, actor=request.actor, at=now)
    except DomainError as refusal:
        return _placing(request, uid, now, str(refusal), refusal.http_status)
    say_where(request, household, unit)
    return go_to(request, _after(household))


@staff_page(Capability.PLACE)
@require_POST
def hold(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Keep places of a room for a household for two hours."""
    now = timezone.now()
    household = _household(request, uid)
    form = PlaceForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _placing(request, uid, now, _("Choose a room from the list."), 422)
    unit = form.cleaned_data["unit"]
    try:
        hold_places(household=household, unit=unit, expires_at=now + HOLD_FOR, actor=request.actor, at=now)
    except DomainError as refusal:
        return _placing(request, uid, now, str(refusal), refusal.http_status)
    words = {"code": household.code, "shelter": unit.shelter.name}
    messages.success(request, _("Places are held for %(code)s at %(shelter)s for two hours.") % words)
    return go_to(request, reverse("shelters:place", args=[household.uid]))


@staff_page(Capability.PLACE)
@require_POST
def release(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give back the places that are held for a household; once they are free, a second tap changes nothing."""
    now, household = timezone.now(), _household(request, uid)
    held = Hold.objects.standing_at(now).filter(household=household).select_related("household", "unit__shelter")
    try:
        for standing in held:
            release_hold(hold=standing, actor=request.actor, at=now)
    except DomainError as refusal:
        return _placing(request, uid, now, str(refusal), refusal.http_status)
    messages.success(request, _("Nothing is held for %(code)s any more.") % {"code": household.code})
    return go_to(request, reverse("shelters:place", args=[household.uid]))


def _household(request: StaffRequest, uid: UUID) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.actor).select_related("site__city"), uid=uid)


def _placing(request: StaffRequest, uid: UUID, now: datetime, refusal: str = "", status: int = 200) -> HttpResponse:
    seen = Household.objects.visible_to(request.actor).filter(uid=uid)
    seeker = found(next(iter(seekers_of(seen, at=now, near=_named_bridge(request))), None))
    context = {**_seeker_told(seeker), **_ranked(request, seeker, now), "refusal": refusal, "now": now}
    record_read(actor=request.actor, at=now, households=[uid], page="placing")
    return render(request, "shelters/place.html", {**context, "nav": "shelters"}, status=status)


def _seeker_told(seeker: Seeker) -> dict[str, Any]:
    people = seeker.people
    return {
        "household": seeker.household,
        "name": seeker.name,
        "surnames": people[0].surnames if len(people) > 1 else "",
        "party": seeker.party,
        "needs": [need_kind(code) for code in sorted(seeker.party.needs)],
        "near": seeker.wishes.near,
        "held_until": seeker.held_until,
        "unseen": seeker.unseen,
    }


def _ranked(request: StaffRequest, seeker: Seeker, now: datetime) -> dict[str, Any]:
    """The city that is looked at, its shelters, and how they suit."""
    need = Need(party=seeker.party)
    shelters = boards.shelters_tonight(actor=request.actor, now=now)
    cities = boards.cities(shelters, need=need, actor=request.actor, now=now)
    current = boards.city_named(cities, request.GET.get("city", seeker.household.site.code))
    ranking = rank(_of_city(shelters, current), party=seeker.party, wishes=seeker.wishes, actor=request.actor, at=now)
    goes_over = request.actor.can(Capability.OVER_CAPACITY)
    return {
        "keep_near": request.GET.get("near", ""),
        "cities": cities,
        "city": current,
        "need": need,
        "ranking": ranking,
        "no_room": no_room_words(ranking, party=seeker.party, may_go_over=goes_over, other_cities=len(cities) > 1),
        "may_go_over": goes_over,
    }


def _named_bridge(request: StaffRequest) -> Crossing | None:
    """The bridge that the caller names; without one that of the next hearing counts, else where they came over."""
    named = request.GET.get("near", "")
    if not named:
        return None
    return get_object_or_404(Crossing.objects.select_related("city"), pk=found(number_asked(named)))


def _of_city(shelters: list[Shelter], city: City | None) -> list[Shelter]:
    return [shelter for shelter in shelters if city and shelter.site.parent_id == city.site.pk]


def _after(household: Household) -> str:
    return f"{reverse('shelters:board')}?{urlencode({'city': household.site.code})}"
