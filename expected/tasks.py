"""The worker's door to announced lists."""

from celery import shared_task
from django.utils import timezone

from core.actors import Actor
from expected.actions.forgetting import forget_announced


@shared_task(name="expected.forget")
def forget() -> int:
    """Drop what old lists told of people. Safe to run twice and at once."""
    return forget_announced(actor=Actor.system("expected"), at=timezone.now())
