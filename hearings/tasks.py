"""The worker's door to what is done to many hearings at once, and to what follows from newer zone tables."""

from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.actors import Actor
from hearings import actions, postponement_desk


@shared_task(name="hearings.recheck_zones")
def recheck_zones() -> int:
    """Bring the hearings ahead in line with the zone tables. Safe to run twice and at once."""
    return actions.recheck_zones(actor=actions.ZONES, at=timezone.now())


@shared_task(name="hearings.carry_on_postponements")
def carry_on_postponements(key: int | None = None) -> int:
    """Work out, apply or undo a postponement, or all that wait. Safe to run twice and at once."""
    return postponement_desk.carry_on(key=key, actor=Actor.system("postponements"), clock=timezone.now)


def wake(key: int) -> None:
    """Ask a worker for a postponement now; with the broker down the beat finds it in the table."""
    with suppress(OperationalError):
        carry_on_postponements.apply_async(kwargs={"key": key}, ignore_result=True)
