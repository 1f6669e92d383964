"""The worker's door to what ends by itself."""

from celery import shared_task
from django.utils import timezone

from cases.actions.access import end_due_access
from core.actors import Actor


@shared_task(name="cases.end_due_access")
def end_due() -> int:
    """End access whose time is over. Safe to run twice and at once."""
    return end_due_access(actor=Actor.system("access"), at=timezone.now())
