"""The page at the bridge."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.models import Household, Person
from core.actors import Capability
from core.doors import StaffRequest, go_to, refused_in, staff_page
from core.inputs import uid_asked
from journey.actions.arrivals import log_arrival
from journey.forms.arrivals import ArrivalForm


@staff_page(Capability.LOG_ARRIVAL)
@require_http_methods(["GET", "POST"])
def log_arrival_page(request: StaffRequest) -> HttpResponse:
    """Log a household. The form's own id makes a second tap land on the same household."""
    now = timezone.now()
    form = ArrivalForm(request.POST or None, actor=request.actor, now=now)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            household, _is_new = log_arrival(**form.arrival(), actor=request.actor, at=now)
            _say_received(request, household.code, len(form.shown_people()))
            return go_to(request, _next_page(request, household))
    status = 422 if request.method == "POST" else 200
    return render(request, "journey/log_arrival.html", {"form": form, "nav": "arrival", "now": now}, status=status)


def _next_page(request: StaffRequest, household: Household) -> str:
    """The file that was just saved, or, where a hint was ticked, its head beside the person that the hint named."""
    hinted = uid_asked(request.POST.get("compare", ""))
    head = household.people.filter(position=1).first()
    if head and hinted and Person.objects.visible_to(request.actor).filter(uid=hinted).exclude(pk=head.pk).exists():
        return reverse("journey:compare", args=[hinted, head.uid])
    return reverse("journey:household", args=[household.uid])


def _say_received(request: StaffRequest, code: str, size: int) -> None:
    words = ngettext("Received: %(size)d person, %(code)s.", "Received: family of %(size)d, %(code)s.", size)
    messages.success(request, words % {"size": size, "code": code})
