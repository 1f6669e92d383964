"""Whoever speaks for people goes on doing so when they pass to another household."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.following import Passage
from core.actors import Actor
from hearings.models import Representation

# What makes two records one representative.
_SAME = ("kind", "name", "organisation", "form", "scope")
_COPIED = (*_SAME, "phone", "email", "filed_on", "since", "noted_by")


@transaction.atomic
def carry_representations(*, passage: Passage, actor: Actor, at: datetime) -> None:
    """Let representatives of those who pass stand in the new household's file; one who stays with others stands in both.

    Two records of one representative become one there. What was ended stays where it was, unless everybody leaves that file.
    """
    theirs = Representation.objects.filter(household=passage.origin).select_for_update(of=("self",)).order_by("pk")
    goers = {person.pk for person in passage.people}
    for noted in list(theirs if passage.is_whole else theirs.standing()):
        people = set(noted.represented.values_list("person_id", flat=True))
        if passage.is_whole or people & goers:
            for event, changed, facts in _carry(noted, people, goers, passage, at):
                record(event, subject=changed, actor=actor, at=at, household=changed.household.uid, **facts)


def _carry(
    noted: Representation, people: set[int], goers: set[int], passage: Passage, at: datetime
) -> Iterator[tuple[EventType, Representation, dict[str, Any]]]:
    """Move, join or copy one record; what happened to which."""
    stays = bool(people - goers) and not passage.is_whole
    twin = _twin(noted, passage) if noted.stands else None
    if twin is None and not stays:
        noted.household = passage.into
        noted.save(update_fields=["household"])
        yield EventType.REPRESENTATION_CORRECTED, noted, {"changed": ["household"]}
        return
    is_copy = twin is None
    twin = twin or _copy(noted, passage)
    known = twin.represented.values("person")
    noted.represented.filter(person__in=people & goers).exclude(person__in=known).update(representation=twin)
    noted.represented.filter(person__in=goers).delete()
    if is_copy:
        yield EventType.REPRESENTATION_NOTED, twin, {"kind": twin.kind, "people": len(people & goers)}
    else:
        yield EventType.REPRESENTATION_CORRECTED, twin, {"changed": ["people"]}
    if stays:
        yield EventType.REPRESENTATION_CORRECTED, noted, {"changed": ["people"]}
        return
    noted.household, noted.ending, noted.ended_at = passage.into, Representation.Ending.REPLACED, at
    noted.ended_on = max(noted.since, passage.into.day_at(at))
    noted.save(update_fields=["household", "ending", "ended_at", "ended_on"])
    yield EventType.REPRESENTATION_ENDED, noted, {"ending": noted.ending}


def _twin(noted: Representation, passage: Passage) -> Representation | None:
    """The same representative, who stands in the new household already; names are encrypted, so they are compared here."""
    standing = Representation.objects.standing().filter(household=passage.into).order_by("pk")
    return next((each for each in standing if all(getattr(each, name) == getattr(noted, name) for name in _SAME)), None)


def _copy(noted: Representation, passage: Passage) -> Representation:
    """The same representative for those who go; whether we may speak with them is asked anew."""
    return Representation.objects.create(household=passage.into, **{name: getattr(noted, name) for name in _COPIED})
