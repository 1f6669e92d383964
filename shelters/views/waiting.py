"""Who waits for a place."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from core.actors import Actor, Capability
from core.doors import StaffRequest, staff_page
from places.models import Site
from shelters.waiting_list import MOST, waiting_list


@staff_page(Capability.PLACE)
@require_http_methods(["GET", "POST"])
def waiting(request: StaffRequest) -> HttpResponse:
    """The waiting list of a city, the most urgent first; those ticked can be planned for together, also over several pages: a POST
    turns the page and keeps who is ticked.
    """
    now = timezone.now()
    sites = field_sites(request.actor)
    site = site_named(sites, request.GET.get("city", ""))
    context: dict[str, Any] = {"sites": sites, "site": site, "now": now, "nav": "shelters"}
    if site is not None:
        after = request.POST.get("after") or request.GET.get("after", "")
        listed = waiting_list(site, actor=request.actor, at=now, after=after)
        seen = [row.seeker.household.uid for row in listed.rows]
        record_read(actor=request.actor, at=now, households=seen, page="waiting")
        ticked = _uids(request.POST.getlist("households"))
        context |= {"waiting": listed, "uid_for_all": uuid4(), "uid_for_chosen": uuid4(), "is_first": not after}
        context |= {"ticked": ticked, "ticked_before": sorted(ticked.difference(seen))}
    return render(request, "shelters/waiting.html", context)


def _uids(said: Sequence[str]) -> set[UUID]:
    """Those of `said` that are identifiers."""
    found = set()
    for each in said[:MOST]:
        with suppress(ValueError):
            found.add(UUID(each))
    return found


def field_sites(actor: Actor) -> list[Site]:
    """The field sites at which `actor` works, by name."""
    sites = Site.objects.field().select_related("city").order_by("name")
    return list(sites if actor.everywhere else sites.filter(pk__any_of=actor.site_ids))


def site_named(sites: list[Site], code: str) -> Site | None:
    """The site of `code`, or the first. One at which the actor does not work is as if it were not said."""
    return next((site for site in sites if site.code == code), sites[0] if sites else None)
