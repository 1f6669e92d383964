"""Fields of the shapes: what a partner writes is taken as it stands or refused, never guessed."""

import re
from datetime import date, time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.inputs import EARLIEST_YEAR, LATEST_YEAR


class MomentField(serializers.DateTimeField):
    """A moment with its offset. One without would be somebody's guess."""

    default_error_messages = {"naive": _("Write the offset too, for example 2021-12-08T10:30:00-07:00.")}

    def to_internal_value(self, value: Any) -> Any:
        """The aware moment."""
        if isinstance(value, str):
            try:
                parsed = parse_datetime(value)
            except ValueError:
                parsed = None
            if parsed is not None and timezone.is_naive(parsed):
                self.fail("naive")
        return super().to_internal_value(value)


class Day(serializers.DateField):
    """A date of somebody's life or papers. A year far from both is a slip."""

    default_error_messages = {"year": _("Check the year.")}

    def to_internal_value(self, value: Any) -> date:
        """The day."""
        day: date = super().to_internal_value(value)
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            self.fail("year")
        return day


class OnlyText:
    """A field that takes a string and guesses nothing from numbers."""

    def to_internal_value(self, data: Any) -> Any:
        """The value."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write this as a string."))
        return super().to_internal_value(data)  # type: ignore[misc]


class Text(OnlyText, serializers.CharField):
    """A text."""


class Code(OnlyText, serializers.RegexField):
    """A text of a fixed form."""


class Uid(OnlyText, serializers.UUIDField):
    """An id that its sender made."""


class YesOrNo(serializers.BooleanField):
    """True or false. A consent is nothing to guess from "on" or 1."""

    def to_internal_value(self, data: Any) -> bool:
        """The answer."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WallTime(serializers.TimeField):
    """A time as the paper has it. It is read on the clock of the court or the bridge, so an offset is refused, not dropped."""

    default_error_messages = {"offset": _("Write the time of the paper without an offset, for example 08:30.")}

    def to_internal_value(self, value: Any) -> time:
        """The time, refused when it says whose clock it means."""
        if isinstance(value, str) and re.search(r"[+\-Zz]", value):
            self.fail("offset")
        found: time = super().to_internal_value(value)
        return found
