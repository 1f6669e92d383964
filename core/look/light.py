"""The readiness light: six conditions around a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.look.circle import on_circle
from core.look.parts import TONE_ICONS, Text
from core.look.words import within

State = Literal["met", "confirm", "missing", "none"]
Verdict = Literal["ok", "warn", "stop", "none"]
RING_RADIUS, SECTOR_DEGREES, SECTOR_GAP = 10.4, 60, 7
HALF_ARC_DEGREES = 22


@dataclass(frozen=True)
class Condition:
    """One of the six reasons of the readiness light. `key` is one of `CONDITION_KEYS`; `owner` who can mend it.

    Whoever may mend it is led to `href` by the words of `deed`.
    """

    key: str
    title: Text
    state: State
    reason: Text = ""
    owner: Text = ""
    href: str = ""
    deed: Text = ""

    @property
    def tone(self) -> str:
        """Class of its row in the list of reasons."""
        return {"met": "ok", "confirm": "warn", "missing": "stop", "none": "calm"}[self.state]

    @property
    def icon(self) -> str:
        """Icon of its row."""
        return TONE_ICONS[self.tone]

    @property
    def state_word(self) -> str:
        """The state in words, for those who hear the page."""
        words = {
            "met": pgettext("condition", "met"),
            "confirm": pgettext("condition", "to confirm"),
            "missing": pgettext("condition", "missing"),
            "none": pgettext("condition", "does not apply"),
        }
        return words[self.state]


CONDITION_KEYS = ("hearing", "document", "test", "seat", "gate", "minors")


@dataclass(frozen=True)
class Sector:
    """The part of the ring that one condition takes: a full arc, a half arc on a track, a dot, or a thin line."""

    state: State
    position: int

    @property
    def begins(self) -> float:
        """Degrees from the top where the sector's arc begins."""
        return self.position * SECTOR_DEGREES + SECTOR_GAP

    @property
    def ends(self) -> float:
        """Degrees from the top where it ends."""
        return (self.position + 1) * SECTOR_DEGREES - SECTOR_GAP

    def _arc(self, begins: float, ends: float) -> str:
        (x1, y1), (x2, y2) = on_circle(RING_RADIUS, begins), on_circle(RING_RADIUS, ends)
        return f"M{x1:.2f} {y1:.2f}A{RING_RADIUS} {RING_RADIUS} 0 0 1 {x2:.2f} {y2:.2f}"

    @property
    def full(self) -> str:
        """Path of the whole arc."""
        return self._arc(self.begins, self.ends)

    @property
    def half(self) -> str:
        """Path of the first half, drawn for "to confirm"."""
        return self._arc(self.begins, self.begins + HALF_ARC_DEGREES)

    @property
    def rest(self) -> str:
        """Path of the track behind the second half."""
        return self._arc(self.begins + HALF_ARC_DEGREES, self.ends)

    @property
    def dot_x(self) -> str:
        """Centre of the dot drawn for "missing"."""
        return f"{on_circle(RING_RADIUS, (self.begins + self.ends) / 2)[0]:.2f}"

    @property
    def dot_y(self) -> str:
        """Centre of the dot drawn for "missing"."""
        return f"{on_circle(RING_RADIUS, (self.begins + self.ends) / 2)[1]:.2f}"


@dataclass(frozen=True)
class Light:
    """May this family leave? A verdict and its six reasons, in the order of `CONDITION_KEYS`.

    `title` is the sentence beside the big light, `word` the short reason beside the small one; without it the first
    open condition speaks.
    """

    verdict: Verdict
    title: Text
    summary: Text = ""
    conditions: Sequence[Condition] = ()
    word: Text = ""

    @property
    def css(self) -> str:
        """Class of ring and words."""
        return "na" if self.verdict == "none" else self.verdict

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The six sectors of the ring, clockwise from the top; a light without conditions shows six thin lines."""
        return tuple(Sector(state, position) for position, state in enumerate(self.states))

    @property
    def states(self) -> tuple[State, ...]:
        """The states of the six conditions in their order; none applies where nothing was judged."""
        found: list[State] = [condition.state for condition in self.conditions] or ["none"] * len(CONDITION_KEYS)
        return tuple(found)

    @property
    def glyph(self) -> str:
        """Path of the sign in the disc: check, exclamation mark, cross or dash."""
        glyphs = {
            "ok": "M9.6 12.1l1.7 1.7 3.2-3.5",
            "warn": "M12 9.6v2.7M12 14.6v.01",
            "stop": "M10.2 10.2l3.6 3.6M13.8 10.2l-3.6 3.6",
            "none": "M10 12h4",
        }
        return glyphs[self.verdict]

    @property
    def short(self) -> Text:
        """The verdict in two or three words, for lists."""
        if self.word:
            return self.word
        wanted: State | None = {"stop": "missing", "warn": "confirm"}.get(self.verdict)  # type: ignore[assignment]
        reason = next((each for each in self.conditions if each.state == wanted), None)
        if reason is None:
            return self.title
        if wanted == "missing":
            return _("Missing: %(what)s") % {"what": within(reason.title)}
        return _("To confirm: %(what)s") % {"what": within(reason.title)}

    @property
    def reasons(self) -> list[Condition]:
        """The conditions as the file lists them: what is missing first, then what is to confirm, then the rest."""
        order = {"missing": 0, "confirm": 1, "met": 2, "none": 3}
        return sorted(self.conditions, key=lambda condition: order[condition.state])
