"""Cards as PDF: what stands on them, and nothing of the people but how many they are (docs/adr/cards.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cases.cards import code_of, payload_of
from cases.models import Card
from journey.paper import Paper, set_in_type
from places import languages

__all__ = ["Face", "Paper", "pdf_of"]

HERE = Path(__file__).resolve().parent
MOST_CARDS = 200

# On the card in both: who reads it at a gate is not who signed in here.
LANGUAGES = ("es", "en")
WORDS: tuple[Promise, ...] = (
    gettext_lazy("Show this card. If you lose it, tell us: it stops counting and you get another."),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One card: the household's code, how many they are, the language they prefer, and the opaque signs."""

    code: str
    people: int
    language: str
    token: str

    @classmethod
    def of(cls, card: Card, *, people: int) -> "Face":
        """The face of `card`, fetched with its household, which has `people` people."""
        household = card.household
        return cls(household.code, people, languages.autonym_of(household.language), card.token)

    @property
    def signs(self) -> str:
        """What is typed where no camera is."""
        return code_of(self.token)

    @property
    def square(self) -> str:
        """The QR code as SVG. Strong enough to be read with a fold or a stain on it."""
        return str(self._drawn().svg_inline(border=2, dark="#1c2b30", light="#ffffff"))

    @property
    def picture(self) -> str:
        """The QR code as an address of data, for a page."""
        return str(self._drawn().svg_data_uri(border=2, dark="#1c2b30", light="#ffffff"))

    def _drawn(self) -> segno.QRCode:
        return segno.make(payload_of(self.token), error="q", micro=False)


def pdf_of(faces: Sequence[Face], *, paper: Paper) -> bytes:
    """`faces` as PDF, four to a page."""
    words = []
    for language in LANGUAGES:
        with override(language):
            words += [str(each) for each in WORDS]
    given: dict[str, object] = {
        "title": _("Card"),
        "paper": paper.value,
        "cards": [
            {
                "code": face.code,
                "people": face.people,
                "language": face.language,
                "signs": face.signs,
                "square": face.square,
                "words": words,
            }
            for face in faces[:MOST_CARDS]
        ],
    }
    return set_in_type(HERE / "card.typ", given)
