"""How many parts a text message takes: GSM 7-bit (3GPP TS 23.038) where every character is in it, else UCS-2."""

import unicodedata
from dataclasses import dataclass

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places

GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

# What unaccenting does not reach.
SIMPLER = str.maketrans("«»“”„‘’‹›–—…·ªº№ﬁ\u00a0\u202f", '"""""\'\'<>--.-aoNf  ')


@dataclass(frozen=True, slots=True, order=True)
class Segments:
    """How a text travels: the number of parts, the `units` it takes (septets or 16-bit code units), its `encoding`."""

    count: int
    units: int
    encoding: str

    @property
    def room(self) -> int:
        """How many units the parts hold together."""
        alone, part = (GSM7_ALONE, GSM7_PART) if self.encoding == "GSM-7" else (UCS2_ALONE, UCS2_PART)
        return alone if self.count <= 1 else part * self.count


def segments_of(text: str) -> Segments:
    """How `text` travels. A character of two units is never cut, so a part may hold one unit less."""
    if all(character in GSM7 or character in GSM7_EXTENDED for character in text):
        sizes = [2 if character in GSM7_EXTENDED else 1 for character in text]
        return Segments(_parts(sizes, GSM7_ALONE, GSM7_PART), sum(sizes), "GSM-7")
    sizes = [len(character.encode("utf-16-le")) // 2 for character in text]
    return Segments(_parts(sizes, UCS2_ALONE, UCS2_PART), sum(sizes), "UCS-2")


def outside_gsm7(text: str) -> str:
    """The characters that force UCS-2, each once, in order: what a writer may want to spell otherwise."""
    return "".join(dict.fromkeys(character for character in text if character not in GSM7 | GSM7_EXTENDED))


def in_plain_letters(text: str) -> str:
    """`text` with what is outside GSM-7 spelt by its nearest letter (á as a); é, ñ, ü and the rest of GSM-7 stay.

    A character that has no near letter stays, and with it UCS-2.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(each if each in GSM7 | GSM7_EXTENDED else _nearest(each) for each in composed)


def _nearest(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].translate(SIMPLER)
    return base if base in GSM7 else character


def _parts(sizes: list[int], alone: int, part: int) -> int:
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts
