"""What follows from what happened: whoever arrives or is corrected is compared with those who are known."""

from audit.handling import on
from audit.models import Event, EventType
from cases.actions.likeness import note_likenesses
from cases.models import Person
from core.actors import Actor

ACTOR = Actor.system("likeness")


@on(EventType.ARRIVAL_RECORDED, EventType.PERSON_CORRECTED)
def compare(event: Event) -> None:
    """Keep the pairs that a person must look at: of a household that arrived, or of the one who was corrected."""
    people = Person.objects.visible_to(ACTOR).filter(household__uid=event.household)
    if event.type == EventType.PERSON_CORRECTED:
        people = people.filter(pk=event.subject_id)
    note_likenesses(people=people.select_related("household"), actor=ACTOR, at=event.recorded_at)
