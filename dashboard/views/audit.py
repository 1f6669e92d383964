"""Who did what, and who looked at whom: for those who oversee."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.actors import Capability
from core.doors import StaffRequest, staff_page
from dashboard import log


@require_GET
@staff_page(Capability.SEE_AUDIT)
def audit(request: StaffRequest) -> HttpResponse:
    """Every deed and every read, newest first."""
    page = log.page_of(actor=request.actor, cursor=request.GET.get("after", ""))
    return render(request, "dashboard/audit.html", {"page": page})


@require_GET
@staff_page(Capability.SEE_AUDIT)
def household_audit(request: StaffRequest, uid: uuid.UUID) -> HttpResponse:
    """All that was done to one household and all who saw it, newest first."""
    code = log.code_of(uid, actor=request.actor)
    if code is None:
        raise Http404
    page = log.page_of(actor=request.actor, cursor=request.GET.get("after", ""), household=uid)
    return render(request, "dashboard/household_audit.html", {"page": page, "code": code})
