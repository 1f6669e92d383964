"""Back from court: who came, what was decided, the new sheet, in one form."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from docket.actions.returns import come_back
from docket.forms.returns import ReturnForm
from docket.outcomes import hearing_come_from
from journey.families import family_of
from journey.household_page import for_page
from journey.views.noting import note


@staff_page(Capability.LOG_ARRIVAL)
@require_http_methods(["GET", "POST"])
def log_return(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note that they came back; the form carries an id of its own, so that sending it twice notes it once."""
    now = timezone.now()
    household = found(for_page(Household.objects.visible_to(request.actor)).known_as(uid))
    sent, hearing = request.POST if request.method == "POST" else None, hearing_come_from(household, now=now)
    family = family_of(household, now=now, actor=request.actor)
    form = ReturnForm(sent, family=family, hearing=hearing, now=now)

    def deed() -> object:
        return come_back(household=household, **form.entry(), actor=request.actor, at=now)

    look = {"heading": _("Back from court"), "icon": "building-bridge-2", "template": "docket/log_return.html"}
    return note(request, form, deed, **look)
