"""The coordinator's fourteen days."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.actors import Capability
from core.doors import StaffRequest, staff_page
from shelters import board as boards
from shelters.days import outlook
from shelters.needs import Need
from shelters.tonight import houses_tonight


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def day(request: StaffRequest) -> HttpResponse:
    """Who comes in the next fourteen days against what is free, and what asks for a coordinator. `?city=` is a field site's code.

    It names nobody of those who sleep there.
    """
    now = timezone.now()
    houses = houses_tonight(actor=request.actor, now=now)
    cities = boards.cities(houses, need=Need(), actor=request.actor, now=now)
    city = boards.city_named(cities, request.GET.get("city", ""))
    ahead = outlook(city, actor=request.actor, now=now) if city else None
    context = {"cities": cities, "city": city, "outlook": ahead, "now": now}
    return render(request, "shelters/day.html", {**context, "nav": "shelters"})
