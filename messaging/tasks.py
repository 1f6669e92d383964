"""The worker's door to the sweep."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.actors import Actor
from messaging.sweeping import sweep


@shared_task(name="messaging.send_due")
def send_due() -> int:
    """Send what is due. Safe to run twice and at once."""
    return sweep(actor=Actor.system("messages"), clock=timezone.now, senders=settings.MESSAGE_SENDERS)
