"""What the two pages of texts show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import DomainError
from core.look import Pill
from places import languages
from words import policies
from words.book import Book, Text, book, newest_of, shipped, standing
from words.ladder import Rung, ladder
from words.models import Purpose, Template, Way
from words.rendering import allowed_in, longest, worded
from words.segments import Segments, outside_gsm7
from words.tongues import Surety, tongues

# A day that every reader can check against a calendar: Thursday 16 December 2021, the first hearings of the programme's second time.
EXAMPLE = datetime.combine(date(2021, 12, 16), time(4, 30))
SIGNED = Pill("ok", "circle-check", gettext_lazy("signed"))
DRAFT = Pill("warn", "pencil", gettext_lazy("draft, no native speaker has signed it"))
DRAFT_SHORT = Pill("warn", "pencil", gettext_lazy("draft"))


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it will arrive, how it travels at its longest, and what forbids it."""

    body: str
    segments: Segments
    outside: str
    refusal: str
    is_written: bool

    @property
    def tone(self) -> str:
        """How the count is drawn."""
        return "ok" if self.segments.count == 1 else "warn"


@dataclass(frozen=True, slots=True)
class Line:
    """One text in the list."""

    purpose: Purpose
    text: Text
    segments: Segments

    @property
    def pill(self) -> Pill:
        """Whether a native speaker stands behind it."""
        return SIGNED if self.text.is_signed else DRAFT_SHORT


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of one language."""

    language: str
    lines: Sequence[Line]

    @property
    def name(self) -> str:
        """The language in the reader's."""
        return languages.name_of(self.language)

    @property
    def autonym(self) -> str:
        """The language in its own words."""
        return languages.autonym_of(self.language)

    @property
    def tag(self) -> str:
        """For the `lang` attribute."""
        return languages.LANGUAGES[self.language].tag

    @property
    def drafts(self) -> int:
        """How many texts nobody has signed."""
        return sum(not line.text.is_signed for line in self.lines)

    @property
    def pill(self) -> Pill:
        """Signed as a whole, in part, or not at all."""
        if not self.drafts:
            return SIGNED
        signed, count = len(self.lines) - self.drafts, len(self.lines)
        part = _("%(signed)d of %(count)d signed") % {"signed": signed, "count": count}
        return Pill("warn", "pencil", part) if signed else DRAFT


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder in words."""

    when: str
    hour: str
    says: str
    note: str


def list_page(way: str) -> dict[str, Any]:
    """The list of texts of one way, with the ladder; one query."""
    texts = book()
    rules = ladder()
    return {
        "way": way,
        "ways": Way.choices,
        "shelves": [_shelf(texts, language, way) for language in tongues()],
        "steps": [_step(rung) for rung in rules.rungs],
        "quiet_from": f"{rules.quiet_from:%H:%M}",
        "quiet_until": f"{rules.quiet_until:%H:%M}",
    }


def exists(purpose: str, language: str, way: str) -> bool:
    """Whether there is such a text at all."""
    return (purpose, language, way) in shipped()


def text_page(purpose: str, language: str, way: str) -> dict[str, Any]:
    """The page of one text: its newest version, the one in force, and those before; one query."""
    rows = list(Template.objects.of(purpose=purpose, language=language, way=way).newest_first())
    own = shipped()[purpose, language, way]
    in_force = standing(rows, own)
    return {
        "purpose": Purpose(purpose),
        "language": language,
        "way": way,
        "shelf": Shelf(language, ()),
        "versions": rows,
        "own": own,
        "in_force": in_force,
        "pill": SIGNED if in_force.is_signed else DRAFT,
        "placeholders": [(f"{{{name}}}", _meaning(name)) for name in allowed_in(purpose)],
    }


def newest(purpose: str, language: str, way: str) -> Text:
    """The version that a writer begins from."""
    return newest_of(purpose=purpose, language=language, way=way)


def preview_of(text: Text) -> Preview:
    """What `text` would be like; the example's body where it can be worded at all."""
    refusal = ""
    try:
        policies.check_text(text)
    except DomainError as found:
        refusal = str(found)
        if isinstance(found, policies.WrongPlaceholders):
            text = replace(text, text=text.text.replace("{", "(").replace("}", ")"))
    body, segments = longest(text, phone=settings.OFFICE_PHONE)
    example = worded(text, wall=EXAMPLE, surety=Surety.SURE, phone=settings.OFFICE_PHONE).body
    return Preview(
        example,
        segments,
        outside_gsm7(body),
        refusal,
        text.way == Way.WRITTEN,
    )


def _shelf(texts: Book, language: str, way: str) -> Shelf:
    found = [texts[purpose, language, way] for purpose in Purpose.values]
    return Shelf(language, [Line(Purpose(text.purpose), text, longest(text)[1]) for text in found])


def _step(rung: Rung) -> Step:
    if rung.at is None:
        return Step(_("when they leave"), "", str(rung.says.label), _("where the plan of the night knows the hour"))
    when = ngettext("%(days)d day before", "%(days)d days before", rung.days_before) % {"days": rung.days_before}
    note = _("only who sleeps in another city") if rung.only_far else ""
    return Step(when, f"{rung.at:%H:%M}", str(rung.says.label), note)


def _meaning(name: str) -> str:
    return {
        "weekday": _("Thursday"),
        "date": _("16 December"),
        "time": _("04:30 local time, or that it must be confirmed"),
        "office_phone": settings.OFFICE_PHONE,
    }[name]
