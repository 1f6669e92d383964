import pytest

from messaging.policies import give_away
from tests.messaging.segments import outside_gsm7, segments_of


class TestGiveAway:
    @pytest.mark.parametrize(
        "text",
        [
            "Vaya a la corte",
            "su ASILO",
            "Su Audiencia es mañana",
            "EE.UU.",
            "los Estados Unidos",
            "the United States",
            "Etazini",
            "programa MPP",
            "OIM le espera",
            "call ICE",
            "in the US",
            "A 012-345-678",
            "A012345678",
            "012345678",
            "caso JZ-4182",
            "tribunal",
            "el albergue",
            "azil",
        ],
    )
    def test_finds_what_must_not_be_said(self, text):
        assert give_away(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Su cita: miércoles 15 de diciembre, 04:30",
            "Dudas: 656 000 0000",
            "Llame al +52 656 000 0000",
            "tell us, or ask for ice",
            "cortesía, recorte",
            "",
        ],
    )
    def test_lets_ordinary_words_pass(self, text):
        assert not give_away(text)


class TestSegmentsOf:
    @pytest.mark.parametrize(
        ("text", "encoding", "units", "count"),
        [
            ("", "GSM-7", 0, 0),
            ("a" * 160, "GSM-7", 160, 1),
            ("a" * 161, "GSM-7", 161, 2),
            ("a" * 306, "GSM-7", 306, 2),
            ("a" * 307, "GSM-7", 307, 3),
            ("éñüàèìòù¿¡", "GSM-7", 10, 1),
            ("€" * 80, "GSM-7", 160, 1),
            ("€" * 81, "GSM-7", 162, 2),
            ("a" * 152 + "€" * 5, "GSM-7", 162, 2),
            ("á" * 70, "UCS-2", 70, 1),
            ("á" * 71, "UCS-2", 71, 2),
            ("ã" + "a" * 134, "UCS-2", 135, 3),
            ("🙂" * 35, "UCS-2", 70, 1),
        ],
    )
    def test_counts_as_phones_do(self, text, encoding, units, count):
        found = segments_of(text)
        assert (found.encoding, found.units, found.count) == (encoding, units, count)

    def test_names_what_forces_the_long_encoding(self):
        assert outside_gsm7("el sábado, el más") == "á"
