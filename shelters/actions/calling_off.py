"""What becomes of a transfer when its household sleeps elsewhere, or nowhere, before it arrived."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Household
from core.actors import Actor
from shelters.models import Hold, Transfer
from shelters.moves import State


@transaction.atomic
def call_off_with_deed(*, household: Household, actor: Actor, at: datetime) -> Transfer | None:
    """Call the open transfer of `household` off, where there is one; part of deeds that checked their policy."""
    transfer = Transfer.objects.open().select_for_update(no_key=True).filter(household=household).first()
    if transfer is None:
        return None
    return close_with_deed(transfer=transfer, state=State.CANCELLED, actor=actor, at=at)


@transaction.atomic
def close_with_deed(*, transfer: Transfer, state: State, actor: Actor, at: datetime) -> Transfer:
    """Let `transfer`, locked and allowed to, end as `state` at `at` and give back the places that were held for it."""
    transfer.state, transfer.ended_at = state, at
    transfer.save(update_fields=["state", "ended_at", "decline_reason", "answered_at", "answered_by"])
    Hold.objects.filter(transfer=transfer, released_at__isnull=True).update(released_at=at)
    record_move(transfer=transfer, actor=actor, at=at)
    return transfer


def record_move(*, transfer: Transfer, actor: Actor, at: datetime) -> None:
    """Record that `transfer` came to where it stands."""
    record(
        EventType(f"transfer.{transfer.state}"),
        subject=transfer,
        actor=actor,
        at=at,
        household=transfer.household.uid,
        transfer=str(transfer.uid),
        shelter=transfer.from_shelter_id,
        to_shelter=transfer.to_shelter_id,
        people=transfer.people,
    )
