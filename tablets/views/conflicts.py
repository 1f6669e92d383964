"""The page where somebody decides what two devices said differently."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.actions import record_read
from cases.models import CovidTest
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from tablets.actions.conflicts import decide_conflict
from tablets.conflicts import waiting_for
from tablets.forms import DecisionForm
from tablets.models import Conflict


@staff_page(Capability.EDIT_PEOPLE)
@require_safe
def conflicts(request: StaffRequest) -> HttpResponse:
    """Everything that waits for a decision, fact by fact."""
    waiting = waiting_for(actor=request.actor)
    seen = {each.household.uid for each in waiting}
    record_read(actor=request.actor, at=timezone.now(), households=seen, page="conflicts")
    context = {"waiting": waiting, "reasons": CovidTest.Correction.choices, "nav": "reception"}
    return render(request, "tablets/conflicts.html", context)


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def decide(request: StaffRequest, conflict_uid: UUID) -> HttpResponse:
    """Let one of the two hold, and come back for the next."""
    conflict = get_object_or_404(Conflict.objects.visible_to(request.actor), uid=conflict_uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose one of the two."))
        return go_to(request, reverse("tablets:conflicts"))
    with answering(request, _("Decided and noted.")):
        decide_conflict(conflict=conflict, **form.cleaned_data, actor=request.actor, at=timezone.now())
    return go_to(request, reverse("tablets:conflicts"))
