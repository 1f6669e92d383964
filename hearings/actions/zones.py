"""Zone tables change: a wall time on a paper then means another moment. Found, applied as a change, and listed for somebody to look at."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.policies import check_can_administer
from hearings import policies, rules
from hearings.actions.hearings import REFUSALS, keep, locked, record_hearing
from hearings.actions.resolving import resolved, shown
from hearings.models import Hearing, ZoneShift
from places import zones

ZONES = Actor.system("zones")
# By how much the clocks of a place were ever moved, and more: a hearing that was just over may be ahead by the new rules.
MARGIN = timedelta(days=1)


def recheck_zones(*, actor: Actor, at: datetime) -> int:
    """Bring every standing hearing ahead in line with the zone tables of today; returns how many were found to mean another moment.

    The paper's wall times stay, their moments move: each is a change of its own, with a new version, so that people are told.
    Where the tables skip a wall time, or bridge and court would change order, nothing moves and somebody is asked to look. One that was
    never worked out (`zone_data` empty, as a migration leaves it when the rule of sources changes) is worked out by the way.
    May run any number of times. Raises NotAllowed.
    """
    check_can_administer(actor)
    _moment_of.cache_clear()
    return sum(_follow(key, actor, at) for key in list(_stale(at)))


def see_shift(*, shift: ZoneShift, actor: Actor, at: datetime) -> ZoneShift:
    """Note that somebody looked at what the newer tables did to a hearing, and took care of it. Twice changes nothing.

    Raises NotAllowed.
    """
    policies.check_can_change(actor, shift.hearing.household)
    with transaction.atomic():
        if ZoneShift.objects.filter(pk=shift.pk, seen_at=None).update(seen_at=at, seen_by=actor.id):
            record_hearing(EventType.HEARING_ZONES_SEEN, shift.hearing, actor=actor, at=at)
    shift.refresh_from_db()
    return shift


def _stale(at: datetime) -> Iterator[int]:
    """The keys of standing hearings ahead whose moments are not what their wall times mean today, or were never worked out."""
    court = ("court_on", "court_time", "court__zone", "court_at")
    bridge = ("report_on", "report_time", "report_crossing__city__zone", "report_at")
    ahead = Hearing.objects.standing().filter(Q(present_at__gte=at - MARGIN) | Q(zone_data=""))
    for row in ahead.order_by("present_at", "pk").values("pk", "zone_data", *court, *bridge).iterator():
        if not row["zone_data"] or any(_means_another(*(row[name] for name in side)) for side in (court, bridge)):
            yield row["pk"]


def _means_another(day: date | None, clock: time | None, zone: str | None, moment: datetime | None) -> bool:
    if day is None or clock is None or not zone:
        return False
    return _moment_of(day, clock, zone) != moment


@lru_cache(maxsize=100_000)
def _moment_of(day: date, clock: time, zone: str) -> datetime | None:
    """The moment that a wall time means, None where the clocks skip it. A few thousand wall times make up all hearings."""
    try:
        return zones.wall_to_utc(rules.wall(day, clock), zone)
    except zones.NonexistentTime:
        return None


def _follow(key: int, actor: Actor, at: datetime) -> bool:
    """Work one hearing out anew; whether it means another moment now, or cannot be kept as it stands."""
    stale = Hearing.objects.get(pk=key)
    try:
        return _apply(stale, actor, at)
    except DomainError:
        return _list(stale, None, at)


@transaction.atomic
def _apply(stale: Hearing, actor: Actor, at: datetime) -> bool:
    before = locked(stale)
    was_shown = shown(before)
    with naming_violations(REFUSALS):
        hearing = resolved(before, at)
        changed = keep(hearing, was_shown)
    if not changed:
        return False
    by_zones = _was_moved(before)
    record_hearing(EventType.HEARING_CHANGED, hearing, actor=actor, at=at, cause="zones" if by_zones else "weighed")
    is_other_moment = (hearing.court_at, hearing.report_at) != (before.court_at, before.report_at)
    return by_zones and is_other_moment and _list(before, hearing, at)


def _was_moved(hearing: Hearing) -> bool:
    """Whether a wall time that stood there means another moment by the tables of today; else its sources were weighed anew."""
    court = (hearing.court_on, hearing.court_time, hearing.court.zone, hearing.court_at)
    bridge = (hearing.report_on, hearing.report_time, hearing.bridge_zone, hearing.report_at)
    return _means_another(*court) or _means_another(*bridge)


def _list(before: Hearing, after: Hearing | None, at: datetime) -> bool:
    """Keep what the newer tables did to a hearing, once; whether that is new."""
    edition = zones.edition()
    _shift, is_new = ZoneShift.objects.get_or_create(
        hearing=before,
        edition_after=edition,
        court_before=before.court_at,
        report_before=before.report_at,
        defaults={
            "edition_before": before.zone_data,
            "court_after": after.court_at if after else None,
            "report_after": after.report_at if after else None,
            "found_at": at,
        },
    )
    return is_new
