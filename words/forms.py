"""What people type about texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from words.book import Text
from words.models import Way


class TextForm(forms.Form):
    """A text and how it is spelt; `after` is the version that its writer had before the eyes."""

    text = forms.CharField(
        label=_("Text"), max_length=600, widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true", "dir": "auto"})
    )
    in_plain_letters = forms.BooleanField(
        label=_("Send in plain letters"),
        help_text=_("á becomes a, where the short alphabet of phones has no á; é, ñ, ü, ¿ and ¡ stay."),
        required=False,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, own: Text, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"text": own.text, "in_plain_letters": own.in_plain_letters, "after": own.version})
        super().__init__(*args, **kwargs)
        if own.way == Way.SPOKEN:
            del self.fields["in_plain_letters"]

    @property
    def said(self) -> dict[str, Any]:
        """What the deed is told."""
        return {"in_plain_letters": False, **self.cleaned_data}


class SignForm(forms.Form):
    """The word of a native speaker under one version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    speaks = forms.BooleanField(
        label=_("This is my mother tongue. I read the text aloud, and it says what it must, clearly and politely."),
        error_messages={"required": _("Only somebody who grew up with the language signs.")},
    )
