"""The reception board: one tap, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from cases.actions.taps import take_back
from cases.models import Household, Person, Tap
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, next_of, staff_page
from core.errors import DomainError
from journey import board as boards
from journey.actions.reception import back_to_their_place, check_papers, document_all, take_tests_of_adults
from journey.board_facts import facts_for
from journey.reception_page import MOST_DIGITS, address_of, reception_page
from journey.views.saying import say_done

ONE_TAP = {
    "documents": document_all,
    "papers": check_papers,
    "tests": take_tests_of_adults,
    "placed": back_to_their_place,
}


class NobodyTicked(DomainError):
    """Everybody of the household was unticked."""

    code = "nobody_ticked"
    message = _("Nobody was ticked, so nothing was noted. Tick those for whom it is done.")
    http_status = 422


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Households by what they wait for. `?lane=` is the lane that a phone shows, from its card `?from=`; `?only=`, `?over=` filter."""
    now = timezone.now()
    context = {**_shown(request, request.GET, now), "facts": facts_for(request.actor, now)}
    return render(request, "journey/reception.html", context)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def news(request: StaffRequest) -> HttpResponse:
    """Whether the board has changed since `?seen=`: nothing (204), or a chip that offers to show it. Nothing moves by itself."""
    if boards.version(request.actor) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "journey/reception.html#news", {"back": address_of(request.GET)})


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def advance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Do the usual next thing for a household or those ticked, and come back to the board: in place where htmx asked."""
    now = timezone.now()
    household = get_object_or_404(Household.objects.visible_to(request.actor).select_related("site__city"), uid=uid)
    deed = ONE_TAP.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    with answering(request):
        deed(household=household, people=_ticked(request, household), actor=request.actor, at=now)
        say_done(request, household, now)
    return _back(request, now)


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def undo(request: StaffRequest, tap_uid: UUID) -> HttpResponse:
    """Take back what one tap wrote."""
    now = timezone.now()
    taps = Tap.objects.visible_to(request.actor).select_related("household", "isolation")
    tap = get_object_or_404(taps, uid=tap_uid)
    with answering(request, _("Taken back: %(code)s is as it was before.") % {"code": tap.household.code}):
        take_back(tap=tap, actor=request.actor, at=now)
    return go_to(request, next_of(request)) if "next" in request.POST else _back(request, now)


def _ticked(request: StaffRequest, household: Household) -> list[Person] | None:
    """Those ticked on the card; None where the card offered nobody to tick. Raises NobodyTicked."""
    if "some" not in request.POST:
        return None
    keys = {int(key) for key in request.POST.getlist("people") if key.isdecimal() and len(key) <= MOST_DIGITS * 2}
    found = [person for person in household.people.all() if person.pk in keys]
    if not found:
        raise NobodyTicked()
    return found


def _back(request: StaffRequest, now: datetime) -> HttpResponse:
    """The board again, as it was looked at: all of it for a form, its lanes alone for htmx."""
    if not getattr(request, "htmx", False):
        return go_to(request, address_of(request.POST))
    return render(request, "journey/reception.html#answer", _shown(request, request.POST, now))


def _shown(request: StaffRequest, asked: QueryDict, now: datetime) -> Mapping[str, Any]:
    """What the page shows; that these names were seen is recorded."""
    page = reception_page(asked, actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=page.named, page="reception")
    return page.context
