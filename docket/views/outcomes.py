"""What came of hearings: noting it, asking after those of whom nobody knows, opening a case again."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.reopening import reopen_case
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, staff_page
from core.errors import DomainError
from docket.forms.outcomes import FollowUpForm, ReopenForm, outcome_form_of
from docket.outcomes import asked_page, for_rows, lost_everybody, missing_outcomes, open_outcomes, rows_of
from hearings.actions.outcomes import correct_outcome, note_follow_up, note_outcome
from hearings.models import Hearing
from hearings.policies import MAY_FOLLOW_UP, MAY_NOTE
from journey.families import Family, family_of
from journey.household_page import for_page
from journey.views.noting import note


@staff_page(*MAY_NOTE)
@require_http_methods(["GET", "POST"])
def outcome(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """Note what came of a hearing, or correct it where that is noted already."""
    now, family = timezone.now(), _family(request, uid)
    hearing = _hearing(request, family, hearing_uid)
    noted = list(hearing.outcomes.standing())
    sent = request.POST if request.method == "POST" else None
    form = outcome_form_of(sent, family=family, hearing=hearing, noted=noted, now=now)

    def deed() -> object:
        write = correct_outcome if noted else note_outcome
        return write(**form.entry(), actor=request.actor, at=now)

    heading = _("Correct the outcome") if noted else _("What came of the hearing")
    return note(request, form, deed, heading=heading, icon="gavel", template="docket/outcome.html", nav="hearings")


@staff_page(Capability.EDIT_HEARINGS, Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def reopen(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Open a closed case again."""
    now, family = timezone.now(), _family(request, uid)
    form = ReopenForm(request.POST if request.method == "POST" else None, family=family, now=now)

    def deed() -> object:
        return reopen_case(household=family.household, **form.cleaned_data, actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Open the case again"), icon="lock-open", nav="hearings")


@staff_page(*MAY_FOLLOW_UP)
@require_GET
def outcomes(request: StaffRequest) -> HttpResponse:
    """Hearings of which nobody knows what came, the longest without news first."""
    now = timezone.now()
    missing = missing_outcomes(actor=request.actor, now=now, cursor=request.GET.get("after", ""))
    seen = {row.family.household.uid for row in missing.rows}
    record_read(actor=request.actor, at=now, households=seen, page="outcomes")
    return render(request, "docket/outcomes.html", {"missing": missing, "now": now, "nav": "hearings"})


@staff_page(*MAY_FOLLOW_UP)
@require_http_methods(["GET", "POST"])
def ask_after(request: StaffRequest, over_uid: UUID) -> HttpResponse:
    """The call tree of one family; a POST shows its phones too, which is a read of its own."""
    now = timezone.now()
    hearing = get_object_or_404(for_rows(open_outcomes(request.actor, now)), uid=over_uid)
    (row,) = rows_of([hearing], actor=request.actor, now=now)
    with_phones = request.method == "POST"
    page = "outcomes.numbers" if with_phones else "outcomes"
    record_read(actor=request.actor, at=now, households=[row.family.household.uid], page=page)
    context = asked_page(row, actor=request.actor, look=uuid4(), with_phones=with_phones)
    return render(request, "docket/ask_after.html", {**context, "now": now, "nav": "hearings"})


@staff_page(*MAY_FOLLOW_UP)
@require_POST
def asked(request: StaffRequest, over_uid: UUID) -> HttpResponse:
    """Note whom somebody asked and what it came to."""
    now = timezone.now()
    hearing = get_object_or_404(Hearing.objects.visible_to(request.actor).select_related("household"), uid=over_uid)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose what it came to."))
        return redirect("docket:ask_after", over_uid)
    with answering(request, _("Noted.")):
        note_follow_up(hearing=hearing, **form.entry(), actor=request.actor, at=now)
    return go_to(request, reverse("docket:ask_after", args=[over_uid]))


@staff_page(*MAY_NOTE)
@require_POST
def lost(request: StaffRequest, over_uid: UUID) -> HttpResponse:
    """Note that contact with the people of a hearing is lost: nobody finds out what came of it."""
    now = timezone.now()
    hearing = get_object_or_404(Hearing.objects.visible_to(request.actor).select_related("household"), uid=over_uid)
    if open_outcomes(request.actor, now).filter(pk=hearing.pk).exists():  # else the second tap of two
        try:
            note_outcome(**lost_everybody(hearing), actor=request.actor, at=now)
        except DomainError as refusal:
            messages.warning(request, str(refusal))
            return redirect("docket:ask_after", over_uid)
        messages.success(request, _("Contact counts as lost. Whoever finds them opens their case again."))
    return go_to(request, reverse("journey:household", args=[hearing.household.uid]))


def _family(request: StaffRequest, uid: UUID) -> Family:
    household = found(for_page(Household.objects.visible_to(request.actor)).known_as(uid))
    return family_of(household, now=timezone.now(), actor=request.actor)


def _hearing(request: StaffRequest, family: Family, uid: UUID) -> Hearing:
    hearings = Hearing.objects.visible_to(request.actor).filter(household=family.household)
    wanted = hearings.for_clocks(with_sources=False).select_related("household")
    return get_object_or_404(wanted, uid=uid)
