"""What a shelter and its rooms ask of their guests, and opening new ones: pages of those who keep shelters."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import Capability
from core.doors import StaffRequest, go_to, refused_in, staff_page
from shelters.actions import open_shelter, open_unit, set_house_rules, set_unit_rules
from shelters.board import kind_word
from shelters.forms import HouseRulesForm, NewRoomForm, NewShelterForm, RoomForm
from shelters.models import Shelter, Unit
from shelters.rules import Kind


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def house_rules(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The rules of a shelter, and its rooms with theirs."""
    house = _house(request, uid)
    form = HouseRulesForm(request.POST) if request.method == "POST" else HouseRulesForm.of(house)
    if form.is_valid():
        with refused_in(form):
            set_house_rules(shelter=house, **form.rules, actor=request.actor, at=timezone.now())
            messages.success(request, _("The rules of the house are noted."))
            return go_to(request, reverse("shelters:shelter", args=[uid]))
    return _rules(request, house, form)


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def new_room(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A room that the shelter has besides."""
    house = _house(request, uid)
    form = NewRoomForm(request.POST or None, actor=request.actor, initial={"kind": Kind.MIXED})
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "numbered_beds"}
        with refused_in(form):
            unit = open_unit(shelter=house, **said, beds=form.beds, actor=request.actor, at=timezone.now())
            messages.success(request, _("%(unit)s is noted. Say now how many places it has.") % {"unit": unit.name})
            return go_to(request, reverse("shelters:capacity", args=[uid, unit.pk]))
    return _room(request, house, form)


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def room(request: StaffRequest, uid: UUID, unit_id: int) -> HttpResponse:
    """What a room is called and whom it is for."""
    seen = Unit.objects.visible_to(request.actor).select_related("shelter__site__city", "shelter__site__parent")
    unit = get_object_or_404(seen, pk=unit_id, shelter__uid=uid)
    standing = {name: getattr(unit, name) for name in RoomForm.base_fields}
    form = RoomForm(request.POST or None, actor=request.actor, initial=standing)
    if form.is_valid():
        with refused_in(form):
            set_unit_rules(unit=unit, **form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("The rules of %(unit)s are noted.") % {"unit": unit.name})
            return go_to(request, reverse("shelters:rules", args=[uid]))
    return _room(request, unit.shelter, form, unit)


@staff_page(Capability.EDIT_SHELTERS)
@require_http_methods(["GET", "POST"])
def new_shelter(request: StaffRequest) -> HttpResponse:
    """A shelter that the house does not know yet, at one of the actor's cities."""
    form = NewShelterForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        with refused_in(form):
            house = _opened(request, form)
            messages.success(request, _("%(shelter)s is noted. Say its rules and rooms.") % {"shelter": house.name})
            return go_to(request, reverse("shelters:rules", args=[house.uid]))
    context = {"form": form, "nav": "shelters"}
    return render(request, "shelters/new_shelter.html", context, status=422 if form.errors else 200)


def _opened(request: StaffRequest, form: NewShelterForm) -> Shelter:
    said = form.cleaned_data
    form.zone = said["site"].city.zone
    return open_shelter(
        parent=said["site"],
        code=said["code"],
        name=said["name"],
        operator=Shelter.Operator(said["operator"]),
        note=said["note"],
        opened_at=form.ends("opened_on"),
        actor=request.actor,
        at=timezone.now(),
    )


def _house(request: StaffRequest, uid: UUID) -> Shelter:
    seen = Shelter.objects.visible_to(request.actor).select_related("site__city", "site__parent")
    return get_object_or_404(seen, uid=uid)


def _rules(request: StaffRequest, house: Shelter, form: HouseRulesForm) -> HttpResponse:
    rooms = [(unit, kind_word(unit.kind, request.actor)) for unit in house.units.all()]
    context = {"shelter": house, "form": form, "rooms": rooms, "nav": "shelters"}
    return render(request, "shelters/rules.html", context, status=422 if form.errors else 200)


def _room(
    request: StaffRequest, house: Shelter, form: RoomForm | NewRoomForm, unit: Unit | None = None
) -> HttpResponse:
    context = {"shelter": house, "form": form, "unit": unit, "nav": "shelters"}
    return render(request, "shelters/room.html", context, status=422 if form.errors else 200)
