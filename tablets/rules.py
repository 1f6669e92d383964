"""Whose clock is right, and whose word: arithmetic on moments that two clocks tell and on facts that two devices hold."""

from datetime import datetime
from enum import Enum

LARGEST_SKEW = 2**31 - 1


def skew_of(*, device_now: datetime | None, at: datetime) -> int | None:
    """How many seconds the tablet's clock is behind the server's; None where nobody knows what it shows."""
    if device_now is None:
        return None
    seconds = round((at - device_now).total_seconds())
    return max(-LARGEST_SKEW, min(seconds, LARGEST_SKEW))


def occurred_at(*, written_at: datetime, device_now: datetime | None, at: datetime) -> datetime:
    """When something written at `written_at` by the tablet's clock happened by the server's.

    Nothing that is delivered at `at` can have happened later: a tablet whose clock was set right in between may seem to say so.
    """
    if device_now is None:
        return min(written_at, at)
    try:
        return min(written_at + (at - device_now), at)
    except OverflowError:
        return at


class Verdict(Enum):
    """What to do with a fact that a tablet brings."""

    DO = "do"
    DONE = "done"
    DECIDE = "decide"


def verdict(*, stands: object, brought: object, base: object, is_monotone: bool = False) -> Verdict:
    """What to do with a fact of which the tablet knew `base` and brings `brought`, while the server holds `stands`.

    Where nothing new stands, it is done. Where the same stands, it has been. Where something else stands that the tablet did not
    know, a person decides, unless the fact only ever grows: somebody else came first, and that is all.
    """
    if stands == brought:
        return Verdict.DONE
    if not stands or stands == base:
        return Verdict.DO
    return Verdict.DONE if is_monotone else Verdict.DECIDE
