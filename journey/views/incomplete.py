"""The list of files that still owe something."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.actions import record_read
from cases.models import Household, Owed
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.keyset import keyset_page
from journey.owed_list import ICONS, rows_of


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def incomplete(request: StaffRequest) -> HttpResponse:
    """Households whose file lacks something, those who wait longest first; `?owed=` narrows to one thing."""
    visible = (
        Household.objects.visible_to(request.actor).worked_by(request.actor).incomplete().select_related("site__city")
    )
    only = request.GET.get("owed")
    chosen = visible.filter(owed__contains=[only]) if only in Owed.values else visible
    page = keyset_page(chosen, by="arrived_at", cursor=request.GET.get("after", ""), descending=False)
    record_read(actor=request.actor, at=timezone.now(), households=(each.uid for each in page.rows), page="incomplete")
    context = {
        "rows": rows_of(page.rows, actor=request.actor),
        "next_cursor": page.next_cursor,
        "filters": [(owed, ICONS[owed]) for owed in Owed],
        "only": only,
        "may_edit": request.actor.can(Capability.EDIT_PEOPLE),
    }
    return render(request, "journey/incomplete.html", {**context, "nav": "reception"})
