"""Who sits where in a household: place and relation to the head, before and after a parting or a joining. Parts of those deeds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.kinship import seen_from
from cases.models import Household, Person, Regrouping, Relation

Seats = Sequence[tuple[int, str]]  # keys of people with their relation to the head, in their order

# Kept out of the way while people change seats: the database lets nobody share one.
STANDING_BY = 10_000


def seats_now(people: Sequence[Person]) -> dict[str, Any]:
    """Where everybody sits, by their key."""
    return {
        str(person.pk): {"of": person.household_id, "relation": person.relation, "position": person.position}
        for person in people
    }


def under_a_head(people: Sequence[Person], day: date) -> list[tuple[int, str]]:
    """`people` as a household with a head: theirs, else the first adult, else the first; relations seen from there."""
    heads = [person for person in people if person.relation == Relation.HEAD]
    adults = [person for person in people if not person.is_minor_on(day)]
    head = (heads or adults or list(people))[0]
    others = [person for person in people if person != head]
    viewer = Relation(head.relation)
    return [
        (head.pk, Relation.HEAD),
        *((person.pk, seen_from(viewer, Relation(person.relation))) for person in others),
    ]


def seat(household: Household, seats: Seats) -> None:
    """Seat people in `household`, in this order."""
    for place, (key, _relation) in enumerate(seats, start=STANDING_BY):
        Person.objects.filter(pk=key).update(household=household, position=place, relation=Relation.UNRELATED)
    taken = set(Person.objects.filter(household=household, position__lt=STANDING_BY).values_list("position", flat=True))
    free = (place for place in range(1, STANDING_BY) if place not in taken)
    for (key, relation), place in zip(seats, free, strict=False):
        Person.objects.filter(pk=key).update(position=place, relation=relation)


def seat_as_before(regrouping: Regrouping, people: Sequence[Person], origin: Household, into: Household) -> None:
    """Seat everybody as they sat; one who moved elsewhere since stays there, a place that was taken since is not asked back."""
    homes = {origin.pk: origin, into.pk: into}
    here = [person for person in people if person.household_id in homes]
    before: Mapping[str, Any] = regrouping.before
    order = sorted(here, key=lambda person: before[str(person.pk)]["position"])
    for key, home in homes.items():
        mine = [person for person in order if before[str(person.pk)]["of"] == key]
        seat(home, [(person.pk, before[str(person.pk)]["relation"]) for person in mine])
