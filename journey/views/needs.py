"""What a household needs of a place: one page, all of it at once."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.needs import note_needs
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from journey.families import family_of
from journey.forms.needs import NeedsForm
from journey.household_page import household_of_page, needs_of
from journey.views.noting import note


@staff_page(Capability.SEE_NEEDS)
@require_http_methods(["GET", "POST"])
def note_needs_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say what they need, ticked what is known; what is unticked no longer counts."""
    now = timezone.now()
    household = found(household_of_page(uid, actor=request.actor))
    known = {"kinds": [kind.code for kind in needs_of(household)]}
    sent = request.POST if request.method == "POST" else None
    form = NeedsForm(sent, family=family_of(household, now=now), now=now, initial=known)

    def deed() -> object:
        return note_needs(household=household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("What they need of a place"), icon="check")
