"""How many parts a text message takes: GSM 7-bit (3GPP TS 23.038) where every character is in it, else UCS-2."""

import math
from dataclasses import dataclass

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places

GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text travels: its `encoding`, the `units` it takes (septets or 16-bit code units) and the number of parts."""

    encoding: str
    units: int
    count: int


def segments_of(text: str) -> Segments:
    """How `text` travels. A character of two units is never cut, so a part may hold one unit less."""
    if all(character in GSM7 or character in GSM7_EXTENDED for character in text):
        sizes = [2 if character in GSM7_EXTENDED else 1 for character in text]
        return Segments("GSM-7", sum(sizes), _parts(sizes, GSM7_ALONE, GSM7_PART))
    sizes = [len(character.encode("utf-16-le")) // 2 for character in text]
    return Segments("UCS-2", sum(sizes), _parts(sizes, UCS2_ALONE, UCS2_PART))


def outside_gsm7(text: str) -> str:
    """The characters that force UCS-2, each once, in order: what a writer may want to spell otherwise."""
    return "".join(dict.fromkeys(character for character in text if character not in GSM7 | GSM7_EXTENDED))


def _parts(sizes: list[int], alone: int, part: int) -> int:
    if sum(sizes) <= alone:
        return math.ceil(sum(sizes) / alone) if sizes else 0
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts
