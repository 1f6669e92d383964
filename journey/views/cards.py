"""A household's card: giving, printing, replacing; and many cards at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.actions import record_read
from cases.actions.cards import issue_card, replace_card, void_card
from cases.models import Card, Household
from core.actors import Actor, Capability
from core.doors import StaffRequest, answering, found, go_to, staff_page
from core.errors import DomainError
from journey.cards import Face, Paper, pdf_of
from journey.families import families_of
from journey.paper import paper_asked

ON_THE_LIST = 60


class NobodyToPrintFor(DomainError):
    """No family was ticked."""

    code = "nobody_to_print_for"
    message = gettext_lazy("Tick the families to print cards for.")
    http_status = 422


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def card(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The card as it will be printed; a POST gives one."""
    now = timezone.now()
    visible = Household.objects.visible_to(request.actor).select_related("site__city")
    household = get_object_or_404(visible, uid=uid)
    if request.method == "POST":
        return _issue(request, household, now)
    family = families_of([household], now=now, hearings={})[0]
    standing = Card.objects.standing().filter(household=household).select_related("household").first()
    record_read(actor=request.actor, at=now, households=[household.uid], page="card")
    face = Face.of(standing, people=len(family.members)) if standing else None
    context = {"household": household, "family": family, "card": standing, "face": face, "papers": list(Paper)}
    return render(request, "journey/card.html", {**context, "nav": "reception"})


def _issue(request: StaffRequest, household: Household, now: datetime) -> HttpResponse:
    with answering(request):
        issue_card(household=household, actor=request.actor, at=now)
    return go_to(request, reverse("journey:card", args=[household.uid]))


@staff_page(Capability.EDIT_PEOPLE)
@require_GET
def card_pdf(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The standing card to print: `?paper=`, and `?copies=4` for one each."""
    visible = Household.objects.visible_to(request.actor)
    cards = Card.objects.standing().select_related("household")
    found = get_object_or_404(cards, household__in=visible.filter(uid=uid))
    copies = 4 if request.GET.get("copies") == "4" else 1
    face = Face.of(found, people=found.household.people.count())
    record_read(actor=request.actor, at=timezone.now(), households=[uid], page="card.print")
    return _pdf([face] * copies, request.GET.get("paper", ""), name=found.household.code)


@staff_page(Capability.EDIT_PEOPLE)
@require_POST
def end_card(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Make the card void: `lost` gives another at once."""
    now = timezone.now()
    household = get_object_or_404(Household.objects.visible_to(request.actor), uid=uid)
    found = Card.objects.standing().filter(household=household).select_related("household").first()
    with answering(request):
        if found is None:
            messages.warning(request, _("They have no card."))
        elif "lost" in request.POST:
            replace_card(card=found, actor=request.actor, at=now)
            messages.success(request, _("The lost card no longer counts. Print the new one."))
        else:
            void_card(card=found, reason=Card.VoidReason.MISTAKE, actor=request.actor, at=now)
            messages.success(request, _("The card no longer counts."))
    return go_to(request, reverse("journey:card", args=[uid]))


@staff_page(Capability.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def cards(request: StaffRequest) -> HttpResponse:
    """Families at reception, the newest first, to print cards for; a POST gives cards to those ticked and prints them."""
    now = timezone.now()
    ours = Household.objects.visible_to(request.actor).worked_by(request.actor)
    waiting = ours.at_reception().select_related("site__city")
    if request.method == "POST":
        return _print_ticked(request)
    newest = list(waiting.order_by("-arrived_at", "-pk")[:ON_THE_LIST])
    families = families_of(newest, now=now, hearings={})
    have = set(Card.objects.standing().filter(household__in=newest).values_list("household", flat=True))
    record_read(actor=request.actor, at=now, households=[each.uid for each in newest], page="cards")
    rows = [(family, family.household.pk in have) for family in families]
    return render(request, "journey/cards.html", {"rows": rows, "papers": list(Paper), "nav": "reception"})


def _print_ticked(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    uids = [uid for uid in request.POST.getlist("uid") if _is_uid(uid)]
    ours = Household.objects.visible_to(request.actor).worked_by(request.actor)
    households = ours.filter(uid__in=uids).prefetch_related("people")
    chosen = list(households.order_by("arrived_at", "pk")[:ON_THE_LIST])
    try:
        faces = _faces(chosen, request.actor, now)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return go_to(request, reverse("journey:cards"))
    record_read(actor=request.actor, at=now, households=[each.uid for each in chosen], page="card.print")
    return _pdf(faces, request.POST.get("paper", ""), name=_("cards"))


@transaction.atomic
def _faces(chosen: Sequence[Household], actor: Actor, now: datetime) -> list[Face]:
    """The faces of the cards of `chosen`, given where there was none, all or none. Raises NobodyToPrintFor and what the deed refuses."""
    if not chosen:
        raise NobodyToPrintFor()
    return [Face.of(issue_card(household=each, actor=actor, at=now), people=len(each.people.all())) for each in chosen]


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _pdf(faces: list[Face], paper: str, *, name: str) -> HttpResponse:
    kind = found(paper_asked(paper))
    response = HttpResponse(pdf_of(faces, paper=kind), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
