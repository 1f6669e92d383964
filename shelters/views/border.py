"""The map of the border: where there is room, from the Pacific to the Gulf."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.actors import Actor, Capability
from core.doors import StaffRequest, staff_page
from places.models import Crossing
from shelters import board as boards
from shelters.board import Frontier
from shelters.border import STRETCHES, WHOLE, drawing
from shelters.live import answered, drawn, kept
from shelters.needs import Need, need_named
from shelters.tonight import houses_tonight


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def border(request: StaffRequest) -> HttpResponse:
    """Ports, bridges and what each city has free, drawn and as a list saying the same. Five queries, one where nothing happened since."""
    context = _figures(request, timezone.now())
    return render(request, "shelters/map.html", {**context, "nav": "shelters"})


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def live(request: StaffRequest) -> HttpResponse:
    """The same again for a map that stands open, or 304 where nothing changed."""
    return answered(request, _figures(request, timezone.now()), "shelters/_map_live.html")


def _figures(request: StaffRequest, now: datetime) -> dict[str, Any]:
    need = need_named(request.GET, actor=request.actor)

    def work_out(reader: Actor) -> dict[str, Any]:
        return _worked_out(reader, need, now)

    return kept(work_out, need, actor=request.actor, now=now)


def _worked_out(reader: Actor, need: Need, now: datetime) -> dict[str, Any]:
    houses = houses_tonight(actor=reader, now=now)
    cities = boards.cities(houses, need=need, actor=reader, now=now)
    crossings = list(Crossing.objects.by_city())
    gates: dict[int, list[Crossing]] = {}
    for crossing in crossings:
        gates.setdefault(crossing.city_id, []).append(crossing)
    stretches = [drawing(stretch, cities, crossings) for stretch in STRETCHES]
    context = {
        "frontier": Frontier(tuple(cities)),
        "need": need,
        "query": need.query(""),
        "listed": [(city, gates.get(city.site.city, [])) for city in cities],
        "whole": drawing(WHOLE, cities, crossings),
        "stretches": [each for each in stretches if each.cities],
    }
    return drawn(context, "lead", "map_figures")
