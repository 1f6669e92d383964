"""Whose clock is right: arithmetic on moments that two clocks tell."""

from datetime import datetime

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
