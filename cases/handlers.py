"""What follows from what happened: whoever arrives or is corrected is compared with those who are known; cards end with a departure."""

from audit.handling import on
from audit.models import Event, EventType
from cases.actions.cards import void_card
from cases.actions.likeness import note_likenesses
from cases.models import GONE, Card, Person
from core.actors import Actor

ACTOR = Actor.system("likeness")
CARDS = Actor.system("cards")


@on(EventType.ARRIVAL_RECORDED, EventType.PERSON_CORRECTED)
def compare(event: Event) -> None:
    """Keep the pairs that a person must look at: of a household that arrived, or of the one who was corrected."""
    if event.household is None:
        return
    people = Person.objects.visible_to(ACTOR).filter(household__uid=event.household)
    if event.type == EventType.PERSON_CORRECTED:
        people = people.filter(pk=event.subject_id)
    note_likenesses(people=people.select_related("household"), actor=ACTOR, at=event.recorded_at)


@on(EventType.STEP_TAKEN)
def end_cards(event: Event) -> None:
    """Make the card of a household void that is gone: whoever finds it opens nothing."""
    if event.household is None or event.facts.get("step") not in GONE:
        return
    cards = Card.objects.standing().filter(household__uid=event.household, household__step__in=GONE)
    for card in cards.select_related("household"):
        void_card(card=card, reason=Card.VoidReason.DEPARTED, actor=CARDS, at=event.occurred_at)
