"""What the pages of tablets are told."""

import pytest

from tablets.forms import DecisionForm


class TestDecisionForm:
    @pytest.mark.parametrize("seen", ["9" * 5000, "[" * 3000, "{", "NaN and more"])
    def test_refuses_in_words_what_no_page_holds(self, seen: str) -> None:
        form = DecisionForm({"choice": "stands", "seen": seen})
        assert not form.is_valid()
        assert list(form.errors) == ["seen"]

    @pytest.mark.parametrize("seen", ['"placed"', "", "null", '{"issued_on": "2021-12-08"}'])
    def test_takes_what_stood(self, seen: str) -> None:
        assert DecisionForm({"choice": "stands", "seen": seen}).is_valid()
