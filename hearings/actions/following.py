"""Summonses follow people who pass to another household; a hearing that concerns both stands in both files."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.following import Passage
from core.actors import Actor
from hearings.models import Claim, Hearing, Summons

_COPIED = (
    "kind court_id location_id court_on court_time court_zone court_at report_crossing_id report_on report_time report_zone report_at "
    "report_basis judge interpreter present_at conflicts contended_at zone_data verified_at"
).split()


@transaction.atomic
def carry_summonses(*, passage: Passage, actor: Actor, at: datetime) -> None:
    """Give the hearings of those who pass to their new household, with every word of every source.

    One to which others of the old household are summoned too is copied; two at the same moment become one. A hearing that was held
    or cancelled stays in the file in which it was, unless everybody leaves that.
    """
    goers = [person.pk for person in passage.people]
    hearings = Hearing.objects.filter(household=passage.origin).select_for_update(of=("self",)).order_by("pk")
    for hearing in list(hearings if passage.is_whole else hearings.standing()):
        summoned = set(Summons.objects.filter(hearing=hearing).values_list("person_id", flat=True))
        if passage.is_whole or summoned & set(goers):
            for event, changed in _carry(hearing, sorted(summoned & set(goers)), bool(summoned - set(goers)), passage):
                _record(event, changed, actor, at)


def _carry(
    hearing: Hearing, goers: Sequence[int], concerns_others: bool, passage: Passage
) -> list[tuple[EventType, Hearing]]:
    """Let the new household have `hearing`: its own, the twin that it has at that moment, or a copy. What happened to which."""
    twins = Hearing.objects.standing().filter(household=passage.into, court_at=hearing.court_at)
    twin = twins.first() if hearing.stands else None
    if twin is None and (passage.is_whole or not concerns_others):
        hearing.household = passage.into
        return [(EventType.HEARING_CHANGED, hearing)]
    is_copy = twin is None
    twin = twin or _copy(hearing, passage)
    Summons.objects.filter(hearing=hearing, person__in=goers).exclude(
        person__in=Summons.objects.filter(hearing=twin).values("person")
    ).update(hearing=twin)
    told = (EventType.HEARING_NOTED if is_copy else EventType.HEARING_CHANGED, twin)
    if concerns_others:
        return [told, (EventType.HEARING_CHANGED, hearing)]
    hearing.household, hearing.status = passage.into, Hearing.Status.CANCELLED
    return [told, (EventType.HEARING_CANCELLED, hearing)]


def _copy(hearing: Hearing, passage: Passage) -> Hearing:
    """The same hearing of the new household, with all that is said about it."""
    twin = Hearing.objects.create(
        household=passage.into, version=0, **{name: getattr(hearing, name) for name in _COPIED}
    )
    claims = list(Claim.objects.filter(hearing=hearing).order_by("pk"))
    copies: dict[int | None, Claim] = {None: Claim()}
    # What a decision regards stands before it, so that the copy of the one finds the copy of the other.
    for claim in claims:
        known_as, regarded = claim.pk, claim.regards_id
        claim.pk, claim.hearing, claim.regards_id = None, twin, copies[regarded].pk
        claim._state.adding = True
        claim.save()
        copies[known_as] = claim
    return twin


def _record(event: EventType, hearing: Hearing, actor: Actor, at: datetime) -> None:
    """Keep it as a new version, so that reminders are planned anew for those who go."""
    hearing.version += 1
    hearing.save(update_fields=["household", "status", "version"])
    if hearing.stands or event is EventType.HEARING_CANCELLED:
        record(
            event,
            subject=hearing,
            actor=actor,
            at=at,
            household=hearing.household.uid,
            version=hearing.version,
        )
