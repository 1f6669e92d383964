"""Noting who may be the same person, and what somebody judged of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.likeness import Reason, alike, are_likely, likely_same
from cases.models import Likeness, Person
from core.actors import Actor


@transaction.atomic
def note_likenesses(*, people: Iterable[Person], actor: Actor, at: datetime) -> int:
    """Look for others who may be each of `people`, and keep the pairs for a person to judge; returns how many there are.

    A pair that was judged stays as it was. `actor` is the system's: pairs across sites are kept too, and shown to nobody who does
    not see both.
    """
    rows = [
        Likeness(
            one_id=min(person.pk, found.person.pk),
            other_id=max(person.pk, found.person.pk),
            score=found.score,
            reasons=[reason.value for reason in found.alike.reasons],
            found_at=at,
        )
        for person in people
        for found in likely_same(person, actor=actor, besides=[person.pk])
        if are_likely(person, found.person, found.alike)
    ]
    pairs = {(row.one_id, row.other_id): row for row in rows}
    Likeness.objects.bulk_create(
        pairs.values(),
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["score", "reasons"],
    )
    return len(pairs)


@transaction.atomic
def tell_apart(*, one: Person, other: Person, actor: Actor, at: datetime) -> Likeness:
    """Remember that `one` and `other` are two people: the pair is never offered again. Raises NotAllowed."""
    policies.check_can_compare(actor, one.household, other.household)
    first, second = sorted((one, other), key=lambda person: person.pk)
    found = alike(first, second)
    likeness, _ = Likeness.objects.get_or_create(
        one=first,
        other=second,
        defaults={"score": found.score, "reasons": [Reason(each).value for each in found.reasons], "found_at": at},
    )
    Likeness.objects.filter(pk=likeness.pk).update(judged_at=at, judged_by=actor.name[:80] or actor.id)
    record(EventType.TOLD_APART, subject=one, actor=actor, at=at, household=one.household.uid, score=found.score)
    likeness.refresh_from_db()
    return likeness
