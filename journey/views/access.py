"""Records elsewhere: asking to see one, and letting others see ours."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from cases.actions.access import ask_access, decide_access, end_access
from cases.models import AccessRequest
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from journey.access_list import access_of
from journey.elsewhere import household_behind
from journey.forms.access import AskForm, DecideForm
from places.models import Site


@staff_page(Capability.EDIT_PEOPLE)
@require_GET
def requests(request: StaffRequest) -> HttpResponse:
    """What others ask of us, who is let in, and what we asked."""
    now = timezone.now()
    access = access_of(actor=request.actor)
    record_read(actor=request.actor, at=now, households=access.shown, page="access")
    return render(
        request, "journey/access.html", {"access": access, "form": DecideForm(), "now": now, "nav": "reception"}
    )


@staff_page(Capability.SEE_PEOPLE)
@require_POST
def ask(request: StaffRequest) -> HttpResponse:
    """Ask for access to the record that this visitor was told of. The answer is the same whatever becomes of it."""
    household = household_behind(request, request.POST.get("token", ""))
    form = AskForm(request.POST, household=household, site=Site.objects.of(request.actor).order_by("pk").first())
    if not form.is_valid():
        messages.warning(request, _("This could not be asked. Search again and ask from there."))
        return go_to(request, reverse("journey:find"))
    with answering(request, _("Asked. If they let you in, the family appears in your lists.")):
        ask_access(**form.entry(), actor=request.actor, at=timezone.now())
    return go_to(request, reverse("journey:find"))


@staff_page(Capability.DECIDE_ACCESS)
@require_POST
def decide(request: StaffRequest, request_uid: UUID) -> HttpResponse:
    """Let the asking site see the household, or do not."""
    now = timezone.now()
    asked, form = _held_here(request, request_uid), DecideForm(request.POST)
    if not form.is_valid():
        raise Http404
    with answering(request, _("Noted.")):
        decide_access(request=asked, is_granted=form.is_granted, until=form.until(now), actor=request.actor, at=now)
    return go_to(request, reverse("journey:access"))


@staff_page(Capability.DECIDE_ACCESS)
@require_POST
def end(request: StaffRequest, request_uid: UUID) -> HttpResponse:
    """End an access now."""
    with answering(request, _("Noted.")):
        end_access(request=_held_here(request, request_uid), actor=request.actor, at=timezone.now())
    return go_to(request, reverse("journey:access"))


def _held_here(request: StaffRequest, uid: UUID) -> AccessRequest:
    """A request about a household of the actor's own sites."""
    visible = AccessRequest.objects.visible_to(request.actor).select_related("household")
    return get_object_or_404(visible, uid=uid, household__site__in=request.actor.site_ids)
