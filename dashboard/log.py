"""The two logs as one list: deeds and reads by the moment at which the database had them, newest first.

Pages are cut by a keyset over (moment, log, id), so that page 2,000 costs as much as page 1.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Literal, TypeVar

from django.db.models import Count, Model, Q, QuerySet

from audit.models import Event, EventType, Read
from cases.models import Household
from core.actors import Actor
from core.inputs import key_asked
from core.keyset import cursor_of, place_of
from dashboard import words

PAGE_SIZE = 50
SHOWN_CODES = 3
Kind = Literal["deed", "read"]
Place = tuple[datetime, Kind, int]  # where a line stands: its moment, its log, its id
Entry = tuple[Place, Event | Read]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. `households` are (uid, code) of those it is about, at most `SHOWN_CODES`; `more` counts the rest.

    `occurred_at` differs from `at` where a deed was recorded later than it happened.
    """

    kind: Kind
    at: datetime
    occurred_at: datetime
    who: str
    by: str
    what: str
    detail: str
    households: tuple[tuple[uuid.UUID, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `PAGE_SIZE` lines, and the cursor of the next page (empty on the last)."""

    lines: tuple[Line, ...]
    next_cursor: str


def code_of(household: uuid.UUID, *, actor: Actor) -> str | None:
    """The case code under which `actor` reads the log of `household`, or None where there is nothing to read."""
    return Household.objects.codes_for_audit(actor, [household]).get(household)


def page_of(*, actor: Actor, cursor: str = "", household: uuid.UUID | None = None) -> Page:
    """The lines after `cursor` that `actor` may read, of all or of one `household`. Three queries."""
    events, reads = Event.objects.visible_to(actor), Read.objects.visible_to(actor)
    if household is not None:
        events, reads = events.of_household(household), reads.of_household(household)
    after = _place_named(cursor)
    deeds: list[Entry] = [((e.recorded_at, "deed", e.pk), e) for e in _next(events, "recorded_at", "deed", after)]
    looks: list[Entry] = [((r.at, "read", r.pk), r) for r in _next(reads, "at", "read", after)]
    found = list(islice(merge(deeds, looks, key=lambda entry: entry[0], reverse=True), PAGE_SIZE + 1))
    rows = [row for _, row in found[:PAGE_SIZE]]
    codes = Household.objects.codes_for_audit(actor, _uids_of(rows))
    lines = tuple(_line(row, codes) for row in rows)
    return Page(lines=lines, next_cursor=cursor_of(*found[PAGE_SIZE - 1][0]) if len(found) > PAGE_SIZE else "")


def _next(rows: QuerySet[Row], moment: str, kind: Kind, after: Place | None) -> Sequence[Row]:
    """The next rows of one log after the place `after`; "read" stands before "deed" at the same moment."""
    if after is not None:
        at, after_kind, key = after
        ties = Q(pk__in=[])
        if kind <= after_kind:
            ties = Q(**{moment: at, "pk__lt": key}) if kind == after_kind else Q(**{moment: at})
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | ties, **{f"{moment}__lte": at})
    return list(rows.order_by(f"-{moment}", "-pk")[: PAGE_SIZE + 1])


def _uids_of(rows: Iterable[Event | Read]) -> set[uuid.UUID]:
    return {uid for row in rows for uid in _households(row)[:SHOWN_CODES]}


def _households(row: Event | Read) -> list[uuid.UUID]:
    if isinstance(row, Read):
        return row.households
    return [] if row.household is None else [row.household]


def _line(row: Event | Read, codes: dict[uuid.UUID, str]) -> Line:
    about = _households(row)
    shown = tuple((uid, codes[uid]) for uid in about[:SHOWN_CODES] if uid in codes)
    is_read = isinstance(row, Read)
    return Line(
        kind="read" if is_read else "deed",
        at=row.at if isinstance(row, Read) else row.recorded_at,
        occurred_at=row.at if isinstance(row, Read) else row.occurred_at,
        who=row.actor_name,
        by=words.of_actor(row.actor_kind),
        what=words.of_page(row.page) if isinstance(row, Read) else words.of_event(row),
        detail="" if isinstance(row, Read) else words.of_facts(row.facts),
        households=shown,
        more=len(about) - len(shown),
    )


def _place_named(cursor: str) -> Place | None:
    """The place that a cursor names. One that cannot be read is taken as the first page."""
    place = place_of(cursor)
    if place is None or len(place[1]) != len(("kind", "key")):
        return None
    kind, key = place[1][0], key_asked(place[1][1])
    return None if key is None else (place[0], "read" if kind == "read" else "deed", key)


@dataclass(frozen=True, slots=True)
class Day:
    """The log of one day in three figures."""

    deeds: int
    looks: int
    refused: int


def day_of(*, actor: Actor, now: datetime) -> Day:
    """What the log of the last 24 hours holds for `actor`. Two queries."""
    since = now - timedelta(days=1)
    events = Event.objects.visible_to(actor).filter(recorded_at__gte=since)
    refused = Q(type=EventType.SIGN_IN_REFUSED)
    counted = events.aggregate(deeds=Count("pk"), refused=Count("pk", filter=refused))
    return Day(counted["deeds"], Read.objects.visible_to(actor).since(since).count(), counted["refused"])
