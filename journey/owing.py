"""What a household's file still owes, kept beside the household, so that the list of incomplete files is an index scan.

The arrival writes what it owes in its own transaction (`cases.actions.arrivals`): no file is missing from the list, even with the
worker away. Each later deed is followed here: a line may stay on the list a moment too long, never leave it too early.
"""

from uuid import UUID

from cases.intake import owed_of
from cases.models import Household
from core.actors import Actor
from hearings.models import Hearing

ACTOR = Actor.system("owing")


def settle(uid: UUID) -> None:
    """Count anew what the household `uid` owes, inside the transaction of whoever asks."""
    household = Household.objects.visible_to(ACTOR).select_for_update(no_key=True).filter(uid=uid).first()
    if household is None:
        return
    owed = owed_of(
        household.people.all(),
        answered=household.consents.filter(withdrawn_at=None).values_list("purpose", flat=True),
        has_hearing=Hearing.objects.visible_to(ACTOR).standing().filter(household=household).exists(),
    )
    if owed != household.owed:
        Household.objects.filter(pk=household.pk).update(owed=owed)
