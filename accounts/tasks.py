"""The worker's door to what is over by itself."""

from celery import shared_task
from django.utils import timezone

from accounts.actions import forget_sessions
from core.actors import Actor


@shared_task(name="accounts.forget")
def forget() -> int:
    """Drop sessions that are over. Safe to run twice and at once."""
    return forget_sessions(actor=Actor.system("forgetting"), at=timezone.now())
