"""What people wrote back, and that it was dealt with."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from docket.counts import counts_of
from journey.replies import replies, replies_for, row_of
from messaging.actions import handle_reply
from messaging.models import Reply

SEEN, NUMBERS = "replies", "replies.numbers"  # as the read log knows them


@staff_page(Capability.SEND_MESSAGES)
@require_GET
def replies_page(request: StaffRequest) -> HttpResponse:
    """Replies that wait, or with `?done=1` those that were dealt with."""
    now = timezone.now()
    is_open, cursor = not request.GET.get("done"), request.GET.get("after", "")
    found = replies(actor=request.actor, now=now, is_open=is_open, cursor=cursor)
    record_read(actor=request.actor, at=now, households=found.households, page=SEEN)
    counts = counts_of(actor=request.actor, now=now)
    return render(request, "docket/replies.html", {"found": found, "counts": counts, "now": now, "nav": "hearings"})


@staff_page(Capability.SEND_MESSAGES)
@require_POST
def call_back(request: StaffRequest, reply_uid: UUID) -> HttpResponse:
    """The number from which somebody wrote, for whoever calls it now: a read of its own."""
    now = timezone.now()
    reply = get_object_or_404(replies_for(request.actor).open(), uid=reply_uid)
    row = row_of(reply, actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=[each.uid for each in row.bearers], page=NUMBERS)
    context = {"row": row, "number": reply.address, "now": now, "nav": "hearings"}
    return render(request, "docket/call_back.html", context)


@staff_page(Capability.SEND_MESSAGES)
@require_POST
def handle(request: StaffRequest, reply_uid: UUID) -> HttpResponse:
    """Note what was done about a reply."""
    reply = get_object_or_404(replies_for(request.actor), uid=reply_uid)
    outcome = request.POST.get("outcome", "")
    if outcome not in Reply.Outcome.values:
        return go_to(request, reverse("docket:replies"))
    with answering(request, _("Noted: %(what)s") % {"what": Reply.Outcome(outcome).label}):
        handle_reply(reply=reply, outcome=Reply.Outcome(outcome), actor=request.actor, at=timezone.now())
    return go_to(request, reverse("docket:replies"))
