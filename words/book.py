"""The text in force for each purpose, language and way: what staff signed last, else the product's own, else the newest draft.

The product's own texts stand in `data/texts.toml` as version 0 and not in the database: there is always a text, and a better one
that comes with an upgrade reaches every site that has not written its own.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from places.rules import folded
from words.models import Purpose, Template, Way
from words.tongues import FALLBACK, tongues

FILE = Path(__file__).parent / "data" / "texts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text with its placeholders. Version 0 is the product's own."""

    purpose: str
    language: str
    way: str
    text: str
    in_plain_letters: bool
    version: int
    is_signed: bool
    written_by: str = ""
    signed_by: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which text it is, whatever its version."""
        return (self.purpose, self.language, self.way)


Book = Mapping[tuple[str, str, str], Text]


@cache
def shipped() -> Book:
    """The product's own texts, to be read and to be heard."""
    said = tomllib.loads(FILE.read_text())
    texts = [
        Text(
            purpose=purpose,
            language=language,
            way=way,
            text=said[language]["spoken"][purpose] if way == Way.SPOKEN else said[language][purpose],
            in_plain_letters=said[language]["plain"] and way == Way.WRITTEN,
            version=0,
            is_signed=tongues()[language].is_signed,
        )
        for language in tongues()
        for purpose in Purpose.values
        for way in Way.values
    ]
    return {text.key: text for text in texts}


def book() -> Book:
    """Every text in force; one query."""
    versions: dict[tuple[str, str, str], list[Template]] = {}
    for row in Template.objects.all():
        versions.setdefault((row.purpose, row.language, row.way), []).append(row)
    return {key: standing(versions.get(key, ()), own) for key, own in shipped().items()}


def newest_of(*, purpose: str, language: str, way: str) -> Text:
    """The newest version, signed or not; the product's own where nobody wrote one. One query."""
    row = Template.objects.of(purpose=purpose, language=language, way=way).newest_first().first()
    return shipped()[purpose, language, way] if row is None else text_of(row)


def language_for(language: str) -> str:
    """The language in which speakers of `language` are written to."""
    return language if language in tongues() else FALLBACK


def standing(rows: Iterable[Template], own: Text) -> Text:
    """Which of the versions `rows` of one text and the product's `own` is in force."""
    best = min(rows, key=lambda row: (row.signed_at is None, -row.version), default=None)
    if best is None or (own.is_signed and best.signed_at is None):
        return own
    return text_of(best)


def is_draft_for(language: str, signed: Iterable[str] = ()) -> bool:
    """Whether anything that speakers of `language` read still awaits one of them: an unsigned text, or Spanish for theirs.

    `signed` are the purposes of which staff signed a version.
    """
    return language not in tongues() or not (tongues()[language].is_signed or set(signed) >= set(Purpose.values))


def signed_purposes(language: OuterRef) -> ArraySubquery:
    """For the page of a household: the purposes whose written text somebody signed in its language."""
    signed = Template.objects.filter(language=language, way=Way.WRITTEN, signed_at__isnull=False)
    return ArraySubquery(signed.order_by("purpose").values("purpose").distinct())


@cache
def ordinary_words() -> frozenset[str]:
    """The words of our own texts and calendars, folded: nobody is named by them, though April and Julio are names too."""
    calendars = [
        " ".join((*tongue.weekdays, *tongue.months, *tongue.spoken.numbers, *tongue.spoken.days))
        for tongue in tongues().values()
    ]
    return frozenset(
        word
        for said in (*(text.text for text in shipped().values()), *calendars)
        for word in re.findall(r"[a-z]+", folded(said))
    )


def text_of(row: Template) -> Text:
    """A version as what it says."""
    return Text(
        purpose=row.purpose,
        language=row.language,
        way=row.way,
        text=row.text,
        in_plain_letters=row.in_plain_letters,
        version=row.version,
        is_signed=row.signed_at is not None,
        written_by=row.written_by,
        signed_by=row.signed_by,
    )
