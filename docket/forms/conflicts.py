"""Letting one of several words count. Shape only: the deed judges."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from docket.conflicts import Matter, Word


class SettleForm(forms.Form):
    """Which word of one matter counts, and why."""

    claim = forms.TypedChoiceField(label=_("Which one counts"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("For whoever asks later: who was asked, what paper was seen. Kept encrypted."),
    )

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        self.matter, self.prefix = matter, matter.fact.value
        super().__init__(*args, **kwargs)
        choices = [(word.key, f"{word.what} · {word.source}, {word.day}") for word in matter.words]
        self.fields["claim"].choices = choices  # type: ignore[attr-defined]

    def options(self) -> list[tuple[BoundWidget, Word]]:
        """Each word with its button."""
        return list(zip(self["claim"], self.matter.words, strict=True))
