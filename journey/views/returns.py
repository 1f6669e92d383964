"""Back from court: the household that is known comes over the bridge again."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.actions.returns import record_return
from cases.models import Household
from core.actors import Capability
from core.doors import StaffRequest, found, staff_page
from journey.families import family_of
from journey.forms.papers import ReturnForm
from journey.household_page import for_page
from journey.views.noting import note


@staff_page(Capability.LOG_ARRIVAL)
@require_http_methods(["GET", "POST"])
def log_return(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note that they came back from court; the form carries an id of its own, so that sending it twice notes it once."""
    now = timezone.now()
    household = found(for_page(Household.objects.visible_to(request.actor)).known_as(uid))
    sent = request.POST if request.method == "POST" else None
    form = ReturnForm(sent, family=family_of(household, now=now), now=now, initial={"uid": uuid4()})

    def deed() -> object:
        return record_return(household=household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Back from court"), icon="building-bridge-2")
