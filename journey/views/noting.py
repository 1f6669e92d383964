"""The forms of the household page: each notes one thing, at an address of its own, and comes back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.consent import note_consent
from cases.actions.covid import note_results, take_tests
from cases.actions.papers import give_documents
from cases.actions.people import correct_person
from cases.actions.steps import take_step
from cases.models import Person
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, refused_in, staff_page
from core.inputs import number_asked
from hearings import actions as hearing_actions
from hearings import policies as hearing_policies
from hearings.models import Hearing
from journey.actions.presence import note_presence
from journey.families import Family, family_of, today_of
from journey.forms.consent import ConsentForm
from journey.forms.hearings import CancelForm, HearingForm, WordForm
from journey.forms.households import FamilyForm, PeopleForm, PersonForm, StepForm
from journey.forms.papers import DocumentForm, ResultForm, TestForm
from journey.household_page import household_of_page, standing_answers
from journey.views.saying import say_done


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def take_step_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Mark a step for the whole family or for those ticked."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = StepForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return take_step(household=family.household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Mark a step"), icon="check")


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def give_document(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note a paper that was given."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = DocumentForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return give_documents(household=family.household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Give document"), icon="file-plus")


@staff_page(Capability.SEE_HEALTH)
@require_http_methods(["GET", "POST"])
def take_test(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note tests that were taken."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = TestForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return take_tests(household=family.household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Take tests"), icon="test-pipe")


@staff_page(Capability.SEE_HEALTH)
@require_http_methods(["GET", "POST"])
def note_result_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note the results of the tests that they wait for, several at once."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = ResultForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return note_results(
            household=family.household,
            results=form.results(),
            resulted_at=form.cleaned_data["resulted_at"],
            actor=request.actor,
            at=now,
        )

    return note(request, form, deed, heading=_("Note result"), icon="test-pipe")


@staff_page(*hearing_policies.MAY_NOTE)
@require_http_methods(["GET", "POST"])
def note_hearing(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note a hearing from a paper or from what somebody says."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = HearingForm(_sent(request), family=family, now=now)

    def deed() -> object:
        return hearing_actions.note_hearing(household=family.household, **form.entry(), actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Note hearing"), icon="calendar-plus", nav="hearings")


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def change_hearing(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """Add what another source states; what is shown follows from all of them."""
    now = timezone.now()
    family = _family(request, uid, now)
    hearing = _hearing(request, family, hearing_uid)
    initial = {"source": request.GET.get("source", "")}
    form = WordForm(_sent(request), family=family, now=now, hearing=hearing, initial=initial)

    def deed() -> object:
        return hearing_actions.change_hearing(hearing=hearing, **form.entry(), actor=request.actor, at=now)

    look = {
        "heading": _("What another source says"),
        "icon": "calendar-event",
        "template": "journey/change_hearing.html",
    }
    return note(request, form, deed, **look, nav="hearings", hearing=hearing)


@staff_page(Capability.EDIT_HEARINGS)
@require_http_methods(["GET", "POST"])
def cancel_hearing(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """Note that a hearing is off, without a new date."""
    now = timezone.now()
    family = _family(request, uid, now)
    hearing = _hearing(request, family, hearing_uid)
    form = CancelForm(_sent(request), family=family, now=now, hearing=hearing)

    def deed() -> object:
        return hearing_actions.cancel_hearing(hearing=hearing, **form.cleaned_data, actor=request.actor, at=now)

    look = {"heading": _("The hearing is off"), "icon": "calendar-off", "template": "journey/cancel_hearing.html"}
    return note(request, form, deed, **look, nav="hearings")


@staff_page(Capability.EDIT_HEARINGS)
@require_POST
def verify_hearing(request: StaffRequest, uid: UUID, hearing_uid: UUID) -> HttpResponse:
    """Note that the EOIR line states today what is shown."""
    now = timezone.now()
    family = _family(request, uid, now)
    hearing = _hearing(request, family, hearing_uid)
    shown = {"version": found(number_asked(request.POST.get("version", "")))}
    with answering(request, _("Noted.")):
        today = today_of(family, now)
        hearing_actions.verify_hearing(hearing=hearing, **shown, said_on=today, actor=request.actor, at=now)
    return go_to(request, _address(family))


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, uid: UUID, person_uid: UUID) -> HttpResponse:
    """Correct what is known of a person."""
    now = timezone.now()
    family = _family(request, uid, now)
    person = get_object_or_404(Person.objects.visible_to(request.actor), uid=person_uid, household=family.household)
    form = PersonForm(_sent(request), family=family, now=now, person=person)

    def deed() -> object:
        changes = form.changes()
        return changes and correct_person(person=person, changes=changes, actor=request.actor, at=now)

    return note(request, form, deed, heading=_("Correct a person"), icon="pencil")


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def consent(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note what the family agrees to from now on."""
    now = timezone.now()
    family = _family(request, uid, now)
    household = family.household
    form = ConsentForm(
        _sent(request), family=family, now=now, standing=standing_answers(household), actor=request.actor
    )

    def deed() -> object:
        return note_consent(household=household, **form.entry(), actor=request.actor, at=now)

    return note(
        request, form, deed, heading=_("What they agree to"), icon="shield-check", template="journey/consent.html"
    )


def _family(request: StaffRequest, uid: UUID, now: datetime) -> Family:
    """The family, if the actor may know of it."""
    household = found(household_of_page(uid, actor=request.actor))
    return family_of(household, now=now)


def _hearing(request: StaffRequest, family: Family, uid: UUID) -> Hearing:
    visible = Hearing.objects.visible_to(request.actor).select_related("household", "report_crossing__city")
    return get_object_or_404(visible, uid=uid, household=family.household)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _address(family: Family) -> str:
    return reverse("journey:household", args=[family.household.uid])


def note(
    request: StaffRequest,
    form: FamilyForm,
    deed: Callable[[], object],
    *,
    heading: str,
    icon: str,
    template: str = "journey/household_form.html",
    nav: str = "reception",
    **shown: object,
) -> HttpResponse:
    """Do the deed and go back, or show the form: with its errors and all that was typed after a refusal. It stands in the place `nav`.

    `shown` is what its `template` shows besides.
    """
    family = form.family
    if form.is_bound and form.is_valid():
        with refused_in(form):
            deed()
            if isinstance(form, PeopleForm):
                here, away = form.presence()
                note_presence(household=family.household, here=here, away=away, actor=request.actor, at=form.now)
            say_done(request, family.household, form.now)
            return go_to(request, _address(family))
    record_read(actor=request.actor, at=form.now, households=[family.household.uid], page="household")
    context = {"family": family, "form": form, "heading": heading, "icon": icon, "nav": nav, **shown}
    return render(request, template, context, status=422 if form.is_bound else 200)
