"""What follows from a merge, a parting or a joining: the shelter where somebody sleeps sees the file that stands."""

from uuid import UUID

from audit.handling import on
from audit.models import Event, EventType
from cases.actions.guests import host_at
from cases.following import follows
from cases.models import Household
from core.actors import Actor
from shelters.actions.following import carry_stays
from shelters.models import Stay

ACTOR = Actor.system("shelters")


@on(EventType.PEOPLE_MERGED, EventType.MERGE_UNDONE)
def follow_merge(event: Event) -> None:
    """Let both households, as far as they stand, be seen where their people sleep now."""
    uids = [uid for uid in (event.household, UUID(str(event.facts["other"]))) if uid]
    for household in Household.objects.visible_to(ACTOR).filter(uid__in=uids).order_by("pk"):
        stays = Stay.objects.open().filter(household=household).select_related("unit__shelter__site")
        stay = stays.order_by("begins_at", "pk").first()
        site = stay.unit.shelter.site if stay else None
        host_at(household=household, site=site, actor=ACTOR, at=event.occurred_at)


follows(carry_stays)
