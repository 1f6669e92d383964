"""Shapes of what people say about plans for many."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Cohort, Household, HouseholdQuerySet
from core.actors import Actor
from places.models import Site
from shelters.models import Plan, Shelter, Stay, Unit
from shelters.waiting_list import waiting_in

Origin = Plan.Origin


class PlanForm(forms.Form):
    """For whom a plan is made. `households` are those ticked on the waiting list, `from_room` is a room that closes alone; `uid` is
    that of the form: two taps make one plan.
    """

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    origin = forms.ChoiceField(label=_("For whom"), choices=Origin, initial=Origin.WAITING, widget=forms.RadioSelect)
    cohort = forms.ModelChoiceField(
        label=_("Programme"), queryset=Cohort.objects.all(), required=False, empty_label=_("Choose")
    )
    from_shelter = forms.ModelChoiceField(
        label=_("Shelter that closes"),
        queryset=Shelter.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("Choose"),
    )
    from_room = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False, widget=forms.HiddenInput)
    households = forms.ModelMultipleChoiceField(
        queryset=Household.objects.none(), to_field_name="uid", required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, site: Site, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site, self.actor = site, actor
        self.initial.setdefault("uid", uuid4())
        shelters = Shelter.objects.visible_to(actor).filter(site__parent=site).order_by("name")
        self.fields["from_shelter"].queryset = shelters  # type: ignore[attr-defined]
        rooms = Unit.objects.visible_to(actor).filter(shelter__site__parent=site).select_related("shelter")
        self.fields["from_room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["households"].queryset = waiting_in(site, actor=actor)  # type: ignore[attr-defined]
        if self.initial.get("from_shelter"):
            self.initial["origin"] = Origin.CLOSING
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            (each.value, each.label) for each in Origin if each != Origin.CHOSEN or self.data.get("origin") == each
        ]

    def clean(self) -> dict[str, Any]:
        """What the choice needs must be there."""
        told = super().clean() or {}
        closing = "from_room" if "from_room" in self.data else "from_shelter"
        needed = {Origin.COHORT: "cohort", Origin.CLOSING: closing}.get(told.get("origin", ""))
        if needed and not told.get(needed):
            self.add_error(needed, _("Say which."))
        return told

    def entry(self) -> dict[str, Any]:
        """What `make_plan` is told."""
        origin = Origin(self.cleaned_data["origin"])
        return {
            "uid": self.cleaned_data["uid"],
            "origin": origin,
            "cohort": self.cleaned_data["cohort"] if origin == Origin.COHORT else None,
            "shelter": self.cleaned_data["from_shelter"] if origin == Origin.CLOSING else None,
            "unit": self.cleaned_data["from_room"] if origin == Origin.CLOSING else None,
            "households": list(self._households(origin)),
        }

    def _households(self, origin: Origin) -> HouseholdQuerySet:
        if origin == Origin.CHOSEN:
            chosen: HouseholdQuerySet = self.cleaned_data["households"]
            return chosen
        if origin == Origin.CLOSING:
            room, house = self.cleaned_data["from_room"], self.cleaned_data["from_shelter"]
            stays = Stay.objects.open().filter(unit=room) if room else Stay.objects.open().filter(unit__shelter=house)
            return Household.objects.visible_to(self.actor).filter(pk__in=stays.values("household"))
        waiting = waiting_in(self.site, actor=self.actor)
        return waiting.filter(cohort=self.cleaned_data["cohort"]) if origin == Origin.COHORT else waiting


class LineForm(forms.Form):
    """Where a family of a plan sleeps (`unit`), or a shelter that is ruled out or in again; neither lets the plan choose."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False)
    shelter = forms.ModelChoiceField(queryset=Shelter.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(actor).select_related("shelter__site")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["shelter"].queryset = Shelter.objects.visible_to(actor)  # type: ignore[attr-defined]
