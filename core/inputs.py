"""Dates and times as every form asks for them.

A day is picked, not typed: the sheets of US authorities write 01/03/2022 for 3 January, and a picker shows the weekday. A time is typed
as on the sheet, on a 24-hour clock, whatever the device's language would make of it.
"""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A date, chosen from the device's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class ClockField(forms.TimeField):
    """A wall time on 24 hours: "04:30", "4:30", "0430", "4.30"."""

    default_error_messages = {"invalid": _("Write the time on 24 hours, for example 04:30.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(
            format="%H:%M",
            attrs={"inputmode": "numeric", "placeholder": "04:30", "autocomplete": "off", "maxlength": 5},
        )
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> time | None:
        """The time that was meant, however its hours and minutes are parted."""
        if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d{1,2})[:.h ]?(\d{2})(?::\d{2})?\s*", value)):
            value = f"{match[1]}:{match[2]}"
        return super().to_python(value)
