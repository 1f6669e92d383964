"""The shelters of a city as they were."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.actors import Capability
from core.doors import StaffRequest, staff_page
from places.models import Site
from shelters.models import Shelter
from shelters.movement_forms import PastForm
from shelters.past import at_moment


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def past(request: StaffRequest) -> HttpResponse:
    """Occupancy and capacity at a moment that is past, by the clock of the city; last night at ten unless told. It names nobody."""
    now, seen = timezone.now(), Shelter.objects.visible_to(request.actor)
    sites = list(Site.objects.filter(pk__in=seen.values("site__parent")).select_related("city").order_by("name"))
    site = next((one for one in sites if one.code == request.GET.get("city")), sites[0] if sites else None)
    context: dict[str, Any] = {"sites": sites, "site": site, "now": now, "nav": "shelters"}
    if site is None:
        return render(request, "shelters/past.html", context)
    form = PastForm.of(request.GET, zone=site.city.zone, now=now)
    if form.is_valid():
        shelters = list(seen.filter(site__parent=site).order_by("name"))
        context["then"] = at_moment(shelters, form.cleaned_data["moment"])
    return render(request, "shelters/past.html", {**context, "form": form}, status=422 if form.errors else 200)
