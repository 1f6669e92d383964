"""A text with its day, hour and phone in it, as it will arrive; and the longest that it can become."""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from words.book import Text
from words.models import Purpose, Way
from words.segments import Segments, in_plain_letters, segments_of
from words.tongues import Surety, Tongue, tongue_for

PLACEHOLDERS = ("weekday", "date", "time", "office_phone")
LONGEST_PHONE = "+52 656 000 0000"
# Where a text says no day, a shared phone gives nothing away.
WITHOUT_DAY = frozenset({Purpose.SHARED, Purpose.CANCELLED})


@dataclass(frozen=True, slots=True)
class Words:
    """A worded message, the language it is in, whether that wording still awaits a native speaker, and what filled it."""

    title: str
    body: str
    language: str
    is_draft: bool
    pieces: Mapping[str, str]


def worded(text: Text, *, wall: datetime, surety: Surety, phone: str, asked: str = "") -> Words:
    """`text` for a local moment `wall` at the place to be; `asked` is the language that its reader speaks."""
    tongue = tongue_for(text.language)
    pieces = _pieces(text, tongue, wall, surety, phone)
    is_draft = not text.is_signed or (asked or text.language) != text.language
    said = {name: pieces[name] for name in PLACEHOLDERS if f"{{{name}}}" in text.text}
    return Words(tongue.title, _filled(text, **pieces), text.language, is_draft, said)


def longest(text: Text, *, phone: str = "") -> tuple[str, Segments]:
    """The rendering of `text` that takes the most parts, then the most room, over every weekday, month and sureness of the hour."""
    phone = max(phone, LONGEST_PHONE, key=len)
    return max(
        ((body, segments_of(body)) for body in _every(text, tongue_for(text.language), phone)),
        key=lambda found: found[1],
    )


def placeholders_of(text: str) -> set[str]:
    """What stands in braces. Raises ValueError for braces that nothing can fill."""
    found = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not re.fullmatch(r"[a-z_]+", name):
            raise ValueError(name)
        found.add(name)
    return found


def needed_by(purpose: str) -> frozenset[str]:
    """The placeholders that a text for `purpose` cannot do without."""
    return frozenset({"office_phone"}) if purpose in WITHOUT_DAY else frozenset({"date", "time", "office_phone"})


def allowed_in(purpose: str) -> tuple[str, ...]:
    """The placeholders that a text for `purpose` may have."""
    return ("office_phone",) if purpose in WITHOUT_DAY else PLACEHOLDERS


def _every(text: Text, tongue: Tongue, phone: str) -> Iterator[str]:
    days = [datetime.combine(date(2024, month, 29 if month == 2 else 30), time(23, 50)) for month in range(1, 13)]
    for wall in days:
        for weekday in tongue.weekdays:
            for surety in Surety:
                yield _filled(text, **_pieces(text, tongue, wall, surety, phone) | {"weekday": weekday})


def _pieces(text: Text, tongue: Tongue, wall: datetime, surety: Surety, phone: str) -> dict[str, str]:
    """What fills the placeholders: in figures to be read, in words to be heard."""
    heard = text.way == Way.SPOKEN
    return {
        "weekday": tongue.weekday_of(wall),
        "date": tongue.spoken_date_of(wall) if heard else tongue.date_of(wall),
        "time": tongue.spoken_time_of(wall, surety) if heard else tongue.time_of(wall, surety),
        "office_phone": tongue.spoken.phone_of(phone) if heard else phone,
    }


def _filled(text: Text, **values: str) -> str:
    body = text.text.format(**values)
    return in_plain_letters(body) if text.in_plain_letters else body
