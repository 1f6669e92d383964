"""Summonses follow people who pass to another household; a hearing that concerns both stands in both files."""

from collections.abc import Sequence

from audit.actions import record
from audit.models import EventType
from cases.following import Passage
from hearings.models import Claim, Hearing, Summons

_COPIED = (
    "kind court_id location_id court_on court_time court_zone court_at report_crossing_id report_on report_time report_zone report_at "
    "report_basis present_at verified_at"
).split()


def carry_summonses(passage: Passage) -> None:
    """Give the hearings of those who pass to their new household, with every word of every source.

    One to which others of the old household are summoned too is copied; two at the same moment become one. A hearing that was held
    or cancelled stays in the file in which it was, unless everybody leaves that.
    """
    goers = [person.pk for person in passage.people]
    hearings = Hearing.objects.filter(household=passage.origin).select_for_update(of=("self",)).order_by("pk")
    for hearing in list(hearings if passage.is_whole else hearings.standing()):
        summoned = set(Summons.objects.filter(hearing=hearing).values_list("person_id", flat=True))
        if passage.is_whole or summoned & set(goers):
            _carry(hearing, sorted(summoned & set(goers)), bool(summoned - set(goers)), passage)


def _carry(hearing: Hearing, goers: Sequence[int], concerns_others: bool, passage: Passage) -> None:
    """Let the new household have `hearing`: its own, the twin that it has at that moment, or a copy."""
    twins = Hearing.objects.standing().filter(household=passage.into, court_at=hearing.court_at)
    twin = twins.first() if hearing.stands else None
    if twin is None and (passage.is_whole or not concerns_others):
        hearing.household = passage.into
        _changed(hearing, EventType.HEARING_CHANGED, passage)
        return
    is_copy = twin is None
    twin = twin or _copy(hearing, passage)
    Summons.objects.filter(hearing=hearing, person__in=goers).exclude(
        person__in=Summons.objects.filter(hearing=twin).values("person")
    ).update(hearing=twin)
    _changed(twin, EventType.HEARING_NOTED if is_copy else EventType.HEARING_CHANGED, passage)
    if concerns_others:
        _changed(hearing, EventType.HEARING_CHANGED, passage)
        return
    hearing.household, hearing.status = passage.into, Hearing.Status.CANCELLED
    _changed(hearing, EventType.HEARING_CANCELLED, passage)


def _copy(hearing: Hearing, passage: Passage) -> Hearing:
    """The same hearing of the new household, with all that is said about it."""
    twin = Hearing.objects.create(
        household=passage.into, version=0, **{name: getattr(hearing, name) for name in _COPIED}
    )
    claims = list(Claim.objects.filter(hearing=hearing).order_by("pk"))
    for claim in claims:
        claim.pk, claim.hearing = None, twin
        claim._state.adding = True
    Claim.objects.bulk_create(claims)
    return twin


def _changed(hearing: Hearing, event: EventType, passage: Passage) -> None:
    """A new version, so that reminders are planned anew for those who go."""
    hearing.version += 1
    hearing.save(update_fields=["household", "status", "version"])
    if hearing.stands or event is EventType.HEARING_CANCELLED:
        record(
            event,
            subject=hearing,
            actor=passage.actor,
            at=passage.at,
            household=hearing.household.uid,
            version=hearing.version,
        )
