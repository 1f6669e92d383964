"""Plans for many: making one, looking at it while it is worked out and after, changing it by hand, applying it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, next_of, refused_in, staff_page
from core.errors import DomainError
from shelters.actions.applying import ask_to_apply
from shelters.actions.plans import ask_again, bar, make_plan, pin
from shelters.forms_of_plans import LineForm, PlanForm
from shelters.models import Plan, PlanLine
from shelters.plan_pages import MOST_PERCENT, context_of, progress_of, rows_of
from shelters.planner import seekers_for, shelters_for
from shelters.ranking import rank
from shelters.tasks import wake
from shelters.views.waiting import field_sites, site_named

SHOWN_PLANS = 20


@staff_page(Capability.PLACE)
@require_http_methods(["GET", "POST"])
def plans(request: StaffRequest) -> HttpResponse:
    """For whom a plan is to be made; below, those made before. `?from_shelter=` is one that closes."""
    now, sites = timezone.now(), field_sites(request.actor)
    site = found(site_named(sites, request.POST.get("city") or request.GET.get("city", "")))
    named = {"from_shelter": request.GET.get("from_shelter", "")}
    form = PlanForm(request.POST or None, site=site, actor=request.actor, initial=named)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            plan = make_plan(site=form.site, **form.entry(), actor=request.actor, at=now)
            wake(plan.pk)
            return go_to(request, reverse("shelters:plan", args=[plan.uid]))
    made = Plan.objects.visible_to(request.actor).filter(site=form.site).with_counts()
    listed = made.select_related("shelter", "unit", "cohort")[:SHOWN_PLANS]
    context = {"form": form, "site": form.site, "sites": sites, "plans": listed, "nav": "shelters"}
    return render(request, "shelters/plans.html", context, status=422 if form.is_bound else 200)


@staff_page(Capability.PLACE)
@require_GET
def plan(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Where one plan stands. While a worker is at it, htmx asks for the part that says how far it is."""
    now, made, is_part = timezone.now(), _plan(request, plan_uid), bool(getattr(request, "htmx", False))
    if made.is_at_work:
        percent = progress_of(made, now)
        context = {"plan": made, "percent": percent, "is_late": percent == MOST_PERCENT, "nav": "shelters"}
        return render(request, "shelters/_plan_progress.html" if is_part else "shelters/plan.html", context)
    if is_part:
        return HttpResponseClientRefresh()
    return render(request, "shelters/plan.html", _told(request, made, now))


def _told(request: StaffRequest, made: Plan, now: datetime) -> dict[str, Any]:
    """The plan as it was found, with a page of its families; that they were looked at is recorded."""
    context = context_of(made, actor=request.actor, now=now)
    only, page = request.GET.get("show", ""), request.GET.get("page", "")
    named = request.GET.get("shelter", "")
    house = next((each.shelter for each in context["houses"] if str(each.shelter.uid) == named), None)
    if not named and not only and context["counts"]["without"]:
        only = "without"
    number = int(page) if page.isdecimal() and len(page) < 5 else 0
    rows, has_more = rows_of(made, actor=request.actor, only=only, shelter=house, page=number)
    record_read(actor=request.actor, at=now, households=[row.line.household.uid for row in rows], page="plan")
    return {
        **context,
        "rows": rows,
        "only": only,
        "house": house,
        "page": number,
        "next": number + 1 if has_more else 0,
    }


@staff_page(Capability.PLACE)
@require_POST
def again(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Work the plan out anew, with what was said of its families."""
    return _ask_a_worker(request, plan_uid, ask_again)


@staff_page(Capability.PLACE)
@require_POST
def apply(request: StaffRequest, plan_uid: UUID) -> HttpResponse:
    """Have every family of the plan given its room: a worker does it, and the page says how far it is."""
    return _ask_a_worker(request, plan_uid, ask_to_apply)


def _ask_a_worker(request: StaffRequest, plan_uid: UUID, ask: Callable[..., Plan]) -> HttpResponse:
    made = _plan(request, plan_uid)
    with answering(request):
        ask(plan=made, actor=request.actor, at=timezone.now())
        wake(made.pk)
    return go_to(request, reverse("shelters:plan", args=[plan_uid]))


@staff_page(Capability.PLACE)
@require_http_methods(["GET", "POST"])
def line(request: StaffRequest, plan_uid: UUID, line_id: int) -> HttpResponse:
    """One family of a plan: which rooms suit it and why; a POST says where it sleeps, or where not."""
    now, asked = timezone.now(), _line(request, plan_uid, line_id)
    if request.method == "GET":
        return _choose(request, asked, now)
    form = LineForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _choose(request, asked, now, _("Choose a room from the list."), 422)
    try:
        _say(form, asked, request, now)
    except DomainError as refusal:
        return _choose(request, asked, now, str(refusal), refusal.http_status)
    return go_to(request, next_of(request) if "next" in request.POST else request.path)


def _say(form: LineForm, asked: PlanLine, request: StaffRequest, now: datetime) -> None:
    """Pin, rule out, or take either back."""
    unit, shelter = form.cleaned_data["unit"], form.cleaned_data["shelter"]
    if shelter is not None:
        is_barred = shelter.pk not in asked.barred
        bar(line=asked, shelter=shelter, is_barred=is_barred, actor=request.actor, at=now)
    else:
        pin(line=asked, unit=unit, actor=request.actor, at=now)
    messages.success(request, _("Noted. Work the plan out again to see what follows from it."))


def _choose(
    request: StaffRequest, asked: PlanLine, now: datetime, refusal: str = "", status: int = 200
) -> HttpResponse:
    seen = Household.objects.visible_to(request.actor).filter(pk=asked.household_id)
    seeker = found(next(iter(seekers_for(asked.plan, seen, at=now)), None))
    shelters = shelters_for(asked.plan, actor=request.actor, at=now)
    barred = [shelter for shelter in shelters if shelter.pk in asked.barred]
    record_read(actor=request.actor, at=now, households=[seeker.household.uid], page="plan")
    context = {
        "plan": asked.plan,
        "line": asked,
        "seeker": seeker,
        "household": seeker.household,
        "party": seeker.party,
        "ranking": rank(shelters, party=seeker.party, wishes=seeker.wishes, actor=request.actor, at=now),
        "barred": barred,
        "refusal": refusal,
        "nav": "shelters",
    }
    return render(request, "shelters/plan_line.html", context, status=status)


def _line(request: StaffRequest, plan_uid: UUID, line_id: int) -> PlanLine:
    plans = Plan.objects.visible_to(request.actor).filter(uid=plan_uid)
    seen = PlanLine.objects.visible_to(request.actor).filter(plan__in=plans)
    told = seen.select_related(
        *("plan__site", "plan__shelter", "plan__unit", "plan__cohort"),
        *("household", "unit__shelter", "pinned_unit__shelter"),
    )
    return get_object_or_404(told, pk=line_id)


def _plan(request: StaffRequest, plan_uid: UUID) -> Plan:
    seen = Plan.objects.visible_to(request.actor).select_related("site__city", "shelter", "unit", "cohort")
    return get_object_or_404(seen, uid=plan_uid)
