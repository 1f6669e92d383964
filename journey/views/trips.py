"""How a family gets to the bridge, and its light while somebody looks at it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, staff_page
from hearings.actions.trips import note_trip, withdraw_trip
from hearings.models import Trip
from hearings.policies import MAY_ARRANGE
from journey.families import families_of, family_of
from journey.forms.trips import TripForm
from journey.household_page import household_of_page, light_of_page
from journey.later import day_of
from journey.plan import plan_of
from journey.views.noting import note


@staff_page(*MAY_ARRANGE)
@require_http_methods(["GET", "POST"])
def trip_page(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """Note how they get to the bridge of a hearing that is ahead, with the plan read backwards from that one."""
    now = timezone.now()
    household = found(household_of_page(uid, actor=request.actor))
    family = found(family_of(household, now=now).going_to(hearing_uid))
    hearing = found(family.hearing)
    sent: Any = request.POST if request.method == "POST" else None
    form = TripForm(sent, family=family, now=now, hearing=hearing)

    def deed() -> object:
        return note_trip(hearing=hearing, **form.entry(), actor=request.actor, at=now)

    heading, shown = _("How they get to the bridge"), {"day": day_of(hearing, now), "plan": plan_of(family)}
    return note(request, form, deed, heading=heading, icon="bus", template="journey/trip.html", nav="hearings", **shown)


@staff_page(*MAY_ARRANGE)
@require_POST
def withdraw_trip_page(request: StaffRequest, uid: UUID, trip_uid: UUID) -> HttpResponse:
    """Take back how they get there."""
    visible = Trip.objects.visible_to(request.actor).select_related("hearing__household")
    trip = get_object_or_404(visible, uid=trip_uid, hearing__household__uid=uid)
    with answering(request, _("Taken back.")):
        withdraw_trip(trip=trip, actor=request.actor, at=timezone.now())
    return go_to(request, reverse("journey:household", args=[uid]))


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def light(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Light and plan of a page that stands open, where they differ from those `?seen=` there; else nothing (204)."""
    now = timezone.now()
    household = get_object_or_404(Household.objects.visible_to(request.actor).select_related("site__city"), uid=uid)
    family = families_of([household], now=now, actor=request.actor)[0]
    shown = light_of_page(family, actor=request.actor, now=now)
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    record_read(actor=request.actor, at=now, households=[uid], page="household")
    return render(
        request, "journey/household.html#live", {**shown, "family": family, "household": household, "live": True}
    )
