"""What follows from an arrival: it is compared with the list of its day, in the transaction that marks the event dispatched."""

from uuid import UUID

from audit.handling import on
from audit.models import Event, EventType
from cases.models import Arrival
from core.actors import Actor
from expected.actions.matching import compare_arrivals, compare_files

ACTOR = Actor.system("expected")


@on(EventType.ARRIVAL_RECORDED)
def compare_with_list(event: Event) -> None:
    """Look whether authorities announced them."""
    compare_arrivals(arrivals=[event.subject_id], actor=ACTOR, at=event.recorded_at)


@on(EventType.PERSON_CORRECTED)
def compare_again(event: Event) -> None:
    """A name or a number that is right now may be the one on the list."""
    if event.household is None:
        return
    arrivals = Arrival.objects.visible_to(ACTOR).filter(household__uid=event.household)
    compare_arrivals(arrivals=arrivals.values_list("pk", flat=True), actor=ACTOR, at=event.recorded_at)


@on(EventType.PEOPLE_MERGED, EventType.MERGE_UNDONE)
def compare_merged(event: Event) -> None:
    """What was said of one file holds for both while they are one."""
    files = [uid for uid in (event.household, UUID(str(event.facts["other"]))) if uid]
    compare_files(files=files, actor=ACTOR, at=event.recorded_at)
