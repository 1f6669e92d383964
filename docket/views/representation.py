"""Who speaks for a family: noting, reading, correcting and ending it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.actions import record_read
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from docket.forms.representation import EndingForm, RepresentationForm
from docket.representation import page_of
from hearings.actions.representation import correct_representation, end_representation, note_representation
from hearings.models import Representation
from hearings.policies import MAY_NOTE
from journey.families import Family, family_of
from journey.household_page import for_page
from journey.views.noting import note

SEEN = "representation"  # as the read log knows it


@staff_page(*MAY_NOTE)
@require_http_methods(["GET", "POST"])
def represent(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note a lawyer or accredited representative."""
    now, family = timezone.now(), _family(request, uid)
    form = RepresentationForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return note_representation(household=family.household, appearance=form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Who speaks for them"), icon="user-check", nav="hearings")


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def representation(request: StaffRequest, uid: UUID, representation_uid: UUID) -> HttpResponse:
    """A representative with phone and e-mail; reading it is recorded."""
    now, family = timezone.now(), _family(request, uid)
    noted = _representation(request, family, representation_uid)
    record_read(actor=request.actor, at=now, households=[family.household.uid], page=SEEN)
    context = page_of(noted, family=family, actor=request.actor)
    return render(request, "docket/representation.html", {**context, "now": now, "nav": "hearings"})


@staff_page(*MAY_NOTE)
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, uid: UUID, representation_uid: UUID) -> HttpResponse:
    """Correct what is known of a representative."""
    now, family = timezone.now(), _family(request, uid)
    noted = _representation(request, family, representation_uid)
    form = RepresentationForm(_sent(request), family=family, now=now, representation=noted)

    def deed() -> object:
        appearance = form.entry()
        return correct_representation(representation=noted, appearance=appearance, actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Correct a representative"), icon="pencil", nav="hearings")


@staff_page(*MAY_NOTE)
@require_http_methods(["GET", "POST"])
def end(request: StaffRequest, uid: UUID, representation_uid: UUID) -> HttpResponse:
    """Note that a representative no longer appears."""
    now, family = timezone.now(), _family(request, uid)
    noted = _representation(request, family, representation_uid)
    form = EndingForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return end_representation(representation=noted, **form.cleaned_data, actor=request.actor, at=now)

    return note(request, form, deed, heading=_("No longer appears for them"), icon="user-x", nav="hearings")


def _family(request: StaffRequest, uid: UUID) -> Family:
    household = found(for_page(Household.objects.visible_to(request.actor)).known_as(uid))
    return family_of(household, now=timezone.now(), actor=request.actor)


def _representation(request: StaffRequest, family: Family, uid: UUID) -> Representation:
    visible = Representation.objects.visible_to(request.actor).filter(household=family.household)
    return get_object_or_404(visible.select_related("household", "hearing"), uid=uid)


def _sent(request: StaffRequest) -> object:
    return request.POST if request.method == "POST" else None
