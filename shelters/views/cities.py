"""The board by city, all cities at once, and what is asked of it in words."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from audit.actions import record_read
from core.actors import Actor, Capability
from core.doors import StaffRequest, go_to, staff_page
from places import languages
from places.models import Crossing
from shelters import board as boards
from shelters.board import City, Frontier, Order
from shelters.chips import chips_of, toggles_of
from shelters.live import answered, drawn, kept
from shelters.needs import Need, kinds_open_to, need_named
from shelters.needs_text import hear
from shelters.rules import Kind
from shelters.tonight import houses_tonight

FRONTIER = "all"


@staff_page(Capability.SEE_SHELTERS)
@require_http_methods(["GET", "POST"])
def board(request: StaffRequest) -> HttpResponse:
    """Every shelter of a city with what is free tonight; `?city=all` is every city.

    A POST says in words what is needed: they are not kept, and never stand in an address.
    """
    now = timezone.now()
    need = need_named(request.GET, actor=request.actor)
    if request.method == "POST":
        return _heard(request, now)
    return render(request, "shelters/board.html", _page(request, need, request.GET.get("city", ""), now))


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def live(request: StaffRequest) -> HttpResponse:
    """The figures again, for a page that stands open: in the order in which they stand there, or 304 where none changed."""
    now = timezone.now()
    context = _figures(request, need_named(request.GET, actor=request.actor), request.GET.get("city", ""), now)
    return answered(request, context, "shelters/_live.html")


def _page(request: StaffRequest, need: Need, code: str, now: datetime, rest: str = "") -> dict[str, Any]:
    context = _figures(request, need, code, now)
    context |= {"nav": "shelters", "rest": rest, "more": _more(request, need)}
    if context["city"] and request.actor.can(Capability.PLACE):
        context |= _waiting(request, context["city"], now)
    return context


def _figures(request: StaffRequest, need: Need, code: str, now: datetime) -> dict[str, Any]:
    """What the board shows of shelters, without anybody's name. A query where nothing happened since; else four, five with a bridge."""
    order = request.GET.get("order", "")

    def work_out(reader: Actor) -> dict[str, Any]:
        return _worked_out(reader, need, code, boards.order_named(order), now)

    if "more" in request.GET:  # whoever fills in the form asks once
        return work_out(request.actor)
    return kept(work_out, need, code, order, actor=request.actor, now=now) | {"now": now}


def _worked_out(reader: Actor, need: Need, code: str, order: Order, now: datetime) -> dict[str, Any]:
    houses = houses_tonight(actor=reader, now=now)
    cities = boards.cities(houses, need=need, actor=reader, now=now, order=order)
    is_all = code == FRONTIER and len(cities) > 1
    city = None if is_all else boards.city_named(cities, code)
    at = FRONTIER if is_all else city.site.code if city else ""
    context = {
        "cities": cities,
        "city": city,
        "frontier": Frontier(tuple(cities)) if is_all else None,
        "need": need,
        "query": need.query(at),
        "toggles": toggles_of(need, at, actor=reader),
        "chips": chips_of(need, at, city),
        "now": now,
    }
    return drawn(context, "lead", "cities", "figures")


def _heard(request: StaffRequest, now: datetime) -> HttpResponse:
    """What was typed, understood: its own address where all of it was, else the page with what was not."""
    cities = boards.cities(houses_tonight(actor=request.actor, now=now), need=Need(), actor=request.actor, now=now)
    heard = hear(
        request.POST.get("text", ""),
        crossings=Crossing.objects.by_city(),
        cities={city.site.name: city.site.city for city in cities},
        may_isolate=Kind.ISOLATION in kinds_open_to(request.actor),
    )
    named = next((city.site.code for city in cities if city.site.city == heard.city), request.POST.get("city", ""))
    if not heard.rest:
        return go_to(request, f"{reverse('shelters:board')}?{heard.need.query(named)}")
    return render(request, "shelters/board.html", _page(request, heard.need, named, now, heard.rest))


def _more(request: StaffRequest, need: Need) -> dict[str, Any] | None:
    """What the form asks for that has no chip of its own; read only where the form is open."""
    if "more" not in request.GET:
        return None
    return {
        "crossings": Crossing.objects.by_city(),
        "languages": languages.choices(),
        "near": need.near.pk if need.near else None,
    }


def _waiting(request: StaffRequest, city: City, now: datetime) -> dict[str, Any]:
    families = boards.waiting(actor=request.actor, site=city.site)
    shown = families[: boards.WAITING_SHOWN]
    record_read(actor=request.actor, at=now, households=[one.household.uid for one in shown], page="shelters")
    return {"waiting": shown, "more_wait": len(families) > boards.WAITING_SHOWN}
