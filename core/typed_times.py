"""A wall time as people type it on a form or in a sheet. No clock."""

import re
from datetime import time

TYPED = re.compile(
    r"(?P<hour>\d{1,2})"
    r"(?:[:.,h\s]?(?P<minute>[0-5]\d)(?::[0-5]\d)?)?"
    r"\s*(?:h|hs|hrs|horas)?\.?"
    r"\s*(?:(?P<half>[ap])\.?\s*m\.?)?"
)
NOON = 12


class NoTime(ValueError):
    """Nothing that anybody would read as a time."""


class EitherHalf(NoTime):
    """An hour alone, which may be of the morning or of the afternoon: `early` or `late`."""

    def __init__(self, hour: int) -> None:
        super().__init__(hour)
        self.early, self.late = time(hour % NOON), time(hour % NOON + NOON)


def typed_time(text: str) -> time:
    """The time that `text` says: "04:30", "4.30", "0430", "4h30", "13" and "1:30" on 24 hours, "1 pm", "1:30 p. m." on twelve.

    Seconds are left out. Raises EitherHalf for "4", NoTime for what is none.
    """
    match = TYPED.fullmatch(text.strip().casefold())
    if not match:
        raise NoTime(text)
    hour, half = int(match["hour"]), match["half"]
    if not half and match["minute"] is None and hour <= NOON:
        raise EitherHalf(hour)
    if half and not 1 <= hour <= NOON:
        raise NoTime(text)
    try:
        return time(hour % NOON + NOON * (half == "p") if half else hour, int(match["minute"] or 0))
    except ValueError:
        raise NoTime(text) from None
