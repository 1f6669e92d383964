"""The reception board: one tap, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from cases.actions.taps import take_back
from cases.aid_kinds import aid_kinds
from cases.models import Household, Person, Tap
from core.actors import Capability
from core.doors import StaffRequest, go_to, next_of, staff_page
from core.errors import DomainError
from journey import board as boards
from journey.actions.reception import back_to_their_place, check_papers, document_all, take_tests_of_adults
from journey.board import ONLY_ICONS, Card, Lane, Only
from journey.board_facts import facts_for
from journey.views.saying import say_done

ONE_TAP = {
    "documents": document_all,
    "papers": check_papers,
    "tests": take_tests_of_adults,
    "placed": back_to_their_place,
}
MOST_DIGITS = 9


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
    context = {**_board(request, request.GET, now), "facts": facts_for(request.actor, now)}
    return render(request, "journey/reception.html", context)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def news(request: StaffRequest) -> HttpResponse:
    """Whether the board has changed since `?seen=`: nothing (204), or a chip that offers to show it. Nothing moves by itself."""
    if boards.version(request.actor) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "journey/reception.html#news", {"back": _address(request.GET)})


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def advance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Do the usual next thing for a household or those ticked, and come back to the board: in place where htmx asked."""
    now = timezone.now()
    household = get_object_or_404(Household.objects.visible_to(request.actor).select_related("site__city"), uid=uid)
    deed = ONE_TAP.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(household=household, people=_ticked(request, household), actor=request.actor, at=now)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        say_done(request, household, now)
    return _back(request, now)


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def undo(request: StaffRequest, tap_uid: UUID) -> HttpResponse:
    """Take back what one tap wrote."""
    now = timezone.now()
    taps = Tap.objects.visible_to(request.actor).select_related("household", "isolation")
    tap = get_object_or_404(taps, uid=tap_uid)
    try:
        take_back(tap=tap, actor=request.actor, at=now)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Taken back: %(code)s is as it was before.") % {"code": tap.household.code})
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
        return go_to(request, _address(request.POST))
    return render(request, "journey/reception.html#answer", _board(request, request.POST, now))


def _address(asked: QueryDict, **changed: object) -> str:
    """The board as `asked`, with some of it `changed`; what is empty is left out."""
    query = QueryDict(mutable=True)
    for name in ("lane", "only", "over", "past", "from"):
        value = changed.get(name, asked.get(name, ""))
        if value:
            query[name] = str(value)
    return f"{reverse('journey:reception')}?{query.urlencode()}" if query else reverse("journey:reception")


def _board(request: StaffRequest, asked: QueryDict, now: datetime) -> dict[str, Any]:
    version, past = boards.version(request.actor), _number(asked.get("past", ""))
    found = boards.cards(actor=request.actor, now=now, past=past)
    if past and not found:  # fewer wait than when the address was made
        past, found = 0, boards.cards(actor=request.actor, now=now)
    chosen = [card for card in found if _passes(card, asked.get("only", ""), asked.get("over", ""), now)]
    open_lanes = boards.lanes_open_to(request.actor)
    lane = next((each for each in open_lanes if each == asked.get("lane")), Lane.RECEIVED)
    lanes = boards.lanes(chosen, actor=request.actor, current=lane, start=_number(asked.get("from", "")))
    shown = {card.household.uid for each in lanes for card in each.cards}
    record_read(actor=request.actor, at=now, households=shown, page="reception")
    return {
        **_filters(asked, found, now),
        "lanes": [(each, _address(asked, **{"lane": each.lane, "from": each.next_from})) for each in lanes],
        "asked": {"only": asked.get("only", ""), "over": asked.get("over", ""), "lane": lane, "past": past},
        "current": lane,
        "people": sum(card.size for card in chosen),
        "families": len(chosen),
        "part": _part(asked, found, boards.total(found, actor=request.actor, past=past), past),
        "back": _address(asked),
        "version": version,
        "incomplete": sum(bool(card.household.owed) for card in found),
        "aid_kinds": list(aid_kinds().values()),
        "look": uuid4(),
        "now": now,
        "nav": "reception",
    }


def _filters(asked: QueryDict, found: Sequence[Card], now: datetime) -> dict[str, Any]:
    """The filters with how many each would leave, and the address that sets or lifts it."""
    return {
        "filters": [
            (each, ONLY_ICONS[each], sum(card.answers(each, now) for card in found), _toggled(asked, "only", each))
            for each in Only
        ],
        "crossings": [
            (str(key), name, count, _toggled(asked, "over", str(key)))
            for key, name, count in boards.crossings_of(found)
        ],
    }


def _part(asked: QueryDict, found: Sequence[Card], total: int, past: int) -> dict[str, Any] | None:
    """Which part of all who wait the board shows, with the addresses of the parts before and after; None where it shows all."""
    if total == len(found):
        return None
    last = past + len(found)
    before = max(past - boards.MOST_FAMILIES, 0)
    return {
        "first": past + 1,
        "last": last,
        "total": total,
        "before": _address(asked, **{"past": before, "from": ""}) if past else "",
        "after": _address(asked, **{"past": last, "from": ""}) if last < total else "",
    }


def _toggled(asked: QueryDict, name: str, value: str) -> str:
    """The address with a filter set, or taken away where it is set."""
    return _address(asked, **{name: "" if asked.get(name) == value else value, "from": ""})


def _passes(card: Card, only: str, over: str, now: datetime) -> bool:
    is_wanted = only not in Only.values or card.answers(Only(only), now)
    came_over = not over.isdecimal() or (card.crossing is not None and str(card.crossing[0]) == over)
    return is_wanted and came_over


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
