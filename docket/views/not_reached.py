"""Families that nobody told of their hearing, and that somebody told them."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, next_of, staff_page
from core.inputs import number_asked, uid_asked
from docket.counts import counts_of
from docket.not_reached import (
    for_rows,
    near,
    open_not_reached,
    rows_of,
    uid_of_answer,
    unreached,
)
from hearings.actions.tellings import note_telling, take_back_telling
from hearings.models import Hearing, Telling
from hearings.models.tellings import ANSWERS, NOT_FOUND

SEEN, NUMBERS = "not_reached", "not_reached.numbers"  # as the read log knows them


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def not_reached(request: StaffRequest) -> HttpResponse:
    """The list, within `?days=` (all of the ladder unless told), those with the least time left first."""
    now, days = timezone.now(), number_asked(request.GET.get("days", ""))
    counts = counts_of(actor=request.actor, now=now, also=[near])
    found = unreached(actor=request.actor, now=now, counts=counts, days=days, cursor=request.GET.get("after", ""))
    seen = {row.family.household.uid for row in found.rows}
    record_read(actor=request.actor, at=now, households=seen, page=SEEN)
    context = {"found": found, "counts": counts, "now": now, "nav": "hearings"}
    return render(request, "docket/not_reached.html", context)


@staff_page(Capability.SEE_PEOPLE)
@require_POST
def phones(request: StaffRequest, hearing_uid: UUID) -> HttpResponse:
    """The phones of one family on the list, which is a read of its own."""
    now = timezone.now()
    hearing = get_object_or_404(for_rows(open_not_reached(request.actor, now)), uid=hearing_uid)
    (row,) = rows_of([hearing], actor=request.actor, now=now, with_phones=True)
    record_read(actor=request.actor, at=now, households=[row.family.household.uid], page=NUMBERS)
    context = {"row": row, "now": now, "look": uuid4(), "answers": ANSWERS, "nav": "hearings"}
    return render(request, "docket/phones.html", context)


@staff_page(Capability.EDIT_HEARINGS, Capability.EDIT_PEOPLE, Capability.RUN_SHELTER)
@require_POST
def tell(request: StaffRequest, hearing_uid: UUID) -> HttpResponse:
    """Note that the family was told of the version that the page showed, or could not be found; back to that page."""
    visible = Hearing.objects.visible_to(request.actor).select_related("household")
    hearing = get_object_or_404(visible, uid=hearing_uid)
    way, said = _said(request, hearing)
    with answering(request):
        telling, _is_new = note_telling(hearing=hearing, way=way, actor=request.actor, at=timezone.now(), **said)
        told = {"what": telling.pill.text, "code": hearing.household.code}
        undo = reverse("docket:take_back_telling", args=[telling.uid])
        messages.success(request, _("%(code)s: %(what)s. Noted.") % told, extra_tags=undo)
    return go_to(request, next_of(request))


def _said(request: StaffRequest, hearing: Hearing) -> tuple[Telling.Way | None, dict[str, Any]]:
    """The way (None: could not be found), and the version and id of the tap; a missing page for what no page of ours sends."""
    look, version = uid_asked(request.POST.get("look", "")), number_asked(request.POST.get("version", ""))
    answer = request.POST.get("answer", "")
    if look is None or version is None or answer not in (NOT_FOUND, *Telling.Way.values):
        raise Http404
    uid = uid_of_answer(look, hearing, version, answer)
    return (None if answer == NOT_FOUND else Telling.Way(answer)), {"uid": uid, "version": version}


@staff_page(Capability.EDIT_HEARINGS, Capability.EDIT_PEOPLE, Capability.RUN_SHELTER)
@require_POST
def take_back(request: StaffRequest, telling_uid: UUID) -> HttpResponse:
    """Take back that a family was told: it is on the list again."""
    visible = Telling.objects.visible_to(request.actor).select_related("hearing__household")
    telling = get_object_or_404(visible, uid=telling_uid)
    with answering(request, _("Taken back.")):
        take_back_telling(telling=telling, actor=request.actor, at=timezone.now())
    return go_to(request, next_of(request))
