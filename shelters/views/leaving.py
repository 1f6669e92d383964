"""Guests who go: for good, or for a time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from cases.models import Absence, Household
from core.actors import Capability
from core.doors import StaffRequest, go_to, refused_in, staff_page
from shelters.actions import end_stays, note_back, note_out
from shelters.going import Going, going_of
from shelters.models import Destination, LeavingReason, Shelter
from shelters.movement_forms import LeaveForm, OutForm, WhoForm


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def going(request: StaffRequest, uid: UUID, household_uid: UUID) -> HttpResponse:
    """Who of a household sleeps here and who is out; a POST says that some leave for good, are out for a time, or are back."""
    now = timezone.now()
    house = get_object_or_404(Shelter.objects.visible_to(request.actor).select_related("site__city"), uid=uid)
    household = get_object_or_404(
        Household.objects.visible_to(request.actor).select_related("site__city"), uid=household_uid
    )
    found = going_of(household, house)
    sent = request.POST if request.method == "POST" else None
    forms, what = _forms(found, sent, now), request.POST.get("what", "")
    is_done = what in forms and forms[what].is_valid() and _done(request, found, what, forms[what], now)
    if is_done or not found.guests:
        return go_to(request, reverse("shelters:shelter", args=[house.uid]))
    record_read(actor=request.actor, at=now, households=[household.uid], page="going")
    context = {"going": found, "forms": forms, "now": now, "nav": "shelters"}
    return render(request, "shelters/going.html", context, status=422 if sent is not None else 200)


def _forms(found: Going, sent: QueryDict | None, now: datetime) -> dict[str, WhoForm]:
    """The three forms; only the one that was sent is bound."""
    what = sent.get("what") if sent is not None else None
    people, zone = [guest.person for guest in found.guests], found.shelter.site.city.zone
    out = [guest.person for guest in found.guests if guest.absence]

    def data(name: str) -> QueryDict | None:
        return sent if what == name else None

    return {
        "leave": LeaveForm(data("leave"), people=people),
        "out": OutForm(data("out"), people=people, zone=zone, now=now),
        "back": WhoForm(data("back"), people=out),
    }


def _leave(about: dict[str, Any], said: dict[str, Any]) -> None:
    end_stays(**about, reason=LeavingReason(said["reason"]), destination=Destination(said["destination"]))


def _go_out(about: dict[str, Any], said: dict[str, Any]) -> None:
    note_out(**about, reason=Absence.Reason(said["out_reason"]), expected_at=said["expected_at"])


def _come_back(about: dict[str, Any], said: dict[str, Any]) -> None:
    note_back(**about)


DEEDS: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], None], Promise]] = {
    "leave": (_leave, gettext_lazy("%(code)s left; the places are free.")),
    "out": (_go_out, gettext_lazy("Noted. The places of %(code)s stay theirs.")),
    "back": (_come_back, gettext_lazy("Welcome back, %(code)s.")),
}
# Whom nobody saw leave did not leave.
LEFT_OTHERWISE: dict[str, Promise] = {
    LeavingReason.LOST: gettext_lazy("It is noted that contact with %(code)s is lost; the places are free."),
    LeavingReason.COURT: gettext_lazy("It is noted that %(code)s did not return from court; the places are free."),
    LeavingReason.MISTAKE: gettext_lazy("The stay of %(code)s is taken off as a mistake; the places are free."),
}


def _done(request: StaffRequest, found: Going, what: str, form: WhoForm, now: datetime) -> bool:
    """Do what was said; a refusal stands in the form."""
    about = {"household": found.household, "people": form.chosen, "shelter": found.shelter}
    deed, words = DEEDS[what]
    with refused_in(form):
        deed({**about, "actor": request.actor, "at": now}, form.cleaned_data)
        words = LEFT_OTHERWISE.get(form.cleaned_data.get("reason", ""), words)
        messages.success(request, str(words) % {"code": found.household.code})
    return not form.errors
