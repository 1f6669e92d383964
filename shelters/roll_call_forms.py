"""Shapes of what a roll call is told."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shelters.models import RollCallMark


class FinishForm(forms.Form):
    """How many sleep there who stand on no list."""

    others = forms.IntegerField(
        label=_("People here who stand on no list"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"}),
    )


def follows_in(data: QueryDict) -> UUID | None:
    """Which roll call came before, as the page that was sent knew it; None for the first one of a house, or nonsense."""
    try:
        return UUID(str(data.get("follows", "")))
    except ValueError:
        return None


def seen_in(data: QueryDict) -> dict[int, RollCallMark.Seen]:
    """What a roll call's form says of guests: `seen-12=out` of one, `here=12-13-14` of a family that is all there."""
    named = {name.removeprefix("seen-"): value for name, value in data.items() if name.startswith("seen-")}
    named |= dict.fromkeys(str(data.get("here", "")).split("-"), RollCallMark.Seen.HERE.value)
    return {
        int(key): RollCallMark.Seen(value)
        for key, value in named.items()
        if key.isascii() and key.isdigit() and len(key) < 16 and value in RollCallMark.Seen.values
    }
