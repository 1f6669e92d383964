"""Wakes the worker after a commit. The broker is a nudge, never a promise: the beat sweeps the table anyway."""

import logging
import time

from kombu.exceptions import OperationalError

from audit.actions import nudge_after_commit
from audit.tasks import dispatch_events

logger = logging.getLogger(__name__)

QUIET_SECONDS = 30.0


class WakeWorker:
    """Asks a worker to dispatch now. With the broker down it says so once and leaves it alone for `QUIET_SECONDS`."""

    def __init__(self) -> None:
        self.quiet_until = 0.0

    def __call__(self) -> None:
        """Ask, unless the broker was down a moment ago."""
        if time.monotonic() < self.quiet_until:
            return
        try:
            dispatch_events.apply_async(ignore_result=True)
        except OperationalError:
            self.quiet_until = time.monotonic() + QUIET_SECONDS
            logger.warning("the broker does not answer; the beat will dispatch what waits")


nudge_after_commit(WakeWorker())
