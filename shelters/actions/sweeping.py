"""What ends by itself: transfers and holds whose time is over, and contact with guests who never came back."""

from contextlib import suppress
from datetime import datetime

from core.actors import Actor
from shelters.actions.closing import end_promises_of_closed
from shelters.actions.holds import expire_hold
from shelters.actions.outings import lose_contact_of_overdue
from shelters.actions.transfers import expire_transfer
from shelters.errors import HoldOver, TransferMoved
from shelters.models import Hold, Transfer

AT_ONCE = 200


def end_overdue(*, actor: Actor, at: datetime) -> int:
    """End what is over at `at`, each in a transaction of its own; returns how many. Safe to do twice and at once."""
    ended = 0
    for transfer in Transfer.objects.visible_to(actor).overdue_at(at).order_by("expires_at", "pk")[:AT_ONCE]:
        with suppress(TransferMoved):
            expire_transfer(transfer=transfer, actor=actor, at=at)
            ended += 1
    over = Hold.objects.filter(released_at__isnull=True, expires_at__lte=at, transfer__isnull=True)
    for hold in over.select_related("household", "unit__shelter").order_by("expires_at", "pk")[:AT_ONCE]:
        with suppress(HoldOver):
            expire_hold(hold=hold, actor=actor, at=at)
            ended += 1
    ended += end_promises_of_closed(actor=actor, at=at)
    return ended + lose_contact_of_overdue(actor=actor, at=at)
