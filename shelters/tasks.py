"""The worker's door to what ends by itself."""

from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.actors import Actor
from shelters import planner_desk
from shelters.actions.counts import ask_to_count
from shelters.actions.sweeping import end_overdue


@shared_task(name="shelters.end_overdue")
def end_overdue_places() -> int:
    """End transfers and holds whose time is over, and count contact as lost. Safe to run twice and at once."""
    return end_overdue(actor=Actor.system("shelters"), at=timezone.now())


@shared_task(name="shelters.ask_to_count")
def ask_silent_shelters() -> int:
    """Ask shelters that nobody has updated how many sleep there. Safe to run twice and at once."""
    return ask_to_count(actor=Actor.system("shelters"), at=timezone.now())


@shared_task(name="shelters.carry_on_plans")
def carry_on_plans(plan_id: int | None = None) -> int:
    """Work out or apply a plan, or all that wait. Safe to run twice and at once."""
    return planner_desk.carry_on(plan_id=plan_id, actor=Actor.system("shelters"), clock=timezone.now)


def wake(plan_id: int) -> None:
    """Ask a worker for a plan now; with the broker down the beat finds it in the table."""
    with suppress(OperationalError):
        carry_on_plans.apply_async(kwargs={"plan_id": plan_id}, ignore_result=True)
