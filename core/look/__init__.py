"""What the pages draw: small frozen facts with their geometry, so that no room formats a clock, a ring or a bar itself.

Numbers for SVG are computed here as strings with a point, whatever the language: they stand in attributes, never in
inline styles.
"""

from core.look.bars import Bar, Occupancy
from core.look.clocks import ClockFace, Dial, TwoClocks
from core.look.history import History, Night
from core.look.light import CONDITION_KEYS, Condition, Light, Sector, State, Verdict
from core.look.parts import Pill, SourceLine, Tag, Text, Tone, initials
from core.look.times import Age, PlanStep, Wait, age_of, wait_of
from core.look.words import (
    duration,
    long_day,
    long_day_of_year,
    month_day,
    short_day,
    short_day_of_year,
    short_weekday,
    within,
)

__all__ = [
    "CONDITION_KEYS",
    "Age",
    "Bar",
    "ClockFace",
    "Condition",
    "Dial",
    "History",
    "Light",
    "Night",
    "Occupancy",
    "Pill",
    "PlanStep",
    "Sector",
    "SourceLine",
    "State",
    "Tag",
    "Text",
    "Tone",
    "TwoClocks",
    "Verdict",
    "Wait",
    "age_of",
    "duration",
    "initials",
    "long_day",
    "long_day_of_year",
    "month_day",
    "short_day",
    "short_day_of_year",
    "short_weekday",
    "wait_of",
    "within",
]
