"""The worklist of the EOIR line, handing out lists, and deciding what calls that disagree come to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, refused_in, staff_page
from core.inputs import number_asked, uid_asked
from docket.checks import callers_at, checks_of, numberless_of
from docket.forms.checks import HandForm
from hearings.actions.checks import end_batch, hand_batch, settle_calls
from hearings.models import CheckBatch, CheckCall, Hearing
from places.choosing import field_sites

LIST, NUMBERLESS = "checks", "checks.numberless"  # as the read log knows them


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def checks(request: StaffRequest) -> HttpResponse:
    """What to ask the line about, most urgent first, fifty a page; who asks; what to decide."""
    now, page = timezone.now(), number_asked(request.GET.get("page", "")) or 1
    listed = checks_of(actor=request.actor, now=now, page=page)
    record_read(actor=request.actor, at=now, households=listed.households, page=LIST)
    return render(request, "docket/checks.html", {"found": listed, "now": now, "nav": "hearings"})


@staff_page(Capability.EDIT_HEARINGS)
@require_GET
def numberless(request: StaffRequest) -> HttpResponse:
    """Hearings about which the line cannot be asked: nobody summoned has an A-number."""
    now = timezone.now()
    rows = numberless_of(actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=(row.family.household.uid for row in rows), page=NUMBERLESS)
    return render(request, "docket/numberless.html", {"rows": rows, "now": now, "nav": "hearings"})


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def hand_out(request: StaffRequest) -> HttpResponse:
    """Hand the most urgent hearings to a caller, for some hours."""
    sites = field_sites(request.actor)
    form = HandForm(request.POST if request.method == "POST" else None, sites=sites, callers=callers_at(sites))
    if form.is_bound and form.is_valid():
        with refused_in(form):
            batch, _new = hand_batch(**form.entry(), actor=request.actor, at=timezone.now())
            _say_handed(request, batch)
            return go_to(request, reverse("docket:checks"))
    context = {"form": form, "nav": "hearings"}
    return render(request, "docket/hand_out.html", context, status=422 if form.is_bound else 200)


def _say_handed(request: StaffRequest, batch: CheckBatch) -> None:
    count = batch.calls.count()
    words = ngettext("%(name)s has %(n)d hearing to ask about.", "%(name)s has %(n)d hearings to ask about.", count)
    messages.success(request, words % {"name": batch.caller.name, "n": count})


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def end(request: StaffRequest, batch_uid: UUID) -> HttpResponse:
    """End a caller's list now."""
    batches = CheckBatch.objects.visible_to(request.actor).select_related("site")
    batch = get_object_or_404(batches, uid=batch_uid)
    end_batch(batch=batch, actor=request.actor, at=timezone.now())
    messages.success(request, _("The list has ended. What was not asked waits for another."))
    return go_to(request, reverse("docket:checks"))


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def settle(request: StaffRequest, hearing_uid: UUID) -> HttpResponse:
    """Let the word of the call that `call` names count, or have the line asked again where none is named."""
    visible = Hearing.objects.visible_to(request.actor).select_related("household")
    hearing = get_object_or_404(visible, uid=hearing_uid)
    chosen = request.POST.get("call", "")
    calls = CheckCall.objects.visible_to(request.actor).filter(hearing=hearing)
    counts = get_object_or_404(calls, uid=found(uid_asked(chosen))) if chosen else None
    with answering(request, _("Noted.") if chosen else _("The line will be asked again.")):
        settle_calls(hearing=hearing, counts=counts, actor=request.actor, at=timezone.now())
    return go_to(request, reverse("docket:checks"))
