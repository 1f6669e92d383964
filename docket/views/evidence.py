"""A packet of evidence about one hearing, for a lawyer: asked for with a reason, recorded, and made on the spot."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from docket.actions.evidence import note_evidence
from docket.evidence import packet_of
from docket.evidence_pdf import pdf_of
from docket.forms.outcomes import EvidenceForm
from hearings.models import Hearing
from journey.families import Family, family_of
from journey.household_page import for_page
from journey.paper import Paper

SEEN, KEPT = "evidence", "evidence.print"  # as the read log knows them


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def evidence(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """The form that asks what for; a POST makes the packet."""
    now = timezone.now()
    household = found(for_page(Household.objects.visible_to(request.actor).worked_by(request.actor)).known_as(uid))
    hearings = Hearing.objects.visible_to(request.actor).filter(household=household).for_clocks(with_sources=False)
    hearing = get_object_or_404(hearings.select_related("household"), uid=hearing_uid)
    family = family_of(household, now=now, actor=request.actor)
    form = EvidenceForm(request.POST if request.method == "POST" else None, family=family, now=now)
    if form.is_bound and form.is_valid():
        return _packet(request, form, family, hearing)
    record_read(actor=request.actor, at=now, households=[household.uid], page=SEEN)
    context = {"family": family, "form": form, "hearing": hearing, "nav": "hearings"}
    return render(request, "docket/evidence.html", context, status=422 if form.is_bound else 200)


def _packet(request: StaffRequest, form: EvidenceForm, family: Family, hearing: Hearing) -> HttpResponse:
    """The file, in the language that the reader of it speaks."""
    told, actor = form.cleaned_data, request.actor
    with translation.override(told["language"]):
        packet = packet_of(family, hearing, actor=actor)
        facts = form.entry(packet.digest)
        noted, _new = note_evidence(hearing=hearing, **facts, lines=packet.lines, actor=actor, at=form.now)
        pdf = pdf_of(packet, noted=noted, paper=Paper(told["paper"]))
    record_read(actor=actor, at=form.now, households=[family.household.uid], page=KEPT)
    response, name = HttpResponse(pdf, content_type="application/pdf"), _("packet")
    response["Content-Disposition"] = f'attachment; filename="{name}-{str(noted.uid)[:8]}.pdf"'
    return response
