"""Phone numbers in one form."""

import pytest

from core.phones import NoPhoneNumber, to_e164


class TestToE164:
    @pytest.mark.parametrize(
        "text",
        [
            "+526561234567",
            "+52 1 656 123 4567",
            "+521 (656) 123-4567",
            "521 656 123 4567",
            "52 656 123 4567",
            "0052 656 123 4567",
            "00521 656 123 4567",
            "044 656 123 4567",
            "045 656 123 4567",
            "656.123.4567",
            " 6561234567 ",
        ],
    )
    def test_reads_the_ways_a_mexican_mobile_is_written(self, text: str) -> None:
        assert to_e164(text) == "+526561234567"

    def test_keeps_other_countries(self) -> None:
        assert to_e164("+504 9999-1234") == "+50499991234"
        assert to_e164("+1 (915) 555-0100") == "+19155550100"
        assert to_e164("(915) 555-0100", region="US") == "+19155550100"

    @pytest.mark.parametrize("text", ["", "no tiene", "123", "+52 656 123", "+", "1" * 40])
    def test_refuses_what_is_no_number_without_repeating_it(self, text: str) -> None:
        with pytest.raises(NoPhoneNumber, match=r"^no phone number$"):
            to_e164(text)
