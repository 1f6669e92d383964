"""Who belongs to whom: kin, parting and joining, and who is not with their family just now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.kin import note_found, note_kinship, note_missing, withdraw_kinship
from cases.actions.splitting import join_households, split_household, undo_regrouping
from cases.models import Household, Kinship, Regrouping
from core.actors import Capability
from core.doors import StaffRequest, answering, found, go_to, refused_in, staff_page
from journey.belonging import belonging_of, household_called
from journey.families import Family, families_of
from journey.forms.belonging import JoinForm, KinForm, SplitForm
from journey.forms.households import FamilyForm
from journey.views.saying import warn_of_children_alone

LONGEST_CODE = 40


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def belonging(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who takes care of whom, who is missing, kin in other families, and how this one parted and joined."""
    now = timezone.now()
    family = _family(request, uid, now)
    context = belonging_of(family, actor=request.actor, now=now)
    seen = {family.household.uid, *(each.household.uid for each in context["kin"])}
    record_read(actor=request.actor, at=now, households=seen, page="belonging")
    return render(request, "journey/belonging.html", {**context, "now": now, "nav": "reception"})


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def absence(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note that one of them is not here, or is here again."""
    now = timezone.now()
    family = _family(request, uid, now)
    who = [member.person for member in family.members if str(member.person.uid) == request.POST.get("person")]
    deed = note_found if "found" in request.POST else note_missing
    with answering(request, _("Noted.")):
        deed(household=family.household, people=who, actor=request.actor, at=now)
    return go_to(request, _page_of(family.household))


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def kin(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note how somebody of this family belongs to somebody of the family `?with=` (a case code, or a card's)."""
    now = timezone.now()
    family = _family(request, uid, now)
    other = _other(request, family)
    if other is None:
        return _ask(request, family, now, heading=_("Note a relation"), with_own=True)
    form = KinForm(_sent(request), family=family, now=now, other=other)

    def deed() -> Household:
        note_kinship(**form.entry(), actor=request.actor, at=now)
        return family.household

    return _do(request, form, deed, other, heading=_("Note a relation"), icon="users")


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def withdraw_kin(request: StaffRequest, uid: UUID, kin_uid: UUID) -> HttpResponse:
    """Take a relation back."""
    visible = Kinship.objects.visible_to(request.actor).select_related("person__household", "relative__household")
    kinship = get_object_or_404(visible, uid=kin_uid)
    household = next(
        (each.household for each in (kinship.person, kinship.relative) if each.household.uid == uid),
        kinship.person.household,
    )
    with answering(request, _("Taken back.")):
        withdraw_kinship(kinship=kinship, actor=request.actor, at=timezone.now())
    return go_to(request, _page_of(household))


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def split(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Let some of them be a family of their own."""
    now = timezone.now()
    family = _family(request, uid, now)
    form = SplitForm(_sent(request), family=family, now=now, actor=request.actor)

    def deed() -> Household:
        own = split_household(household=family.household, **form.entry(), actor=request.actor, at=now)
        warn_of_children_alone(request, (own, family.household), now)
        return own

    return _do(request, form, deed, None, heading=_("Separate a family"), icon="arrows-split")


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def join(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Let the people of the family `?with=` join this one."""
    now = timezone.now()
    family = _family(request, uid, now)
    other = _other(request, family)
    if other is None or other == family.household:
        return _ask(request, family, now, heading=_("Join two families"))
    form = JoinForm(_sent(request), family=family, now=now)

    def deed() -> Household:
        return join_households(household=other, into=family.household, **form.entry(), actor=request.actor, at=now)

    return _do(request, form, deed, other, heading=_("Join two families"), icon="arrows-join")


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def undo_regrouping_page(request: StaffRequest, uid: UUID, regrouping_uid: UUID) -> HttpResponse:
    """Take a parting or joining back."""
    household = get_object_or_404(Household.objects.visible_to(request.actor), uid=uid)
    regrouping = get_object_or_404(Regrouping.objects.visible_to(request.actor), uid=regrouping_uid)
    if household.pk not in (regrouping.household_id, regrouping.into_id):
        return go_to(request, _page_of(household))
    with answering(request, _("Taken back: everybody is where they were.")):
        household = undo_regrouping(regrouping=regrouping, actor=request.actor, at=timezone.now())
    return go_to(request, _page_of(household))


def _family(request: StaffRequest, uid: UUID, now: datetime) -> Family:
    """The family, if the actor may know of it; its hearing is no question here."""
    household = found(Household.objects.visible_to(request.actor).select_related("site__city").known_as(uid))
    return families_of([household], now=now, hearings={})[0]


def _other(request: StaffRequest, family: Family) -> Household | None:
    """The household that the address names, this one for `own`."""
    named = request.GET.get("with", "").strip()[:LONGEST_CODE]
    if named == "own":
        return family.household
    other = household_called(named, actor=request.actor) if named else None
    if named and other is None:
        messages.warning(request, _("No family here has this code. Compare it with their card or their page."))
    return other


def _page_of(household: Household) -> str:
    return reverse("journey:belonging", args=[household.uid])


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _ask(request: StaffRequest, family: Family, now: datetime, *, heading: str, with_own: bool = False) -> HttpResponse:
    """Ask for the code of the other family."""
    record_read(actor=request.actor, at=now, households=[family.household.uid], page="belonging")
    context = {"family": family, "heading": heading, "with_own": with_own, "nav": "reception"}
    return render(request, "journey/belonging_ask.html", context)


def _do(
    request: StaffRequest,
    form: FamilyForm,
    deed: Callable[[], Household],
    other: Household | None,
    *,
    heading: str,
    icon: str,
) -> HttpResponse:
    """Do the deed and show who belongs to whom now, or show the form with its errors and all that was typed."""
    if form.is_bound and form.is_valid():
        with refused_in(form):
            household = deed()
            messages.success(request, _("Noted for %(code)s.") % {"code": household.code})
            return go_to(request, _page_of(household))
    family = form.family
    seen = {family.household.uid, *([other.uid] if other else [])}
    record_read(actor=request.actor, at=form.now, households=seen, page="belonging")
    others = families_of([other], now=form.now, hearings={}) if other and other != family.household else []
    context = {"family": family, "form": form, "others": others, "heading": heading, "icon": icon, "nav": "reception"}
    return render(request, "journey/belonging_form.html", context, status=422 if form.is_bound else 200)
