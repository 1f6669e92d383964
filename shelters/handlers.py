"""What follows from a merge, a parting or a joining: the shelter where somebody sleeps sees the file that stands."""

from uuid import UUID

from audit.handling import on
from audit.models import Event, EventType
from cases.following import follows
from cases.models import Household
from core.actors import Actor
from shelters.actions.following import carry_stays, show_to_host

ACTOR = Actor.system("shelters")


@on(EventType.PEOPLE_MERGED, EventType.MERGE_UNDONE)
def follow_merge(event: Event) -> None:
    """Let both households, as far as they stand, be seen where their people sleep now."""
    uids = [uid for uid in (event.household, UUID(str(event.facts["other"]))) if uid]
    for household in Household.objects.visible_to(ACTOR).filter(uid__in=uids).order_by("pk"):
        show_to_host(household=household, actor=ACTOR, at=event.occurred_at)


follows(carry_stays)
