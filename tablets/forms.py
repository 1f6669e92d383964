"""What is asked on the pages of tablets. Shape only: the deeds judge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import CovidTest
from tablets.entries import MOST_EXPORTED_BYTES, TooMuch
from tablets.models import Conflict


class DecisionForm(forms.Form):
    """Which of two words holds; `seen` is what stood when they were shown."""

    choice = forms.TypedChoiceField(choices=Conflict.Choice.choices, coerce=Conflict.Choice)
    seen = forms.JSONField(required=False)
    reason = forms.TypedChoiceField(
        label=_("Why the first result was wrong"),
        choices=CovidTest.Correction.choices,
        coerce=CovidTest.Correction,
        required=False,
        empty_value=CovidTest.Correction.TYPED,
    )


class ExportForm(forms.Form):
    """The file that a tablet exported."""

    file = forms.FileField(
        label=_("File of the tablet"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose the file first.")},
    )

    def clean_file(self) -> Any:
        """Not larger than any outbox can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_EXPORTED_BYTES:
            raise forms.ValidationError(str(TooMuch.message), code="too_much")
        return file
