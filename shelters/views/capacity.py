"""How many places a room has and had, and what takes some of them away: a page of those who keep shelters."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, refused_in, staff_page
from shelters.actions import block_places, close_for_works, set_capacity, unblock_places, withdraw_capacity
from shelters.board import bar_of, kind_word
from shelters.forms import BlockForm, CapacityForm, DayForm, WorksForm
from shelters.models import Block, Capacity, Stay, Unit

RECORDS_SHOWN = 20
FORMS: dict[str, type[DayForm]] = {"capacity": CapacityForm, "block": BlockForm, "works": WorksForm}


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def capacity(request: StaffRequest, uid: UUID, unit_id: int) -> HttpResponse:
    """The capacities of a room with their sources; a POST notes another one from a day on."""

    def note(unit: Unit, form: Any, now: datetime) -> None:
        set_capacity(unit=unit, **form.said, valid_from=form.begins("from_day"), actor=request.actor, at=now)

    if request.method == "GET":
        now = timezone.now()
        return _page(request, _unit(request, uid, unit_id, now), now)
    return _note(request, uid, unit_id, "capacity", note)


@staff_page(Capability.EDIT_SHELTERS)
@require_POST
def block(request: StaffRequest, uid: UUID, unit_id: int) -> HttpResponse:
    """Places of a room are out of use."""

    def note(unit: Unit, form: Any, now: datetime) -> None:
        block_places(
            unit=unit,
            places=form.cleaned_data["places"],
            reason=form.cleaned_data["reason"],
            begins_at=form.begins("from_day"),
            ends_at=form.ends("back_on"),
            actor=request.actor,
            at=now,
        )

    return _note(request, uid, unit_id, "block", note)


@staff_page(Capability.EDIT_SHELTERS)
@require_POST
def works(request: StaffRequest, uid: UUID, unit_id: int) -> HttpResponse:
    """Nobody sleeps in a room while works last."""

    def note(unit: Unit, form: Any, now: datetime) -> None:
        close_for_works(
            unit=unit,
            begins_at=form.begins("from_day"),
            ends_at=form.ends("back_on"),
            source=form.cleaned_data["source"],
            actor=request.actor,
            at=now,
        )

    return _note(request, uid, unit_id, "works", note)


@staff_page(Capability.EDIT_SHELTERS)
@require_POST
def take_back(request: StaffRequest, uid: UUID, unit_id: int) -> HttpResponse:
    """A block ends now (`block`), or a capacity that was noted for a day to come is none after all (`capacity`)."""
    now = timezone.now()
    unit = _unit(request, uid, unit_id, now)
    with answering(request, _("Taken back.")):
        if "block" in request.POST:
            standing = get_object_or_404(unit.blocks.select_related("unit__shelter"), pk=_number(request, "block"))
            unblock_places(block=standing, actor=request.actor, at=now)
        else:
            noted = get_object_or_404(unit.capacities.select_related("unit__shelter"), pk=_number(request, "capacity"))
            withdraw_capacity(capacity=noted, actor=request.actor, at=now)
    return go_to(request, reverse("shelters:capacity", args=[uid, unit_id]))


def _number(request: StaffRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 16 else 0


def _note(
    request: StaffRequest, uid: UUID, unit_id: int, what: str, deed: Callable[[Unit, Any, datetime], None]
) -> HttpResponse:
    """Do what one of the three forms of the page asks, or show the page again with the form in error."""
    now = timezone.now()
    unit = _unit(request, uid, unit_id, now)
    form = FORMS[what](request.POST, zone=unit.shelter.site.city.zone, now=now, auto_id=f"{what}-%s")
    if form.is_valid():
        with refused_in(form):
            deed(unit, form, now)
            messages.success(request, _("Noted for %(unit)s.") % {"unit": unit.name})
            return go_to(request, reverse("shelters:capacity", args=[uid, unit_id]))
    return _page(request, unit, now, {what: form})


def _unit(request: StaffRequest, uid: UUID, unit_id: int, now: datetime) -> Unit:
    seen = Unit.objects.visible_to(request.actor).with_figures(now).with_capacity_told(now)
    return get_object_or_404(
        seen.select_related("shelter__site__city", "shelter__site__parent"), pk=unit_id, shelter__uid=uid
    )


def _page(request: StaffRequest, unit: Unit, now: datetime, wrong: dict[str, DayForm] | None = None) -> HttpResponse:
    forms = {
        what: form(zone=unit.shelter.site.city.zone, now=now, auto_id=f"{what}-%s") for what, form in FORMS.items()
    }
    records = Capacity.objects.filter(unit=unit).order_by("-valid_from", "-pk")[:RECORDS_SHOWN]
    blocks = Block.objects.filter(unit=unit).order_by("-begins_at", "-pk")[:RECORDS_SHOWN]
    context = {
        "unit": unit,
        "shelter": unit.shelter,
        "places": unit.figures,
        "bar": bar_of(unit.figures),
        "word": kind_word(unit.kind, request.actor),
        "forms": forms | (wrong or {}),
        "records": _in_force_marked(list(records), now),
        "families": Stay.objects.open().filter(unit=unit).values("household").distinct().count(),
        "uid_for_plan": uuid4(),
        "blocks": [(block, block.ends_at is None or block.ends_at > now) for block in blocks],
        "now": now,
        "nav": "shelters",
    }
    return render(request, "shelters/capacity.html", context, status=422 if wrong else 200)


def _in_force_marked(records: list[Capacity], now: datetime) -> list[tuple[Capacity, str]]:
    """Each record with whether it is "planned", "in force" or "over"."""
    begun = [record for record in records if record.valid_from <= now]
    return [
        (record, "planned" if record.valid_from > now else "now" if record == begun[0] else "over")
        for record in records
    ]
