"""Aid at reception: one tap gives, one takes a slip back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions.aid import give_aid, take_back_aid
from cases.aid_kinds import aid_kinds
from cases.models import Aid, Household
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, next_of, staff_page
from core.inputs import uid_asked
from journey.aid import uid_of_tap


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def give(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note that the whole household was given something, and come back to the page of the tap."""
    household = get_object_or_404(Household.objects.visible_to(request.actor), uid=uid)
    kind = found(aid_kinds().get(request.POST.get("kind", "")))
    tap = uid_of_tap(found(uid_asked(request.POST.get("look", ""))), household, kind.code)
    with answering(request):
        aid, _is_new = give_aid(uid=tap, household=household, kind=kind.code, actor=request.actor, at=timezone.now())
        told = {"what": kind.name, "code": household.code}
        undo = reverse("journey:take_back_aid", args=[household.uid, aid.uid])
        messages.success(request, _("%(what)s: noted for everybody in %(code)s.") % told, extra_tags=undo)
    return _back(request, household)


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def take_back(request: StaffRequest, uid: UUID, aid_uid: UUID) -> HttpResponse:
    """Take a slip back."""
    visible = Aid.objects.visible_to(request.actor).select_related("household")
    aid = get_object_or_404(visible, uid=aid_uid, household__uid=uid)
    with answering(request, _("Taken back.")):
        take_back_aid(aid=aid, actor=request.actor, at=timezone.now())
    return _back(request, aid.household)


def _back(request: StaffRequest, household: Household) -> HttpResponse:
    """The page that the tap came from; the household's own unless it names another one of ours."""
    wanted = next_of(request) if "next" in request.POST else ""
    return go_to(request, wanted or f"{reverse('journey:household', args=[household.uid])}#aid")
