"""Letting one of several words count. Shape only: the deed judges."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from docket.conflicts import Matter, Word
from hearings.actions import NotInConflict


class SettleForm(forms.Form):
    """Which word of one matter counts, and why. `seen` are the words that the page showed: nobody decides over one they did not see."""

    claim = forms.TypedChoiceField(label=_("Which one counts"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("For whoever asks later: who was asked, what paper was seen. Kept encrypted."),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        self.matter, self.prefix = matter, matter.fact.value
        super().__init__(*args, **kwargs)
        choices = [(word.key, f"{word.what} · {word.source}, {word.day}") for word in matter.words]
        self.fields["claim"].choices = choices  # type: ignore[attr-defined]
        self.standing = " ".join(str(key) for key in sorted(word.key for word in matter.words))

    def clean(self) -> dict[str, Any]:
        """The words are those that the page showed."""
        said = super().clean() or self.cleaned_data
        if said.get("seen") != self.standing:
            raise forms.ValidationError(str(NotInConflict.message))
        return said

    def options(self) -> list[tuple[BoundWidget, Word]]:
        """Each word with its button."""
        return list(zip(self["claim"], self.matter.words, strict=True))
