"""Finding people. Always a POST: no name stands in an address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.actions import record_read
from cases.finding import Answer, look
from cases.policies import step_told
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from journey.elsewhere import token_for, told_before
from journey.forms.access import AskForm

LONGEST_QUERY = 120


@staff_page(Capability.SEE_PEOPLE)
@require_http_methods(["GET", "POST"])
def find_people(request: StaffRequest) -> HttpResponse:
    """The people who best answer what was typed, each with its household; who was shown is recorded."""
    now = timezone.now()
    query = request.POST.get("q", "").strip()[:LONGEST_QUERY]
    answer = look(query, actor=request.actor, told=told_before(request)) if query else Answer([])
    found = answer.found
    record_read(actor=request.actor, at=now, households={one.person.household.uid for one in found}, page="find")
    rows = [
        (person, person.age_on(person.household.day_at(now)), step_told(request.actor, person.household).label)
        for person in (one.person for one in found)
    ]
    token = token_for(request, answer.elsewhere, now=now)
    ask = AskForm(initial={"token": token}) if token else None
    return render(request, "journey/find.html", {"query": query, "rows": rows, "ask": ask, "nav": "reception"})
