"""The worker's door to what ends by itself."""

from celery import shared_task
from django.utils import timezone

from core.actors import Actor
from shelters.actions.sweeping import end_overdue


@shared_task(name="shelters.end_overdue")
def end_overdue_places() -> int:
    """End transfers and holds whose time is over, and count contact as lost. Safe to run twice and at once."""
    return end_overdue(actor=Actor.system("shelters"), at=timezone.now())
