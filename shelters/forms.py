"""Shapes of what people type about places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from shelters.models import Capacity, LeavingReason, Unit


class PlaceForm(forms.Form):
    """Which room, and why in spite of its capacity."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    over_capacity_reason = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Unit.objects.visible_to(actor).select_related("shelter__site__city")
        self.fields["unit"].queryset = visible  # type: ignore[attr-defined]


class EndStayForm(forms.Form):
    """Why they left."""

    reason = forms.ChoiceField(choices=LeavingReason)


class CapacityForm(forms.Form):
    """How many places there are now, and who says so."""

    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=9999)
    basis = forms.ChoiceField(label=_("In what sense"), choices=Capacity.Basis, initial=Capacity.Basis.OPERATIONAL)
    source = forms.CharField(label=_("Who says so"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """A room closed for works has no places, whatever was typed."""
        data = super().clean() or {}
        if data.get("basis") == Capacity.Basis.CLOSED:
            data["places"] = 0
        return data
