"""The worker's door to the outbox."""

from celery import shared_task
from django.utils import timezone

from audit.actions import dispatch_pending


@shared_task(name="audit.dispatch_events")
def dispatch_events() -> int:
    """Hand waiting events to their handlers. Safe to run twice and at once."""
    return dispatch_pending(at=timezone.now())
