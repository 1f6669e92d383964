"""Whether messages are being sent: the age of the last sweep that ran to its end."""

from datetime import datetime, timedelta

from django.conf import settings

from messaging.models import Heartbeat
from messaging.sweeping import LONGEST, NAME


def sweep_age(now: datetime) -> timedelta | None:
    """How long ago messages were last swept, or None when they never were. Less than nothing where a clock has jumped back."""
    heartbeat = Heartbeat.objects.filter(sweep=NAME).first()
    return None if heartbeat is None else now - heartbeat.ran_at


def is_late(now: datetime) -> bool:
    """Whether the sweep should have run by `now` and did not."""
    return is_too_old(sweep_age(now))


def is_too_old(age: timedelta | None) -> bool:
    """Whether a last sweep of `age` is late: four beats, or the longest sweep and two beats, have passed, or none ever ran.

    One that lies as far in the future says as little: a clock has jumped back since.
    """
    beat = timedelta(seconds=settings.SWEEP_SECONDS)
    return age is None or abs(age) > max(4 * beat, LONGEST + 2 * beat)
