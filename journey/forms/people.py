"""One person on the form at the bridge. All of it may be unknown."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.actions.people import PersonEntry, normal_fields
from cases.models import Relation, Sex
from cases.rules import AGE_BANDS, age_on, birth_from_age
from core.errors import DomainError

EXACT = "exact"


class AgeOrBirthField(forms.CharField):
    """An age in years ("34") or a birth date (05031990, 05/03/1990, 1990-03-05); gives the birth date and whether it is estimated.

    The date is read without its strokes too: the number pad of a phone has none.
    """

    default_error_messages = {
        "unreadable": _("Write an age in years, or a birth date with day, month and year: 05031990.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=12, **kwargs)
        self.today = date.min

    def clean(self, value: Any) -> tuple[date | None, bool]:
        text = super().clean(value)
        if not text:
            return None, False
        if re.fullmatch(r"\d{1,3}", text) and int(text) <= 120:
            return birth_from_age(int(text), self.today), True
        born = _birth_date(text)
        if born is None or not self.today - timedelta(days=366 * 121) <= born <= self.today:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return born, False


def _birth_date(text: str) -> date | None:
    """Day first, as everybody at the bridge writes it."""
    match = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})|(\d{2})(\d{2})(\d{4})", text)
    try:
        if match is None:
            return date.fromisoformat(text)
        day, month, year = (int(part) for part in match.groups() if part)
        return date(year, month, day)
    except ValueError:
        return None


def normal(name: str, text: str) -> str:
    """A number of a person in its one spelling, refused in the words of the deed that would keep it."""
    try:
        return str(normal_fields({name: text})[name])
    except DomainError as refusal:
        raise forms.ValidationError(str(refusal)) from None


class PersonForm(forms.Form):
    """One person of the family. All of it may be unknown."""

    given_names = forms.CharField(label=_("Given names"), required=False, max_length=120)
    surnames = forms.CharField(label=_("Surnames"), required=False, max_length=120)
    relation = forms.ChoiceField(
        label=_("To the head of household"),
        required=False,
        choices=[("", _("By their age")), *[choice for choice in Relation.choices if choice[0] != Relation.HEAD]],
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=Sex.choices, widget=forms.RadioSelect)
    band = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[*((band, band.replace("-", "–").replace("+", " +")) for band in AGE_BANDS), (EXACT, _("Exact"))],
        widget=forms.RadioSelect,
    )
    age = AgeOrBirthField(label=_("Age or birth date"))
    a_number = forms.CharField(label=_("A-number"), required=False, max_length=20)
    no_a_number = forms.BooleanField(label=_("Has none yet"), required=False)

    def __init__(self, *args: Any, position: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.position, self.today = position, today
        self.fields["age"].today = today  # type: ignore[attr-defined]
        self.fields["age"].widget.attrs.update(
            inputmode="numeric", placeholder=pgettext_lazy("age or birth date", "34 or 05031990")
        )
        self.fields["a_number"].widget.attrs.update(inputmode="numeric", placeholder="A 012-345-678")
        for name in ("given_names", "surnames", "age", "a_number"):
            self.fields[name].widget.attrs.update(autocomplete="off", spellcheck="false", enterkeyhint="next")
        for name in ("given_names", "surnames"):
            self.fields[name].widget.attrs.update(autocapitalize="words")
        self.fields["relation"].widget.attrs["class"] = "form-select"
        if position == 1:
            del self.fields["relation"]

    @property
    def name(self) -> str:
        """What a list of mistakes calls this block."""
        return _("Person %(number)d") % {"number": self.position}

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written about this person."""
        return not any(self.data.get(self.add_prefix(name)) for name in self.fields if name != "relation")

    @property
    def has_more(self) -> bool:
        """Whether something stands in the folded part, or is wrong there."""
        names = ("a_number", "no_a_number", *(["surnames"] if self.position > 1 else []))
        return any(self[name].value() or self[name].errors for name in names)

    def clean_a_number(self) -> str:
        """Nine digits, or empty."""
        return normal("a_number", self.cleaned_data["a_number"])

    def clean(self) -> dict[str, Any]:
        """What was typed goes before what was tapped; a number goes before "has none"."""
        cleaned = super().clean() or self.cleaned_data
        born, is_estimated = cleaned.get("age") or (None, False)
        if born is None and (years := AGE_BANDS.get(cleaned.get("band", ""))) is not None:
            born, is_estimated = birth_from_age(years, self.today), True
        cleaned["born"], cleaned["is_estimated"] = born, is_estimated
        return cleaned

    @property
    def years(self) -> int | None:
        """The age that was told."""
        born = self.cleaned_data["born"]
        return None if born is None else age_on(born, self.today)

    def entry(self, *, relation: Relation, surnames: str, **shared: Any) -> PersonEntry:
        """What was written, with what the family shares filled in."""
        data = self.cleaned_data
        return PersonEntry(
            given_names=data["given_names"],
            surnames=data["surnames"] or surnames,
            birth_date=data["born"],
            birth_is_estimated=data["is_estimated"],
            sex=data["sex"],
            relation=relation,
            a_number=data["a_number"],
            has_no_a_number_yet=data["no_a_number"] and not data["a_number"],
            **shared,
        )
