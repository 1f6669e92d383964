"""Dates and times as every form asks for them.

A day is picked, not typed: the sheets of US authorities write 01/03/2022 for 3 January, and a picker shows the weekday. A time is typed
as on the sheet, on 24 hours or with am and pm, whatever the device's language would make of it.
"""

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.typed_times import EitherHalf, NoTime, typed_time

# Django's own words for mistakes, so that our catalogue may say them as the rest of the pages do.
DJANGO_WORDS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
)


EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
LONGEST_NUMBER = 10  # digits
LONGEST_KEY = 18  # digits: one more and the database may not take it
LONGEST_TIME = 12  # letters: "01:30:00 pm"


def day_asked(text: str) -> date | None:
    """The day that an address names, "2021-12-16"; None for nonsense and for one far from anybody's life."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def number_asked(text: str) -> int | None:
    """The whole number that an address names, "50"; None for nonsense and for one that is too long to be one of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None


def key_asked(text: str) -> int | None:
    """The key of a row that an address names; None for nonsense and for one longer than any of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def uid_asked(text: str) -> UUID | None:
    """The id that an address or a form names; None for nonsense."""
    try:
        return UUID(text)
    except ValueError:
        return None


class FormIdField(forms.UUIDField):
    """The id of what the form makes: given to the page with the form and sent back by it, so that sent twice it makes one (`core.once`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, "initial": uuid4, **kwargs})


class DayField(forms.DateField):
    """A date, chosen from the device's own calendar. One far from anybody's life is a slip of the finger."""

    default_error_messages = {"year": _("Check the year.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day. Refuses years that nobody here has to do with."""
        day = super().to_python(value)
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day


class ClockField(forms.TimeField):
    """A wall time, however people type it (`core.typed_times`): "04:30", "0430", "4.30", "1 pm", "1:30 p. m."."""

    default_error_messages = {
        "invalid": _("Write the time like 13:30 or like 1:30 pm."),
        "either": _("Write %(early)s or %(late)s: “%(typed)s” may be either."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(
            format="%H:%M",
            attrs={"inputmode": "numeric", "placeholder": "04:30", "autocomplete": "off", "maxlength": LONGEST_TIME},
        )
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> time | None:
        """The time that was meant. An hour alone is asked for once more: nobody knows of which half of the day it is."""
        if not isinstance(value, str) or value.strip() in self.empty_values:
            return super().to_python(value)
        try:
            return typed_time(value)
        except EitherHalf as half:
            hours = {"early": f"{half.early:%H:%M}", "late": f"{half.late:%H:%M}", "typed": value.strip()}
            raise forms.ValidationError(self.error_messages["either"], code="either", params=hours) from None
        except NoTime:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
