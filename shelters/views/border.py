"""The map of the border: where there is room, from the Pacific to the Gulf."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.actors import Capability
from core.doors import StaffRequest, staff_page
from places.models import Crossing
from shelters import board as boards
from shelters.board import Frontier
from shelters.border import STRETCHES, WHOLE, drawing
from shelters.needs import need_named
from shelters.tonight import houses_tonight


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def border(request: StaffRequest) -> HttpResponse:
    """Ports, bridges and what each city has free, drawn and as a list that says the same. Four queries."""
    now = timezone.now()
    need = need_named(request.GET, actor=request.actor)
    houses = houses_tonight(actor=request.actor, now=now)
    cities = boards.cities(houses, need=need, actor=request.actor, now=now)
    crossings = list(Crossing.objects.by_city())
    gates: dict[int, list[Crossing]] = {}
    for crossing in crossings:
        gates.setdefault(crossing.city_id, []).append(crossing)
    stretches = [drawing(stretch, cities, crossings) for stretch in STRETCHES]
    context = {
        "frontier": Frontier(tuple(cities)),
        "need": need,
        "listed": [(city, gates.get(city.site.city, [])) for city in cities],
        "whole": drawing(WHOLE, cities, crossings),
        "stretches": [each for each in stretches if each.cities],
        "now": now,
    }
    return render(request, "shelters/map.html", {**context, "nav": "shelters"})
