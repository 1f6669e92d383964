"""Importing households: choosing a sheet, seeing what it says, putting it in, undoing it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest, answering, go_to, staff_page
from core.errors import DomainError
from core.look import Pill
from places.models import Crossing, Site
from sheets import actions, blanks, corrected, showing
from sheets.checking import digest_of
from sheets.forms import LetInForm, SheetForm
from sheets.models import Import
from sheets.outlines import Outline
from sheets.standing import Counts, percent_of, pill_of
from sheets.states import Fate, State
from sheets.tasks import wake

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_IMPORTS = 20


@staff_page(Capability.IMPORT_SHEETS)
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Choose a sheet; below, what was brought in before."""
    now = timezone.now()
    form = SheetForm(request.POST or None, request.FILES or None, actor=request.actor, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = actions.receive_sheet(**form.received(), actor=request.actor, at=now)
        except actions.SameFile:
            return _say_same(request, form)
        except DomainError as refusal:
            form.add_error("file" if form.cleaned_data.get("file") else "pasted", str(refusal))
        else:
            wake(sheet.uid)
            return go_to(request, reverse("sheets:import", args=[sheet.uid]))
    context = {"form": form, "imports": _before(request), "nav": "reception"}
    return render(request, "sheets/imports.html", context, status=422 if request.method == "POST" else 200)


def _before(request: StaffRequest) -> list[tuple[Import, Pill, Counts]]:
    """The last sheets, where each stands, and what became of its families. Two queries."""
    sheets = Import.objects.visible_to(request.actor).select_related("site__city")[:SHOWN_IMPORTS]
    counts = Counts.of_each(sheets)
    return [(sheet, pill_of(sheet, counts[sheet.pk]), counts[sheet.pk]) for sheet in sheets]


def _say_same(request: StaffRequest, form: SheetForm) -> HttpResponse:
    """The same file again: the page of the first."""
    told = form.received()
    before = Import.objects.visible_to(request.actor).standing().filter(site=told["site"])
    sheet = get_object_or_404(before, digest=digest_of(told["content"]))
    messages.info(request, str(actions.SameFile.message))
    return go_to(request, reverse("sheets:import", args=[sheet.uid]))


@staff_page(Capability.IMPORT_SHEETS)
@require_GET
def import_page(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """Where one import stands. While a worker is at it, htmx asks for the part that says how far it is."""
    sheet, is_part = _sheet(request, import_uid), bool(getattr(request, "htmx", False))
    if is_part and not sheet.is_working:
        return HttpResponseClientRefresh()
    counts = Counts.of(sheet)
    context = {"sheet": sheet, "state": pill_of(sheet, counts), "counts": counts, "nav": "reception"}
    context |= {"percent": percent_of(sheet, counts)} if sheet.is_working else _told(request, sheet, counts)
    return render(request, "sheets/_progress.html" if is_part else "sheets/import.html", context)


def _told(request: StaffRequest, sheet: Import, counts: Counts) -> dict[str, Any]:
    """What a sheet that no worker is at shows of people; that it was looked at is recorded."""
    if not sheet.outline:
        return {}
    outline = Outline.read(sheet.outline)
    lines, page = showing.mistakes(sheet, outline, request.GET.get("page"))
    told: dict[str, Any] = {"lines": lines, "page": page, "way": showing.way_of(outline)}
    told |= {"columns": showing.columns_read(outline), "left": showing.columns_left(outline)}
    told["can_undo"] = sheet.state in (State.IN, State.READY) and counts[Fate.IN].families > 0
    if sheet.state == State.READY:
        told["families"] = showing.first_families(sheet, outline)
    if sheet.state in (State.IN, State.UNDONE):
        told["moved_on"], told["how_many_moved_on"] = showing.moved_on(sheet, request.actor)
    seen = [moved.uid for moved in told.get("moved_on", ())]
    record_read(actor=request.actor, at=timezone.now(), households=[sheet.uid, *seen], page="import")
    return told


@staff_page(Capability.IMPORT_SHEETS)
@require_POST
def check_again(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """Go on with a check that was stopped."""
    return _do(request, import_uid, lambda sheet, **told: actions.check_again(sheet=sheet, **told))


@staff_page(Capability.IMPORT_SHEETS)
@require_POST
def let_in(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """Put the good families in."""
    form = LetInForm(request.POST)
    with_known = form.is_valid() and form.cleaned_data["with_known"]
    return _do(request, import_uid, lambda sheet, **told: actions.let_in(sheet=sheet, with_known=with_known, **told))


@staff_page(Capability.IMPORT_SHEETS)
@require_POST
def undo(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """Take back the families that nothing has happened to since."""
    return _do(request, import_uid, lambda sheet, **told: actions.undo_import(sheet=sheet, **told))


@staff_page(Capability.IMPORT_SHEETS)
@require_POST
def discard(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """Forget a sheet that nobody put in."""
    return _do(request, import_uid, lambda sheet, **told: actions.discard(sheet=sheet, **told))


def _do(request: StaffRequest, import_uid: UUID, deed: Callable[..., None]) -> HttpResponse:
    sheet = _sheet(request, import_uid)
    with answering(request):
        deed(sheet, actor=request.actor, at=timezone.now())
        wake(sheet.uid)
    return go_to(request, reverse("sheets:import", args=[sheet.uid]))


@staff_page(Capability.IMPORT_SHEETS)
@require_GET
def to_correct(request: StaffRequest, import_uid: UUID) -> HttpResponse:
    """The families with mistakes as a file, the mistakes in its first column. `?as=csv` for CSV."""
    sheet = _sheet(request, import_uid)
    if not sheet.outline:
        raise Http404
    record_read(actor=request.actor, at=timezone.now(), households=[sheet.uid], page="import.corrected")
    stem = _("to-correct")
    if request.GET.get("as") == "csv":
        return _download(corrected.as_csv(sheet), f"{stem}.csv", "text/csv; charset=utf-8")
    return _download(corrected.as_workbook(sheet), f"{stem}.xlsx", XLSX)


@staff_page(Capability.IMPORT_SHEETS, Capability.LOG_ARRIVAL)
@require_GET
def template(request: StaffRequest) -> HttpResponse:
    """The sheet to fill in."""
    return _download(blanks.template(_crossings(request)), blanks.file_name(_("families")), XLSX)


@staff_page(Capability.IMPORT_SHEETS, Capability.LOG_ARRIVAL)
@require_GET
def xlsform(request: StaffRequest) -> HttpResponse:
    """The same questions for ODK and KoboToolbox."""
    return _download(blanks.form(_crossings(request)), "mpp-xlsform.xlsx", XLSX)


def _sheet(request: StaffRequest, uid: UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.actor).select_related("site__city", "crossing"), uid=uid)


def _crossings(request: StaffRequest) -> list[Crossing]:
    cities = Site.objects.of(request.actor).field().active().values("city")
    return list(Crossing.objects.filter(city__in=cities).by_city())


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content, headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}
    )
