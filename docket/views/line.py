"""What a caller of the EOIR line works with: one number at a time, for as long as the list lasts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, refused_in, staff_page
from core.inputs import number_asked
from docket.forms.checks import AnswerForm
from docket.line import answered_calls, list_of, open_calls
from hearings.actions.checks import answer_call, end_batch, note_line_busy

SEEN = "line"  # as the read log knows it


@staff_page(Capability.CHECK_LINE)
@require_GET
def line_page(request: StaffRequest) -> HttpResponse:
    """The next number to ask about; reading it is recorded."""
    return _shown(request, AnswerForm())


@staff_page(Capability.CHECK_LINE)
@require_POST
def answer(request: StaffRequest, call_uid: UUID) -> HttpResponse:
    """Note what the line said, and go on to the next number."""
    now = timezone.now()
    if answered_calls(request.actor, now).filter(uid=call_uid).exists():  # the second tap of two
        return go_to(request, reverse("docket:line"))
    call = get_object_or_404(open_calls(request.actor, now), uid=call_uid)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refused_in(form):
            answer_call(call=call, **form.entry(), actor=request.actor, at=now)
            messages.success(request, _("Noted."))
            return go_to(request, reverse("docket:line"))
    return _shown(request, form)


@staff_page(Capability.CHECK_LINE)
@require_POST
def busy(request: StaffRequest, call_uid: UUID) -> HttpResponse:
    """The line did not answer: this number comes again at the end."""
    now = timezone.now()
    call = get_object_or_404(open_calls(request.actor, now), uid=call_uid)
    tries = found(number_asked(request.POST.get("tries", "")))
    with answering(request):
        note_line_busy(call=call, tries=tries, actor=request.actor, at=now)
    return go_to(request, reverse("docket:line"))


@staff_page(Capability.CHECK_LINE)
@require_POST
def stop(request: StaffRequest) -> HttpResponse:
    """End one's own list before its time."""
    now = timezone.now()
    mine = list_of(actor=request.actor, now=now)
    if mine is not None:
        end_batch(batch=mine.batch, actor=request.actor, at=now)
    return go_to(request, reverse("docket:line"))


def _shown(request: StaffRequest, form: AnswerForm) -> HttpResponse:
    now = timezone.now()
    mine = list_of(actor=request.actor, now=now)
    if mine is not None and mine.question is not None:
        record_read(actor=request.actor, at=now, households=[mine.question.household], page=SEEN)
    context = {"list": mine, "form": form, "now": now, "nav": "line"}
    return render(request, "docket/line.html", context, status=422 if form.is_bound else 200)
