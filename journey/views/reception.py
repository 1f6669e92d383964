"""The reception board."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
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
from journey import board as boards
from journey.actions.reception import document_all, take_tests_of_adults
from journey.board import ONLY_ICONS, Lane, Only
from journey.board_facts import facts_for

ONE_TAP = {"documents": document_all, "tests": take_tests_of_adults}


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Households by what they wait for. `?lane=` is the lane that a phone shows, `?only=` a filter."""
    now = timezone.now()
    found = boards.cards(actor=request.actor, now=now)
    only = request.GET.get("only")
    chosen = [card for card in found if only not in Only.values or card.answers(Only(only), now)]
    lanes = boards.lanes(chosen, actor=request.actor)
    shown = {card.household.uid for lane in lanes for card in lane.cards}
    record_read(actor=request.actor, at=now, households=shown, page="reception")
    filters = [(choice, ONLY_ICONS[choice], sum(card.answers(choice, now) for card in found)) for choice in Only]
    lane = request.GET.get("lane") if request.GET.get("lane") in [each.lane for each in lanes] else Lane.RECEIVED
    people = sum(card.size for card in chosen)
    context = {
        "lanes": lanes,
        "filters": filters,
        "only": only,
        "current": lane,
        "people": people,
        "families": len(chosen),
        "facts": facts_for(request.actor, now),
    }
    return render(request, "journey/reception.html", {**context, "now": now, "nav": "reception"})


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def advance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Do the usual next thing for a whole household, and come back to the board."""
    household = get_object_or_404(Household.objects.visible_to(request.actor).select_related("site__city"), uid=uid)
    deed = ONE_TAP.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(household=household, actor=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted for everybody in %(code)s.") % {"code": household.code})
    return go_to(request, f"{reverse('journey:reception')}?lane={request.POST.get('lane', '')}")
