"""How many were counted in a shelter: what its figure rests on, a difference to settle, and the counts before."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, refused_in, staff_page
from shelters.actions import note_count, settle_count
from shelters.asking import owed
from shelters.forms import CountForm, SettleForm
from shelters.freshness import basis_of
from shelters.models import Count, Shelter

COUNTS_SHOWN = 20


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_http_methods(["GET", "POST"])
def counts(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What the figure of a shelter rests on; a POST notes a headcount."""
    now = timezone.now()
    house = _house(request, uid, now)
    form = CountForm(request.POST or None)
    if form.is_valid():
        people, basis = form.cleaned_data["people"], Shelter.CountBasis(form.cleaned_data["basis"])
        with refused_in(form):
            count = note_count(shelter=house, people=people, basis=basis, actor=request.actor, at=now)
            if not count.difference:
                messages.success(request, _("The count agrees with the stays. The figure is fresh again."))
            return go_to(request, reverse("shelters:counts" if count.difference else "shelters:shelter", args=[uid]))
    return _page(request, house, now, form)


@staff_page(Capability.RUN_SHELTER, Capability.PLACE)
@require_POST
def settle(request: StaffRequest, uid: UUID, count_uid: UUID) -> HttpResponse:
    """Say why a count differed from the stays."""
    now = timezone.now()
    house = _house(request, uid, now)
    count = get_object_or_404(Count.objects.visible_to(request.actor).select_related("shelter"), uid=count_uid)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, house, now, settling=form)
    how, note = Count.How(form.cleaned_data["how"]), form.cleaned_data["note"]
    with answering(request, _("Settled, and kept with your name.")):
        settle_count(count=count, how=how, note=note, actor=request.actor, at=now)
    return go_to(request, reverse("shelters:counts", args=[uid]))


def _house(request: StaffRequest, uid: UUID, now: datetime) -> Shelter:
    return get_object_or_404(Shelter.objects.visible_to(request.actor).with_figures(now), uid=uid)


def _page(
    request: StaffRequest,
    house: Shelter,
    now: datetime,
    form: CountForm | None = None,
    settling: SettleForm | None = None,
) -> HttpResponse:
    listed = list(Count.objects.filter(shelter=house).newest_first()[:COUNTS_SHOWN])
    context = {
        "shelter": house,
        "places": house.figures,
        "basis": basis_of(house, now),
        "owed": owed([house.pk]).get(house.pk),
        "unsettled": next((count for count in listed if count.settled_at is None), None),
        "counts": listed,
        "form": form or CountForm(),
        "settling": settling or SettleForm(),
        "now": now,
        "nav": "shelters",
    }
    is_wrong = any(one and one.errors for one in (form, settling))
    return render(request, "shelters/counts.html", context, status=422 if is_wrong else 200)
