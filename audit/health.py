"""Whether what must follow from events follows: how long the oldest of them waits."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from audit.models import Event

LONGEST = timedelta(seconds=60)  # a dispatch ends itself by then, under the worker's own limit


def waiting_since(now: datetime) -> datetime | None:
    """Since when the oldest event waits for its handlers at `now`; None where none does."""
    oldest: datetime | None = Event.objects.waiting().aggregate(oldest=Min("recorded_at"))["oldest"]
    return oldest if oldest is None or oldest < now else None


def is_late(now: datetime) -> bool:
    """Whether an event waits longer than four beats, or than the longest dispatch and two beats: reminders may not be planned."""
    since = waiting_since(now)
    beat = timedelta(seconds=settings.SWEEP_SECONDS)
    return since is not None and now - since > max(4 * beat, LONGEST + 2 * beat)
