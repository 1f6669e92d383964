"""The one call of a list, and how its caller ends it."""

from accounts.actors import actor_of
from hearings.actions.checks import end_batch
from hearings.models import CheckBatch, CheckCall


def only_call(batch: CheckBatch) -> CheckCall:
    return CheckCall.objects.select_related("batch").get(batch=batch)


def end_batch_of(batch: CheckBatch) -> None:
    """End a list as its caller does."""
    end_batch(batch=batch, actor=actor_of(batch.caller), at=batch.handed_at)
