from itertools import islice

import pytest
import smsutil

from words.book import shipped
from words.models import Way
from words.rendering import _every
from words.segments import GSM7, GSM7_EXTENDED, in_plain_letters, outside_gsm7, segments_of
from words.tongues import tongue_for

ENDS = ("", "a", "€", "[", "á", "ñ", "🙂", "a€", "€€", "🙂🙂")
LENGTHS = (*range(64, 73), *range(131, 137), *range(150, 162), *range(303, 310), 457, 459, 460)


def samples():
    """Every text as it may arrive, and texts of every length about the edges of one, two and three parts."""
    for text in shipped().values():
        if text.way == Way.WRITTEN:
            yield from islice(_every(text, tongue_for(text.language), "656 000 0000"), 0, None, 24)
    for length in LENGTHS:
        for end in ENDS:
            yield "a" * length + end
            yield end + "ñ" * length + end
    yield from ("€" * count for count in range(70, 85))
    yield from ("🙂" * count for count in (1, 35, 36, 66, 67, 68, 100))
    yield from ("a" * shift + "🙂" * 70 for shift in range(4))
    yield from ("a" * shift + "€" * 160 for shift in range(4))


SAMPLES = list(dict.fromkeys(text for text in samples() if text))


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
            ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the sign does not fit where one place is left
            ("á" * 70, "UCS-2", 70, 1),
            ("á" * 71, "UCS-2", 71, 2),
            ("ã" + "a" * 134, "UCS-2", 135, 3),
            ("🙂" * 35, "UCS-2", 70, 1),
        ],
    )
    def test_counts_as_phones_do(self, text, encoding, units, count):
        found = segments_of(text)
        assert (found.encoding, found.units, found.count) == (encoding, units, count)

    def test_agrees_with_another_library_on_hundreds_of_texts(self):
        assert len(SAMPLES) > 800
        differing = []
        for text in SAMPLES:
            theirs, ours = smsutil.split(text), segments_of(text)
            if (theirs.encoding == "gsm0338", len(theirs.parts)) != (ours.encoding == "GSM-7", ours.count):
                differing.append((text[:40], len(text), ours, theirs.encoding, len(theirs.parts)))
        assert not differing

    def test_names_what_forces_the_long_encoding(self):
        assert outside_gsm7("el sábado, el más") == "á"


class TestInPlainLetters:
    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            ("El sábado más frío, según él: aquí", "El sabado mas frio, segun él: aqui"),
            ("mañana a las 8, ¿sí? ¡qué pingüino!", "mañana a las 8, ¿si? ¡qué pingüino!"),
            ("não, ê, ç, “já” – ok…", 'nao, e, c, "ja" - ok.'),
            ("an\u0303o", "año"),
            ("日本", "日本"),
        ],
    )
    def test_changes_only_what_the_short_alphabet_has_not(self, text, plain):
        assert in_plain_letters(text) == plain

    def test_leaves_the_whole_short_alphabet_alone(self):
        whole = "".join(sorted(GSM7 | GSM7_EXTENDED))
        assert in_plain_letters(whole) == whole
