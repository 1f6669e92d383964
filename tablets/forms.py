"""What is asked on the pages of tablets. Shape only: the deeds judge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import CovidTest
from tablets.entries import MOST_EXPORTED_BYTES, TooMuch
from tablets.models import Conflict


class ValueField(forms.JSONField):
    """A value of a fact as the page was given it. What nobody's page holds, however long or deep, is refused in words."""

    def to_python(self, value: Any) -> Any:
        """The value."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists without end
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class DecisionForm(forms.Form):
    """Which of two words holds; `seen` is what stood when they were shown."""

    choice = forms.TypedChoiceField(choices=Conflict.Choice.choices, coerce=Conflict.Choice)
    seen = ValueField(required=False)
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
