"""Today: what needs me now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.doors import StaffRequest, staff_page


@require_GET
@staff_page()
def today(request: StaffRequest) -> HttpResponse:
    """The first page after sign-in."""
    return render(request, "dashboard/today.html", {"now": timezone.now(), "nav": "today"})
