"""One shelter: its rooms, who sleeps there, what the public says of it, and the deeds of its desk."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, go_to, staff_page
from core.errors import DomainError
from shelters.actions import confirm_count, end_stays
from shelters.board import bar_of, kind_word
from shelters.forms import CapacityForm, EndStayForm
from shelters.models import LeavingReason, Shelter
from shelters.roster import guests_of

FAMILIES_PER_PAGE = 50


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def shelter(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A shelter: figures of each room, its guests by name, and every public word about it with date and source."""
    now = timezone.now()
    house = get_object_or_404(Shelter.objects.visible_to(request.actor).with_figures(now, told=True), uid=uid)
    guests = guests_of(house, actor=request.actor)
    page = Paginator(guests, FAMILIES_PER_PAGE).get_page(request.GET.get("page"))
    record_read(actor=request.actor, at=now, households=[one.household.uid for one in page], page="shelter")
    places, observations = house.figures, list(reversed(house.observations.all()))
    context = {
        "shelter": house,
        "places": places,
        "bar": bar_of(places),
        "units": [
            (unit, unit.figures, bar_of(unit.figures), kind_word(unit.kind, request.actor))
            for unit in house.units.all()
        ],
        "page": page,
        "unlisted": places.occupied - sum(one.people for one in guests),
        "observations": observations,
        "sources_differ": len({said.capacity_said for said in observations if said.capacity_said}) > 1,
        "is_open": house.is_open_at(now),
        "reasons": LeavingReason.choices,
        "capacity_form": CapacityForm(),
        "now": now,
    }
    return render(request, "shelters/shelter.html", {**context, "nav": "shelters"})


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def confirm(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The shelter counted, and its count agrees with the stays that the page showed (`stays`)."""
    house = get_object_or_404(Shelter.objects.visible_to(request.actor), uid=uid)
    shown = request.POST.get("stays", "")
    stays = int(shown) if shown.isdecimal() and len(shown) < 6 else None
    try:
        confirm_count(shelter=house, stays=stays, actor=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        if house.count_off:
            messages.warning(
                request, _("Somebody came or left while you looked: the count is noted, settle the difference.")
            )
        else:
            messages.success(request, _("Count confirmed. The figure is fresh again."))
    return go_to(request, reverse("shelters:shelter", args=[house.uid]))


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def leave(request: StaffRequest, uid: UUID, household_uid: UUID) -> HttpResponse:
    """A household left this shelter: all of its open stays there end."""
    house = get_object_or_404(Shelter.objects.visible_to(request.actor), uid=uid)
    household = get_object_or_404(Household.objects.visible_to(request.actor), uid=household_uid)
    form = EndStayForm(request.POST)
    back = reverse("shelters:shelter", args=[house.uid])
    if not form.is_valid():
        messages.warning(request, _("Say why they left."))
        return go_to(request, back)
    try:
        end_stays(
            household=household,
            shelter=house,
            reason=LeavingReason(form.cleaned_data["reason"]),
            actor=request.actor,
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(code)s left; the places are free.") % {"code": household.code})
    return go_to(request, back)
