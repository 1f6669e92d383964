"""How a form offers a crossing."""

from django import forms

from places.models import Crossing


class CrossingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A crossing by both its names, for staff say one and papers the other."""

    def label_from_instance(self, crossing: Crossing) -> str:
        return crossing.label
