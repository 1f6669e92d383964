"""Wakes the worker after a commit. The broker is a nudge, never a promise: the beat sweeps the table anyway."""

import logging
import time

from kombu.exceptions import OperationalError

from audit.actions import nudge_after_commit
from audit.tasks import dispatch_events

logger = logging.getLogger(__name__)

QUIET_SECONDS = 30
_quiet_until = 0.0


def wake_worker() -> None:
    """Ask a worker to dispatch now. With the broker down, say so once and leave it alone for `QUIET_SECONDS`."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        dispatch_events.apply_async(ignore_result=True)
    except OperationalError:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("the broker does not answer; the beat will dispatch what waits")


nudge_after_commit(wake_worker)
