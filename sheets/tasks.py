"""The worker's door to imports."""

import logging
from contextlib import suppress
from uuid import UUID

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.actors import Actor
from sheets import working

logger = logging.getLogger(__name__)
ACTOR = Actor.system("imports")


@shared_task(name="sheets.carry_on")
def carry_on(uid: str | None = None) -> int:
    """Go on with an import, or with all that wait. Safe to run twice and at once."""
    return working.carry_on(uid=UUID(uid) if uid else None, actor=ACTOR, clock=timezone.now)


@shared_task(name="sheets.forget")
def forget() -> int:
    """Drop what old sheets told of people. Safe to run twice and at once."""
    return working.forget(actor=ACTOR, at=timezone.now())


def wake(uid: UUID) -> None:
    """Ask a worker to go on with an import now; with the broker down the beat finds it in the table."""
    with suppress(OperationalError):
        carry_on.apply_async(kwargs={"uid": str(uid)}, ignore_result=True)
