"""What a reply means, where it says one plain thing. The words are data, in Spanish, English, Portuguese and Haitian Creole.

A sentence that only begins with "yes" says something else ("si no puedo ir…"), so yes counts only where it is all that is said. What
is not understood is read by a person; nothing is guessed.
"""

import json
import re
from functools import cache
from pathlib import Path

from messaging.models import Reply
from places.rules import folded

WORDS = Path(__file__).parent / "data" / "reply_words.json"
# Silence is obeyed first; a number that is not theirs comes before a call for help from it.
ORDER = (Reply.Meaning.STOP, Reply.Meaning.WRONG, Reply.Meaning.HELP, Reply.Meaning.YES)


def understand(text: str) -> Reply.Meaning:
    """What `text` means, whatever its accents, capitals and marks."""
    said = _plain(text)
    for meaning in ORDER:
        whole, first = _phrases(meaning)
        if said in whole or any(f"{said} ".startswith(f"{phrase} ") for phrase in first):
            return meaning
    return Reply.Meaning.UNCLEAR


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", folded(text.replace("’", "").replace("'", ""))))


@cache
def _phrases(meaning: Reply.Meaning) -> tuple[frozenset[str], frozenset[str]]:
    lists = json.loads(WORDS.read_text())[meaning]
    whole, first = (
        frozenset(_plain(phrase) for phrases in lists[where].values() for phrase in phrases)
        for where in ("whole", "first")
    )
    return whole, first
