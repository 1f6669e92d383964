"""The worker's door to what follows from newer zone tables."""

from celery import shared_task
from django.utils import timezone

from hearings import actions


@shared_task(name="hearings.recheck_zones")
def recheck_zones() -> int:
    """Bring the hearings ahead in line with the zone tables. Safe to run twice and at once."""
    return actions.recheck_zones(actor=actions.ZONES, at=timezone.now())
