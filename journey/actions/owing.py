"""What a household's file still owes, kept beside the household, so that the list of incomplete files is an index scan.

The arrival writes what it owes in its own transaction (`cases.actions.arrivals`): no file is missing from the list, even with the
worker away. Each later deed is followed here: a line may stay on the list a moment too long, never leave it too early.
"""

from datetime import datetime
from uuid import UUID

from cases.intake import owed_of
from cases.models import Household
from core.actors import Actor
from hearings.models import Hearing


def settle_owed(*, household: UUID, actor: Actor, at: datetime) -> None:
    """Count anew what the file of `household` owes at `at`, inside the transaction of whoever asks. No deed of its own: no event."""
    file = (
        Household.objects.visible_to(actor).select_for_update(no_key=True, of=("self",)).filter(uid=household).first()
    )
    if file is None:
        return
    owed = owed_of(
        file.people.all(),
        answered=file.consents.filter(withdrawn_at=None).values_list("purpose", flat=True),
        has_hearing=Hearing.objects.visible_to(actor).standing().filter(household=file).exists(),
    )
    if owed != file.owed:
        Household.objects.filter(pk=file.pk).update(owed=owed)
