"""What may leave: the one place that refuses words that would give their reader away.

That someone is in the programme is confidential (8 CFR 208.6), and people are hunted for ransom. A message may hold a weekday, a date,
a time and an office phone; it never says asylum, court, the programme, an agency or a country's name for it, nobody's name, no shelter,
no number of a person or a file, and no address on the web. Asked when a text is written and again when a message is worded.
"""

import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from places.rules import folded
from words.book import ordinary_words

FILE = Path(__file__).parent / "data" / "refused.toml"
MARKS = {
    "a_number": re.compile(r"(?<![\d+])A[\s-]?\d{3}[\s-]?\d{3}[\s-]?\d{2,3}(?!\d)|\b\d{8,9}\b"),
    "case_code": re.compile(r"\b[A-Z]{2}-\d{3,}\b"),
    "web_address": re.compile(
        r"https?:|\bwww\.|\b[\w-]+\.(?:com|org|net|info|mx|gob|gov|io|ly|gl|me|br|ht|app)\b", re.IGNORECASE
    ),
}
SHORTEST_NAME = 3


def give_away(
    text: str, *, language: str = "", names: Collection[str] = (), shelters: Collection[str] = ()
) -> list[str]:
    """What in `text` would give its reader away: refused words as they are listed, "name", "shelter", and kinds of numbers.

    Without a `language` the lists of all are held against it. Of `names` (full names) each part counts where it stands with a capital
    and is no word of our own texts; `shelters` count whole. Codes only, so that the answer can be logged.
    """
    words = re.findall(r"[a-z]+", folded(text))
    line = f" {' '.join(words)} "
    refused = _refused()
    found = sorted(_words_of(language).intersection(words))
    found += [phrase for phrase in refused["phrases"]["always"] if f" {phrase} " in line]
    found += [word for word in refused["capitals"]["always"] if re.search(rf"\b{word}\b", text)]
    found += ["name"] * _says_a_name(text, names)
    found += ["shelter"] * any(f" {_plain(shelter)} " in line for shelter in shelters if _plain(shelter))
    return found + [kind for kind, pattern in MARKS.items() if pattern.search(text)]


def _says_a_name(text: str, names: Collection[str]) -> bool:
    parts = {part for name in names for part in _plain(name).split() if len(part) >= SHORTEST_NAME} - ordinary_words()
    capitals = {folded(word) for word in re.findall(r"\w+", text) if word[0].isupper()}
    return bool(parts & capitals)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", folded(text)))


@cache
def _words_of(language: str) -> frozenset[str]:
    lists = _refused()["words"]
    chosen = (
        [lists["always"], lists[language]]
        if language in lists
        else [lists["always"]]
        if language
        else [*lists.values()]
    )
    return frozenset(word for words in chosen for word in words.split())


@cache
def _refused() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())
