"""The household page, and the list of households."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, found, go_to, staff_page
from journey.families import families_of, family_of
from journey.household_page import household_of_page, page_of
from journey.people_list import page_after, rows_of


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def household_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Everything that is known of a household; `?all=1` tells the whole of what has happened."""
    return _page(request, uid, timezone.now(), page="household")


@staff_page(Capability.SEE_PEOPLE)
@require_POST
def show_numbers(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The same page with its A-numbers in full, which is a read of its own."""
    return _page(request, uid, timezone.now(), page="household.numbers", with_numbers=True)


def _page(request: StaffRequest, uid: UUID, now: datetime, *, page: str, with_numbers: bool = False) -> HttpResponse:
    household = found(household_of_page(uid, actor=request.actor))
    if household.uid != uid:
        return go_to(request, reverse("journey:household", args=[household.uid]))  # its file was merged into this one
    family = family_of(household, now=now, actor=request.actor)
    record_read(actor=request.actor, at=now, households=[household.uid], page=page)
    context = page_of(family, actor=request.actor, now=now, whole="all" in request.GET)
    return render(
        request, "journey/household.html", {**context, "shows_numbers": with_numbers, "now": now, "nav": "reception"}
    )


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """The households that the actor may see, the newest arrival first, fifty a page."""
    now = timezone.now()
    page = page_after(request.GET.get("after", ""), actor=request.actor)
    record_read(actor=request.actor, at=now, households=(each.uid for each in page.rows), page="people")
    rows = rows_of(families_of(page.rows, now=now, actor=request.actor), actor=request.actor, now=now)
    return render(
        request, "journey/people.html", {"rows": rows, "next_cursor": page.next_cursor, "now": now, "nav": "reception"}
    )
