"""The worker's door to the outbox."""

from celery import shared_task
from django.utils import timezone

from audit.actions import dispatch_pending
from audit.health import LONGEST

AT_ONCE = 200


@shared_task(name="audit.dispatch_events")
def dispatch_events() -> int:
    """Hand waiting events to their handlers until none waits or `LONGEST` is over: a sheet brings thousands.

    Safe to run twice and at once.
    """
    began, done, handled = timezone.now(), 0, AT_ONCE
    while handled == AT_ONCE and timezone.now() - began < LONGEST:
        handled = dispatch_pending(at=timezone.now(), limit=AT_ONCE)
        done += handled
    return done
