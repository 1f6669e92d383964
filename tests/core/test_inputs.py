"""What people type into a field for a time."""

from datetime import time

import pytest
from django import forms
from django.utils import translation

from core.inputs import ClockField


class Asked(forms.Form):
    at = ClockField()


def error_of(typed):
    with translation.override("en"):
        return Asked({"at": typed}).errors["at"][0]


class TestATime:
    @pytest.mark.parametrize(
        "typed", ["13:30", "1330", "13.30", "13h30", "13:30:00", "1:30 p.m.", "1:30 p. m.", "130pm", " 1:30PM "]
    )
    def test_is_read_however_its_parts_are_parted(self, typed):
        assert ClockField().clean(typed) == time(13, 30)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("1 pm", time(13)),
            ("12 am", time(0)),
            ("12 pm", time(12)),
            ("4 a.m.", time(4)),
            ("04.00", time(4)),
            ("13", time(13)),
            ("16 hrs", time(16)),
            ("430", time(4, 30)),
        ],
    )
    def test_is_read_as_it_is_said(self, typed, meant):
        assert ClockField().clean(typed) == meant

    def test_of_which_only_the_hour_is_known_is_asked_for_once_more(self):
        assert error_of("4") == "Write 04:00 or 16:00: “4” may be either."
        assert error_of("12") == "Write 00:00 or 12:00: “12” may be either."

    @pytest.mark.parametrize("typed", ["25:00", "4:75", "13 am", "0 pm", "soon", "4:3", "2:30 pm 5"])
    def test_that_no_clock_shows_is_refused_with_what_to_type(self, typed):
        assert error_of(typed) == "Write the time like 13:30 or like 1:30 pm."

    def test_that_is_refused_stays_in_its_field(self):
        form = Asked({"at": "4"})
        assert not form.is_valid()
        assert 'value="4"' in str(form["at"])
