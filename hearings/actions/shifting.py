"""Writing what a postponement does to many hearings, and taking it back. For `postponements`, in their transactions.

Hearings are written in waves: one that moves to a moment from which another of its household has yet to go comes after it, since the
database allows no two at one moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from audit.actions import Happening, record_all
from audit.models import EventType
from core.actors import Actor
from core.progress import Progress
from core.rows import update_rows
from hearings.foreseeing import Foreseen
from hearings.models import Claim, Hearing, Postponement, PostponementLine
from places import zones

ROWS_PER_QUERY = 500
STEPS = 5  # of which each is told when it is done
Fate = PostponementLine.Fate
_MOVED = (
    "court_on court_time court_at report_on report_time report_zone report_at report_basis present_at conflicts contended_at zone_data "
    "verified_at held_until restored version"
).split()


@transaction.atomic
def move_hearings(*, postponement: Postponement, foreseen: Sequence[Foreseen], actor: Actor, at: datetime) -> int:
    """Give the hearings that move their new dates, as the announcement's word; returns how many."""
    moving = [each for each in foreseen if not each.line.refusal]
    claims = [claim for each in moving for claim in each.claims]
    for claim in claims:
        claim.pk, claim.postponement = None, postponement
        claim._state.adding = True
    progress = Progress(postponement.work, begins=40)
    Claim.objects.bulk_create(claims, batch_size=ROWS_PER_QUERY)
    progress.tell(1, STEPS)
    lines = {line.hearing_id: line for line in PostponementLine.objects.filter(postponement=postponement).moving()}
    hearings = _with_words(lines)
    for hearing in hearings:
        line = lines[hearing.pk]
        _show(hearing, line.to_at, line.report_to_at, line.basis_to, line.report_zone)
        hearing.verified_at, hearing.held_until = None, postponement.held_until
        hearing.version += 1
        line.fate, line.moved_version = Fate.MOVED, hearing.version
        line.last_claim = max(claim.pk for claim in hearing.claims.all())
    progress.tell(2, STEPS)
    _write(hearings, {line.hearing_id: line.from_at for line in lines.values()})
    progress.tell(3, STEPS)
    update_rows(lines.values(), ["fate", "moved_version", "last_claim"])
    progress.tell(4, STEPS)
    held = postponement.held_until
    _record(postponement, hearings, actor, at, held_until=held.isoformat() if held else None)
    return len(hearings)


@transaction.atomic
def bring_hearings_back(*, postponement: Postponement, actor: Actor, at: datetime) -> tuple[int, int]:
    """Give the hearings of `postponement` their old dates; returns how many, and how many stay because of what happened since."""
    lines = {line.hearing_id: line for line in PostponementLine.objects.filter(postponement=postponement).moving()}
    back = _that_may_return(lines, at)
    is_free = postponement.held_until is not None and at < postponement.held_until
    Claim.objects.filter(postponement=postponement, hearing__in=back).counting().update(retracted_at=at)
    progress = Progress(postponement.work)
    progress.tell(1, STEPS)
    hearings = _with_words(back)
    progress.tell(2, STEPS)
    for hearing in hearings:
        line = back[hearing.pk]
        zone = line.report_zone if line.report_from_at else ""
        _show(hearing, line.from_at, line.report_from_at, line.basis_from, zone)
        hearing.verified_at, hearing.held_until = line.verified_at, None
        hearing.version += 1
        if is_free:
            hearing.restored = {**hearing.restored, str(hearing.version): line.version}
    for key, line in lines.items():
        line.fate = Fate.RESTORED if key in back else Fate.LEFT
    _write(hearings, {key: line.to_at for key, line in back.items() if line.to_at})
    progress.tell(3, STEPS)
    update_rows(lines.values(), ["fate"])
    progress.tell(4, STEPS)
    since = postponement.applied_at if is_free else None
    _record(postponement, hearings, actor, at, cause="undone", since=since.isoformat() if since else None)
    return len(back), len(lines) - len(back)


def _that_may_return(lines: Mapping[int, PostponementLine], at: datetime) -> dict[int, PostponementLine]:
    """The lines whose hearings nobody changed or confirmed since, and whose old date is still ahead and free."""
    newest = dict(
        Claim.objects.filter(hearing__in=lines)
        .order_by("hearing_id", "-pk")
        .distinct("hearing_id")
        .values_list("hearing_id", "pk")
    )
    now = {hearing.pk: hearing for hearing in Hearing.objects.filter(pk__in=lines).standing()}
    back = {
        key: lines[key]
        for key, hearing in now.items()
        if hearing.version == lines[key].moved_version
        and newest.get(key) == lines[key].last_claim
        and (lines[key].report_from_at or lines[key].from_at) > at
    }
    others = Hearing.objects.filter(household__in={hearing.household_id for hearing in now.values()}).standing()
    taken = set(others.exclude(pk__in=back).values_list("household_id", "court_at"))
    return {key: line for key, line in back.items() if (now[key].household_id, line.from_at) not in taken}


def _with_words(keys: Mapping[int, PostponementLine]) -> list[Hearing]:
    """The hearings with all that is said about them now."""
    hearings = Hearing.objects.filter(pk__in=keys).select_related("household", "report_crossing__city", "court")
    return list(hearings.prefetch_related("claims").order_by("pk"))


def _show(
    hearing: Hearing, court_at: datetime | None, report_at: datetime | None, basis: str, report_zone: str
) -> None:
    """Let `hearing` stand at these moments."""
    if court_at is None:
        raise ValueError("a hearing without a court time")
    wall = zones.local(court_at, hearing.court_zone)
    hearing.court_at, hearing.court_on, hearing.court_time = court_at, wall.date(), wall.time()
    hearing.report_at, hearing.report_basis, hearing.report_zone = report_at, basis, report_zone
    at_bridge = zones.local(report_at, report_zone) if report_at else None
    hearing.report_on, hearing.report_time = (at_bridge.date(), at_bridge.time()) if at_bridge else (None, None)
    hearing.present_at = report_at or court_at
    hearing.conflicts, hearing.contended_at = hearing.conflicting_facts(), hearing.first_contending()
    hearing.zone_data = zones.edition()


def _write(hearings: Sequence[Hearing], before: Mapping[int, datetime]) -> None:
    for wave in _waves(hearings, before):
        update_rows(wave, _MOVED)


def _waves(hearings: Sequence[Hearing], before: Mapping[int, datetime]) -> Iterator[list[Hearing]]:
    waiting = list(hearings)
    while waiting:
        taken = {(each.household_id, before[each.pk]) for each in waiting}
        wave = [each for each in waiting if (each.household_id, each.court_at) not in taken]
        yield wave or waiting
        written = {each.pk for each in wave or waiting}
        waiting = [each for each in waiting if each.pk not in written]


def _record(
    postponement: Postponement, hearings: Sequence[Hearing], actor: Actor, at: datetime, **facts: str | None
) -> None:
    """One event a hearing: what hears of it plans and withdraws messages."""
    happenings = [
        Happening(
            hearing,
            at,
            hearing.household.uid,
            {
                "version": hearing.version,
                "source": Claim.Source.ANNOUNCEMENT.value,
                "postponement": postponement.pk,
                **facts,
            },
        )
        for hearing in hearings
    ]
    record_all(EventType.HEARING_CHANGED, happenings, actor=actor)
