"""What partners send under ids that they made is done once, by the deeds of the pages.

The receipt is written first, in the deed's own transaction: whoever sends the same id meanwhile waits here until that one is through, or
takes over when it fails. What is refused leaves no receipt, so that it can be corrected and sent again under the same id.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from api.models import Receipt
from api.receipts import Letter, stays_of
from cases.actions.arrivals import AlreadyLogged
from cases.models import Household
from core.actors import Actor
from core.again import atomic_again
from core.errors import DomainError, naming_violations
from journey.actions.arrivals import log_arrival
from shelters.actions import assign_place, end_stays
from shelters.errors import AlreadyPlaced, StayAlreadyEnded
from shelters.fitting import locked_units
from shelters.models import Bed, Destination, LeavingReason, Stay, Unit


class AlreadySent(DomainError):
    """The same id came first in another request; the door answers with what became of it."""

    code = "already_sent"
    message = _("This entry was already received.")


@atomic_again
def log_family(*, letter: Letter, arrival: Mapping[str, Any], actor: Actor, at: datetime) -> Receipt:
    """Log `arrival` (what `journey.actions.arrivals.log_arrival` takes) under the id of `letter`.

    Raises AlreadySent, AlreadyLogged where somebody else logged something under that id, and what `log_arrival` raises.
    """
    receipt = _keep(letter, actor, at)
    household, is_new = log_arrival(uid=letter.uid, **arrival, actor=actor, at=at)
    if not is_new:
        raise AlreadyLogged()
    return _done(receipt, household)


@atomic_again
def give_place(
    *, letter: Letter, household: Household, unit: Unit, beds: Sequence[Bed] | None, actor: Actor, at: datetime
) -> Receipt:
    """Let all of `household` sleep in `unit` from `at` on, under the id of `letter`. Raises AlreadySent and what `assign_place` refuses.

    That they have a place is said before any rule of the room: who sleeps in isolation is answered like everybody who sleeps somewhere.
    """
    receipt = _keep(letter, actor, at)
    if Stay.objects.open().filter(household=household).exists():
        raise AlreadyPlaced()
    stays = assign_place(household=household, unit=unit, beds=beds, uid=letter.uid, actor=actor, at=at)
    return _done(receipt, household, stays)


@atomic_again
def end_given(*, receipt: Receipt, reason: LeavingReason, destination: Destination, actor: Actor, at: datetime) -> None:
    """End those of the stays of `receipt` that are open, for the people of whom `actor` may still know, in whichever household by now.

    Judged under the lock: a stay that a desk began since is none of them. Raises NotAllowed, StayAlreadyEnded, EndsBeforeItBegins.
    """
    locked_units(Stay.objects.filter(pk__in=receipt.stays).values_list("unit_id", flat=True))
    households = {stay.household for stay in stays_of(receipt, actor).open()}
    if not households:
        raise StayAlreadyEnded()
    for household in sorted(households, key=lambda each: each.pk):
        end_stays(household=household, stays=receipt.stays, reason=reason, destination=destination, actor=actor, at=at)


def _keep(letter: Letter, actor: Actor, at: datetime) -> Receipt:
    with naming_violations({"api_receipt_once_per_id": AlreadySent}):
        return Receipt.objects.create(
            client_id=int(actor.id), kind=letter.kind, uid=letter.uid, digest=letter.digest, received_at=at
        )


def _done(receipt: Receipt, household: Household, stays: Sequence[Stay] = ()) -> Receipt:
    receipt.household, receipt.stays = household.uid, [stay.pk for stay in stays]
    receipt.save(update_fields=["household", "stays"])
    return receipt
