"""The page that brings home what a tablet could not send itself."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.actors import Capability
from core.doors import StaffRequest, staff_page
from core.errors import DomainError
from tablets.answers import Answer, Status, answers_to
from tablets.entries import export_of
from tablets.forms import ExportForm


@staff_page(Capability.RECOVER_TABLETS)
@require_http_methods(["GET", "POST"])
def recover(request: StaffRequest) -> HttpResponse:
    """Deliver what an exported file holds, and show what became of each entry. Sent again, it changes nothing."""
    form = ExportForm(request.POST, request.FILES) if request.method == "POST" else ExportForm()
    answers: list[Answer] = []
    if form.is_bound and form.is_valid():
        try:
            batch = export_of(form.cleaned_data["file"].read())
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            answers = list(answers_to(batch, actor=request.actor, at=timezone.now()))
    status = 422 if form.errors else 200
    context = {"form": form, "answers": answers, "counts": _counts(answers), "nav": "reception"}
    return render(request, "tablets/recover.html", context, status=status)


def _counts(answers: list[Answer]) -> list[tuple[Status, int]]:
    """How many of each, in the order in which they matter."""
    found = Counter(answer.status for answer in answers)
    return [(status, found[status]) for status in Status if found[status]]
