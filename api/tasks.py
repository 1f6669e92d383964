"""The worker's door to what is over by itself."""

from celery import shared_task
from django.utils import timezone

from api.actions.clients import forget_tokens
from core.actors import Actor


@shared_task(name="api.forget")
def forget() -> int:
    """Drop tokens that are over. Safe to run twice and at once."""
    return forget_tokens(actor=Actor.system("forgetting"), at=timezone.now())
