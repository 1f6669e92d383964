"""What a household needs of a place. Shape only: the deed judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.needs import need_kinds
from journey.forms.households import FamilyForm


class NeedsForm(FamilyForm):
    """All that they need, ticked; nothing ticked means nothing."""

    kinds = forms.MultipleChoiceField(
        label=_("They need"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ask, do not guess. Only those who find places, receive people or protect them read this."),
    )

    def offer(self) -> None:
        """Offer every need that is on the list."""
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind.code, kind.name) for kind in need_kinds().values()]

    def entry(self) -> dict[str, Any]:
        """What `note_needs` is told."""
        return {"kinds": self.cleaned_data["kinds"]}
