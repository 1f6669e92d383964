"""Postponing many hearings by one announced rule: asked for, looked at, applied, undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from core.inputs import uid_asked
from core.progress import percent_of
from docket.forms.postponements import ApplyForm, PostponementForm, same_as
from docket.postponements import hold_of, made_before, page_of
from hearings.actions.postponements import (
    MANY,
    ask_for_preview,
    ask_to_apply,
    ask_to_undo,
    discard_postponement,
    make_postponement,
)
from hearings.models import Hearing, Postponement
from hearings.tasks import carry_on_postponements, wake
from places import zones

WITH_FAMILIES = ("moving", "staying", "left")


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def postponements(request: StaffRequest) -> HttpResponse:
    """Those made before, the latest first."""
    now = timezone.now()
    before = made_before(actor=request.actor, now=now)
    context = {"before": before, "zone": _zone(request), "city": _city(request), "now": now, "nav": "hearings"}
    return render(request, "docket/postponements.html", context)


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def new_postponement(request: StaffRequest) -> HttpResponse:
    """Say what was announced; what it would do is worked out next. `?like=` begins with the rule of an earlier one."""
    now = timezone.now()
    named = uid_asked(request.GET.get("like", ""))
    like = Postponement.objects.visible_to(request.actor).filter(uid=named).first() if named else None
    initial = same_as(like) if like else {"announced_on": zones.local(now, _zone(request)).date()}
    form = PostponementForm(request.POST or None, actor=request.actor, at=now, initial=initial)
    if form.is_bound and form.is_valid():
        made, is_new = make_postponement(**form.entry(), actor=request.actor, at=now)
        if is_new:
            _carry_on(made, Hearing.objects.visible_to(request.actor).standing().count())
        return go_to(request, reverse("docket:postponement", args=[made.uid]))
    context = {"form": form, "place": _city(request), "nav": "hearings"}
    return render(request, "docket/new_postponement.html", context, status=422 if form.is_bound else 200)


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def postponement(request: StaffRequest, postponement_uid: UUID) -> HttpResponse:
    """What one postponement would do or did; while a worker is at it or messages are held, htmx asks for the part that says so."""
    now, asked = timezone.now(), _postponement(request, postponement_uid)
    if getattr(request, "htmx", False):
        return _part(request, asked)
    if asked.is_at_work:
        told = {"postponement": asked, "percent": percent_of(asked.work), "nav": "hearings"}
        return render(request, "docket/postponement_at_work.html", told)
    where = {"zone": _zone(request), "city": _city(request)}
    context = page_of(asked, actor=request.actor, now=now, asked=request.GET.dict(), **where)
    seen = [row.family.household.uid for row in context["rows"]] if context["show"] in WITH_FAMILIES else []
    record_read(actor=request.actor, at=now, households=seen, page="postponement")
    return render(request, "docket/postponement.html", context | where | {"now": now, "nav": "hearings"})


def _part(request: StaffRequest, asked: Postponement) -> HttpResponse:
    """How far the worker is, or how long messages wait; once that is over, the page anew."""
    now = timezone.now()
    if asked.is_at_work:
        context: dict[str, Any] = {"postponement": asked, "percent": percent_of(asked.work)}
        return render(request, "docket/_postponement_progress.html", context)
    hold = hold_of(asked, now, _zone(request), _city(request))
    if hold is None or "part" not in request.GET:
        return HttpResponseClientRefresh()
    return render(request, "docket/_postponement_hold.html", {"postponement": asked, "hold": hold})


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def preview_again(request: StaffRequest, postponement_uid: UUID) -> HttpResponse:
    """Work out anew what it would do."""
    return _do(request, postponement_uid, ask_for_preview)


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def apply_postponement(request: StaffRequest, postponement_uid: UUID) -> HttpResponse:
    """Have it applied."""
    form = ApplyForm(request.POST)
    how_many = form.cleaned_data.get("how_many") if form.is_valid() else None
    return _do(request, postponement_uid, lambda **told: ask_to_apply(how_many=how_many, **told))


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def undo_postponement(request: StaffRequest, postponement_uid: UUID) -> HttpResponse:
    """Have it undone."""
    return _do(request, postponement_uid, ask_to_undo)


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def discard(request: StaffRequest, postponement_uid: UUID) -> HttpResponse:
    """Put away what was never applied."""
    return _do(request, postponement_uid, discard_postponement)


def _do(request: StaffRequest, uid: UUID, deed: Callable[..., Postponement]) -> HttpResponse:
    asked = _postponement(request, uid)
    with answering(request):
        asked = deed(postponement=asked, actor=request.actor, at=timezone.now())
        _carry_on(asked, asked.lines.moving().count())
    return go_to(request, reverse("docket:postponement", args=[uid]))


def _carry_on(asked: Postponement, hearings: int) -> None:
    """Few hearings are done at once, many by a worker while the page says how far it is."""
    if asked.is_at_work and hearings <= MANY:
        carry_on_postponements(key=asked.pk)
    elif asked.is_at_work:
        wake(asked.pk)


def _postponement(request: StaffRequest, uid: UUID) -> Postponement:
    return get_object_or_404(Postponement.objects.visible_to(request.actor), uid=uid)


def _zone(request: StaffRequest) -> str:
    zone: str = request.standing.place_zone  # type: ignore[attr-defined]
    return zone


def _city(request: StaffRequest) -> str:
    name: str = request.standing.place_name  # type: ignore[attr-defined]
    return name or "UTC"
