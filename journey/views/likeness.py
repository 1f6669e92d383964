"""Who is who: hints while somebody is being written down, the worklist of pairs, two files side by side, merging and undoing."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.likeness import tell_apart
from cases.actions.merging import merge_people, undo_merge
from cases.likeness import HINTED, look_for
from cases.models import Merge, Person
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from core.errors import DomainError
from core.inputs import uid_asked
from journey.alike import pills_of
from journey.elsewhere import token_for
from journey.forms.likeness import described
from journey.merges import told_of
from journey.same import Comparison, comparison_of, waiting_pairs


@staff_page(Capability.LOG_ARRIVAL)
@require_POST
def hints(request: StaffRequest) -> HttpResponse:
    """Those who may be the head that is being written down, as a panel of that page; who was shown is recorded."""
    now = timezone.now()
    entry = described(request.POST, today=timezone.localdate(now))
    if entry is None:
        return HttpResponse("")
    seen = look_for(entry, actor=request.actor, limit=3, least=HINTED)
    shown = {one.person.household.uid for one in seen.here}
    record_read(actor=request.actor, at=now, households=shown, page="likeness")
    context = {
        "rows": [(one.person, _age_of(one.person, now), pills_of(one.alike.reasons)) for one in seen.here],
        "elsewhere": bool(not seen.here and token_for(request, seen.elsewhere, now=now)),
        "may_edit": request.actor.can(Capability.EDIT_PEOPLE),
        "ticked": request.POST.getlist("compare"),
    }
    return render(request, "journey/_likeness.html", context)


def _age_of(person: Person, now: datetime) -> int | None:
    return person.age_on(person.household.day_at(now))


@staff_page(Capability.EDIT_PEOPLE)
@require_GET
def pairs(request: StaffRequest) -> HttpResponse:
    """The pairs that somebody must judge: all that the actor may see, or those of one household."""
    now = timezone.now()
    found, total = waiting_pairs(actor=request.actor, household=uid_asked(request.GET.get("of", "")))
    shown = {person.household.uid for pair in found for person in (pair.one, pair.other)}
    record_read(actor=request.actor, at=now, households=shown, page="same")
    context = {
        "pairs": found,
        "total": total,
        "shown": sum(pair.more + 1 for pair in found),
        "now": now,
        "nav": "reception",
    }
    return render(request, "journey/same.html", context)


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def compare(request: StaffRequest, person_uid: UUID, other_uid: UUID) -> HttpResponse:
    """Two files side by side; a POST merges the second into the first, with what was ticked."""
    now = timezone.now()
    comparison = comparison_of(kept=person_uid, other=other_uid, actor=request.actor, now=now)
    if comparison is None:
        raise Http404
    refusal = _merge(request, comparison) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return go_to(request, reverse("journey:household", args=[comparison.kept_family.household.uid]))
    record_read(actor=request.actor, at=now, households=comparison.households, page="compare")
    context = {"same": comparison, "refusal": refusal, "now": now, "nav": "reception"}
    return render(request, "journey/compare.html", context, status=422 if refusal else 200)


def _merge(request: StaffRequest, comparison: Comparison) -> str:
    """Merge what was ticked, and say so with a way back; why it was refused, or nothing."""
    same = comparison.same(fill=request.POST.getlist("fill"), also=request.POST.getlist("also"))
    try:
        made = merge_people(pairs=same, actor=request.actor, at=timezone.now())
    except DomainError as refusal:
        return str(refusal)
    undo = reverse("journey:merge", args=[made.uid])
    messages.success(request, _("Merged. It can be undone from this page."), extra_tags=undo)
    return ""


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def apart(request: StaffRequest, person_uid: UUID, other_uid: UUID) -> HttpResponse:
    """Remember that they are two people."""
    visible = Person.objects.visible_to(request.actor).select_related("household")
    one, other = (get_object_or_404(visible, uid=uid) for uid in (person_uid, other_uid))
    with answering(request, _("Noted: two people. They are not offered again.")):
        tell_apart(one=one, other=other, actor=request.actor, at=timezone.now())
    return go_to(request, reverse("journey:same"))


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, merge_uid: UUID) -> HttpResponse:
    """What was merged, when and why; a POST undoes it."""
    now = timezone.now()
    visible = Merge.objects.visible_to(request.actor).select_related("kept__site__city", "other")
    found = get_object_or_404(visible, uid=merge_uid)
    if request.method == "POST":
        try:
            undo_merge(merge=found, actor=request.actor, at=now)
        except DomainError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Undone: two files again."))
            return go_to(request, reverse("journey:household", args=[found.kept.uid]))
    record_read(actor=request.actor, at=now, households=[found.kept.uid, found.other.uid], page="merge")
    return render(request, "journey/merge.html", {"merge": told_of(found), "now": now, "nav": "reception"})
