"""Saying who is who: yes, no, not after all, and logging somebody straight from the list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record_read
from cases import rules as people_rules
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from core.errors import DomainError
from expected.actions.matching import answer_offer, open_entry, undo_match
from expected.candidates import with_people
from expected.comparison import Show
from expected.models import ExpectedHousehold, ExpectedPerson, Pairing
from expected.views.lists import page_of
from journey.forms.arrivals import BUTTONS, MOST_PEOPLE, ArrivalForm


@staff_page(Capability.LOG_ARRIVAL)
@require_POST
def answer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say that an arrival is, or is not, the announced family `uid`."""
    household = _household(request, uid)
    try:
        offers = Pairing.objects.offered().filter(household=household, arrival__uid=request.POST.get("arrival", ""))
        pairing = get_object_or_404(offers.select_related("household__day", "arrival__household"))
    except ValidationError:
        raise Http404 from None
    is_same = request.POST.get("same") == "yes"
    with answering(request):
        answer_offer(pairing=pairing, is_same=is_same, actor=request.actor, at=timezone.now())
        code = pairing.arrival.household.code
        words = _("%(code)s is on the list.") if is_same else _("%(code)s is somebody else. This is remembered.")
        messages.success(request, words % {"code": code})
    return go_to(request, page_of(household.day.site, household.day.day))


@staff_page(Capability.LOG_ARRIVAL)
@require_POST
def undo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say that who was matched to the announced family `uid` is not it."""
    household = _household(request, uid)
    with answering(request, _("Undone. The family is still to come, the arrival was looked for again.")):
        undo_match(household=household, actor=request.actor, at=timezone.now())
    return go_to(request, page_of(household.day.site, household.day.day, show=Show.CAME))


@staff_page(Capability.LOG_ARRIVAL)
@require_POST
def log(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Open the arrival form, filled with what the list says of the family `uid`. Names travel in the body, never in an address."""
    now = timezone.now()
    household = _household(request, uid)
    try:
        entry = open_entry(household=household, actor=request.actor, at=now)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return go_to(request, page_of(household.day.site, household.day.day))
    record_read(actor=request.actor, at=now, households=[household.uid], page="expected.log")
    form = _filled(ArrivalForm(actor=request.actor, now=now, initial={"uid": entry}), household)
    return render(request, "journey/log_arrival.html", {"form": form, "nav": "arrival", "now": now})


def _household(request: StaffRequest, uid: UUID) -> ExpectedHousehold:
    households = ExpectedHousehold.objects.visible_to(request.actor).standing()
    return get_object_or_404(with_people(households.select_related("day__site")), uid=uid)


def _filled(form: ArrivalForm, household: ExpectedHousehold) -> ArrivalForm:
    """`form` with what the list says; it stays a fresh form, nothing is checked yet."""
    people = list(household.people.all())
    form.initial["size"] = min(household.size, BUTTONS)
    form.initial["nationality"] = next((person.nationality for person in people if person.nationality), "")
    if household.crossing_id:
        form.initial["crossing"] = household.crossing_id
    for part, person in zip(form.people[:MOST_PEOPLE], people, strict=False):
        part.initial = {**part.initial, **_told(person, household)}
    return form


def _told(person: ExpectedPerson, household: ExpectedHousehold) -> dict[str, object]:
    """What the list says of one person, in the fields of the form."""
    told: dict[str, object] = {name: getattr(person, name) for name in ("given_names", "surnames", "sex", "a_number")}
    if person.birth_date and person.birth_is_estimated:
        told["age"] = people_rules.age_on(person.birth_date, household.day.day)
    elif person.birth_date:
        told["age"] = f"{person.birth_date:%d/%m/%Y}"
    return told
