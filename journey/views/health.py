"""Health of a family: isolation, and a result corrected."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.covid import correct_result
from cases.actions.isolation import begin_isolation, end_isolation, plan_isolation
from cases.models import CovidTest, Isolation
from core.actors import Capability
from core.doors import StaffRequest, found, go_to, refused_in, staff_page
from core.errors import DomainError
from journey.actions.isolation import isolate_apart
from journey.families import Family, family_of
from journey.forms.households import FamilyForm
from journey.forms.papers import BeginIsolationForm, CorrectionForm, EndIsolationForm, IsolationForm
from journey.household_page import household_of_page
from journey.views.noting import note
from journey.views.saying import warn_of_children_alone
from journey.worklists import CONTACT_DAYS, contacts_of, isolation_row, isolations


@staff_page(Capability.SEE_HEALTH)
@require_GET
def isolation_list(request: StaffRequest) -> HttpResponse:
    """The families in isolation, the next retest first."""
    now = timezone.now()
    rows = isolations(actor=request.actor, now=now)
    record_read(actor=request.actor, at=now, households=(row.family.household.uid for row in rows), page="isolation")
    return render(request, "journey/isolations.html", {"rows": rows, "now": now, "nav": "reception"})


@staff_page(Capability.SEE_HEALTH)
@require_http_methods(["GET", "POST"])
def isolation_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The isolation of a family: how, until when, who slept in the same room. A POST plans it, or begins one where none is open."""
    now = timezone.now()
    family = _family(request, uid, now)
    isolation = _open_isolation(request, family)
    sent = request.POST if request.method == "POST" else None
    if isolation is None:
        begin = BeginIsolationForm(sent, family=family, now=now)
        if begin.is_bound and begin.is_valid() and _done(begin, lambda: _begin(request, begin, now)):
            return _go_back(request, family, _("They are in isolation from now on."))
        return _show(request, family, None, begin, now)
    form = IsolationForm(sent, family=family, now=now, isolation=isolation)
    if form.is_bound and form.is_valid() and _done(form, lambda: _plan(request, form, isolation, now)):
        return _go_back(request, family, _("Noted."))
    return _show(request, family, isolation, form, now)


@staff_page(Capability.SEE_HEALTH)
@require_POST
def end_isolation_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The isolation is over."""
    now = timezone.now()
    family = _family(request, uid, now)
    isolation = _open_isolation(request, family)
    form = EndIsolationForm(request.POST, family=family, now=now)
    if isolation is None or not form.is_valid():
        return go_to(request, _address(family))
    try:
        ending = Isolation.Ending(form.cleaned_data["ending"])
        end_isolation(isolation=isolation, ending=ending, actor=request.actor, at=now)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return go_to(request, _address(family))
    messages.success(request, _("The isolation is over. They go on from where they stood."))
    return go_to(request, reverse("journey:household", args=[family.household.uid]))


@staff_page(Capability.SEE_HEALTH)
@require_http_methods(["GET", "POST"])
def correct_test(request: StaffRequest, uid: UUID, test_id: int) -> HttpResponse:
    """Correct a wrong result, with its reason."""
    now = timezone.now()
    family = _family(request, uid, now)
    visible = CovidTest.objects.visible_to(request.actor).standing().exclude(result="")
    test = get_object_or_404(visible, pk=test_id, person__household=family.household)
    form = CorrectionForm(request.POST if request.method == "POST" else None, family=family, now=now, test=test)

    def deed() -> object:
        return correct_result(test=test, **form.entry(), actor=request.actor, at=now)

    name = next(member.name for member in family.members if member.person.pk == test.person_id)
    return note(request, form, deed, heading=_("Correct the result of %(name)s") % {"name": name}, icon="test-pipe")


def _begin(request: StaffRequest, form: BeginIsolationForm, now: datetime) -> object:
    cause = Isolation.Cause(form.cleaned_data["cause"])
    return begin_isolation(household=form.family.household, cause=cause, actor=request.actor, at=now)


def _plan(request: StaffRequest, form: IsolationForm, isolation: Isolation, now: datetime) -> object:
    retest_on = form.cleaned_data["retest_on"]
    if form.is_split:
        own = isolate_apart(
            isolation=isolation, going_on=form.going_on(), retest_on=retest_on, actor=request.actor, at=now
        )
        warn_of_children_alone(request, (own, isolation.household), now)
        return own
    return plan_isolation(isolation=isolation, way=form.chosen_way(), retest_on=retest_on, actor=request.actor, at=now)


def _done(form: FamilyForm, deed: Callable[[], object]) -> bool:
    """Do the deed; a refusal stands in the form."""
    with refused_in(form):
        deed()
    return not form.errors


def _show(
    request: StaffRequest, family: Family, isolation: Isolation | None, form: FamilyForm, now: datetime
) -> HttpResponse:
    contacts = contacts_of(family, actor=request.actor, now=now) if isolation else []
    seen = [family.household.uid, *(contact.uid for contact in contacts)]
    record_read(actor=request.actor, at=now, households=seen, page="isolation")
    context = {
        "family": family,
        "form": form,
        "row": isolation_row(isolation, family, now) if isolation else None,
        "contacts": contacts,
        "contact_days": CONTACT_DAYS,
        "end_form": EndIsolationForm(family=family, now=now),
        "nav": "reception",
    }
    return render(request, "journey/isolation.html", context, status=422 if form.is_bound else 200)


def _family(request: StaffRequest, uid: UUID, now: datetime) -> Family:
    household = found(household_of_page(uid, actor=request.actor))
    return family_of(household, now=now, actor=request.actor)


def _open_isolation(request: StaffRequest, family: Family) -> Isolation | None:
    visible = Isolation.objects.visible_to(request.actor).open().select_related("household")
    return visible.filter(household=family.household).first()


def _address(family: Family) -> str:
    return reverse("journey:isolation", args=[family.household.uid])


def _go_back(request: StaffRequest, family: Family, words: str) -> HttpResponse:
    messages.success(request, words)
    return go_to(request, _address(family))
