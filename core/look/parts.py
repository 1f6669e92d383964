"""Small parts that stand anywhere: the state of a thing, a plain fact, where a time comes from."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
Tone = Literal["ok", "warn", "stop", "accent", "calm"]
TONE_ICONS: dict[str, str] = {
    "ok": "check",
    "warn": "alert-circle",
    "stop": "x",
    "accent": "info-circle",
    "calm": "minus",
}


@dataclass(frozen=True)
class Pill:
    """The state of a thing: colour, icon and word together."""

    tone: Tone
    icon: str
    text: Text


@dataclass(frozen=True)
class Tag:
    """A plain fact, or what is missing; no judgement and no colour."""

    icon: str
    text: Text


@dataclass(frozen=True)
class SourceLine:
    """Where a time comes from, in one line."""

    icon: str
    text: Text


def initials(name: str) -> str:
    """Two letters for the round link to the account: "Maribel Ontiveros" gives "MO"."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "?"
