"""Calling the roll on a phone: room by room, each room or tap posted by itself, and the end of it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from core.errors import DomainError
from shelters.actions.roll_calls import drop_roll_call, finish_roll_call, mark_guests
from shelters.errors import RollCallOver
from shelters.models import RollCall, RollCallMark, Shelter
from shelters.roll_call import open_roll_call, roll_of, tally_of
from shelters.roll_call_forms import FinishForm, follows_in, seen_in


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def roll_call(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The roll. A POST notes what was seen of those it names; the first one begins the roll call."""
    now, house = timezone.now(), _house(request, uid)
    if request.method == "POST":
        return _note(request, house, now)
    going = open_roll_call(house, now)
    roll = roll_of(house, roll_call=going, actor=request.actor)
    record_read(actor=request.actor, at=now, households=[each.uid for each in roll.households], page="roll_call")
    first = next((room for room in roll.rooms if not room.is_done), None)
    follows = RollCall.objects.filter(shelter=house).uid_before(going)
    context = {"shelter": house, "going": going, "follows": follows, "roll": roll, "first": first, "now": now}
    return render(request, "shelters/roll_call.html", {**context, "nav": "shelters"})


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def finish(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who was not seen and whom nobody called, before it is said that the roll call is done."""
    now, house = timezone.now(), _house(request, uid)
    going = open_roll_call(house, now)
    if going is None or (request.method == "POST" and not _is_of_this_page(request, going)):
        return go_to(request, reverse("shelters:roll_call", args=[uid]))
    form = FinishForm(request.POST or None)
    if form.is_valid():
        return _finish(request, going, form.cleaned_data["others"] or 0, now)
    roll = roll_of(house, roll_call=going, actor=request.actor)
    record_read(actor=request.actor, at=now, households=[each.uid for each in roll.households], page="roll_call")
    context = {"shelter": house, "going": going, "roll": roll, "form": form, "now": now, "nav": "shelters"}
    return render(request, "shelters/roll_call_end.html", context, status=422 if form.is_bound else 200)


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def drop(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Put the open roll call aside and begin anew."""
    now, house = timezone.now(), _house(request, uid)
    going = open_roll_call(house, now)
    if going is not None and _is_of_this_page(request, going):
        with answering(request, _("The roll call was put aside. Begin anew when you are ready.")):
            drop_roll_call(roll_call=going, actor=request.actor, at=now)
    return go_to(request, reverse("shelters:roll_call", args=[uid]))


def _is_of_this_page(request: StaffRequest, going: RollCall) -> bool:
    """Whether what was sent is about the roll call that is `going` on: an old page ends no other, and is told so."""
    if request.POST.get("roll_call") == str(going.uid):
        return True
    messages.warning(request, str(RollCallOver.message))
    return False


def _house(request: StaffRequest, uid: UUID) -> Shelter:
    return get_object_or_404(Shelter.objects.visible_to(request.actor).select_related("site__city"), uid=uid)


def _note(request: StaffRequest, house: Shelter, now: datetime) -> HttpResponse:
    """Note the marks of a form, or of a tap, which is answered with how far the roll call is."""
    is_tap = request.headers.get("Accept") == "application/json"
    try:
        going = mark_guests(
            shelter=house, seen=seen_in(request.POST), follows=follows_in(request.POST), actor=request.actor, at=now
        )
    except DomainError as refusal:
        if is_tap:
            return JsonResponse({"refusal": str(refusal)}, status=refusal.http_status)
        messages.warning(request, str(refusal))
        return go_to(request, reverse("shelters:roll_call", args=[house.uid]))
    if is_tap:
        return JsonResponse(tally_of(house, roll_call=going, actor=request.actor))
    place = request.POST.get("room", "")
    return go_to(
        request, reverse("shelters:roll_call", args=[house.uid]) + (f"#room-{place}" if place.isdigit() else "")
    )


def _finish(request: StaffRequest, going: RollCall, others: int, now: datetime) -> HttpResponse:
    with answering(request):
        ended = finish_roll_call(roll_call=going, others=others, actor=request.actor, at=now)
        _tell(request, ended)
    return go_to(request, reverse("shelters:shelter", args=[going.shelter.uid]))


def _tell(request: StaffRequest, ended: RollCall) -> None:
    """What it came to, and what somebody must still settle."""
    if ended.count is not None and ended.count.difference:
        messages.warning(
            request, _("Roll call finished: the count differs from the stays. Settle the difference below.")
        )
    elif ended.marks.filter(seen=RollCallMark.Seen.MISSING).exists():
        messages.warning(request, _("Roll call finished. Who was not seen stands below until somebody settles it."))
    else:
        messages.success(request, _("Roll call finished: the count agrees with the stays."))
