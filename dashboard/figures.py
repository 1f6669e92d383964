"""The counts of Today, each asked of the database in one query however many people there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from cases.models import AT_RECEPTION, WITHOUT_PLACE, CovidTest, Household
from cases.rules import ISOLATION_DAYS, isolation_day
from cases.states import Step
from core.actors import Actor, Capability
from core.look import Wait, wait_of
from core.questions import question
from journey.access_list import waiting_requests
from journey.board import Lane
from journey.worklists import Due, due_soon
from messaging.health import is_too_old
from messaging.models import Heartbeat, Message
from messaging.sweeping import NAME
from places import zones
from shelters import rules
from shelters.freshness import OLD_AFTER
from shelters.models import Unit
from shelters.rules import Kind
from tablets.models import Conflict

MOST_ROWS = 5
COUNTED = ("what", "n", "oldest", "today")  # the columns of a count on the board


# ---- reception


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many families wait in a lane of the reception board, and how long the first of them."""

    lane: Lane
    families: int
    longest: Wait | None
    day: int | None

    @property
    def days(self) -> int:
        """How many days isolation lasts."""
        return ISOLATION_DAYS


@dataclass(frozen=True, slots=True)
class Reception:
    """The board in five figures."""

    lanes: tuple[Waiting, ...]
    arrived_today: int
    conflicts: int = 0
    asked: int = 0
    due: Due = field(default_factory=Due)

    @property
    def families(self) -> int:
        """How many families are still at reception."""
        return sum(waiting.families for waiting in self.lanes)

    @property
    def slowest(self) -> Waiting | None:
        """The lane with the longest wait; isolation is no wait."""
        waits = [waiting for waiting in self.lanes if waiting.longest and waiting.lane != Lane.ISOLATED]
        return max(waits, key=lambda waiting: waiting.longest.minutes if waiting.longest else 0, default=None)


def reception_now(*, actor: Actor, now: datetime, zone: str) -> Reception:
    """What the board and the lists beside it hold for `actor` at `now`, counted; "today" is that of `zone`. One query."""
    day_began = zones.day_begins(zones.local(now, zone).date(), zone)
    known = Household.objects.visible_to(actor).worked_by(actor).filter(AT_RECEPTION | Q(arrived_at__gte=day_began))
    beside = {
        **due_soon(actor=actor, now=now, zone=zone),
        "conflicts": Conflict.objects.visible_to(actor).open(),
        "asked": waiting_requests(actor),
    }
    counted = (_counted(what, those) for what, those in beside.items())
    rows = {row["what"]: row for row in _by_lane(known, day_began).union(*counted, all=True)}
    counts = {what: rows[what]["n"] if what in rows else 0 for what in beside}
    return Reception(
        lanes=tuple(_waiting(lane, rows.get(lane), now, zone) for lane in Lane),
        arrived_today=sum(row["today"] for row in rows.values()),
        conflicts=counts["conflicts"],
        asked=counts["asked"],
        due=Due(**{what: counts[what] for what in ("papers", "retests", "cleared")}),
    )


def _by_lane(known: QuerySet[Household], day_began: datetime) -> QuerySet[Any, dict[str, Any]]:
    """One row a lane.

    The cases are those of `journey.board`, in its order; a test holds the two together.
    """
    awaited = Exists(CovidTest.objects.filter(person__household=OuterRef("pk"), result=""))
    lane = Case(
        When(step=Step.ISOLATED, then=Value(Lane.ISOLATED.value)),
        When(WITHOUT_PLACE, then=Value(Lane.TO_PLACE.value)),
        When(AT_RECEPTION & awaited, then=Value(Lane.TESTING.value)),
        When(step=Step.DOCUMENTED, then=Value(Lane.DOCUMENTED.value)),
        When(step=Step.RECEIVED, then=Value(Lane.RECEIVED.value)),
        default=Value(""),
    )
    by_lane = known.order_by().values(what=lane)
    counted: QuerySet[Any, dict[str, Any]] = by_lane.annotate(
        n=Count("pk"), oldest=Min("step_at"), today=Count("pk", filter=Q(arrived_at__gte=day_began))
    ).values(*COUNTED)
    return counted


def _counted(what: str, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """One row like those of `_by_lane` with how many `rows` there are; none where there is nothing."""
    named = rows.order_by().values(what=Value(what, output_field=CharField()))
    never = Value(None, output_field=DateTimeField())
    counted: QuerySet[Any, dict[str, Any]] = named.annotate(n=Count("pk"), oldest=never, today=Value(0)).values(
        *COUNTED
    )
    return counted


def _waiting(lane: Lane, row: Mapping[str, Any] | None, now: datetime, zone: str) -> Waiting:
    if row is None:
        return Waiting(lane, 0, None, None)
    oldest: datetime = row["oldest"]
    today, begun_on = (zones.local(moment, zone).date() for moment in (now, oldest))
    day = isolation_day(today, begun_on) if lane == Lane.ISOLATED else None
    return Waiting(lane, row["n"], wait_of(oldest, now), day)


# ---- free places


@dataclass(frozen=True, slots=True)
class FreeRow:
    """Free places of a city or of a shelter by kind; None where it has no such room. `counted_at` is its oldest count."""

    name: str
    shelter_uid: UUID | None
    kinds: tuple[tuple[Kind, int], ...]
    free: tuple[int | None, ...]
    counted_at: datetime | None
    over: int
    total: int
    over_told_in: int = 0
    count_off: int = 0


@dataclass(frozen=True, slots=True)
class FreePlaces:
    """Where is room tonight: by city, or where all shelters stand in one city by shelter, those with a confirmed count first."""

    kinds: tuple[Kind, ...]
    rows: tuple[FreeRow, ...]
    more: int
    held: int
    blocked: int
    uncounted: int
    over: tuple[FreeRow, ...]
    stale: tuple[FreeRow, ...]
    differing: tuple[FreeRow, ...] = ()

    @property
    def is_by_shelter(self) -> bool:
        """Whether the rows are shelters, not cities."""
        return any(row.shelter_uid for row in self.rows)


@dataclass(frozen=True, slots=True)
class _House:
    name: str
    city: str
    uid: UUID
    counted_at: datetime | None
    count_off: int
    units: tuple[tuple[str, rules.Places], ...]

    @property
    def figures(self) -> rules.Places:
        return rules.in_shelter(places for _, places in self.units)


def free_tonight(*, actor: Actor, now: datetime) -> FreePlaces:
    """The free places of all open shelters that `actor` may see at `now`. One query.

    Isolation is shown only to those who may see health.
    """
    shown = [kind for kind in Kind if kind != Kind.ISOLATION or actor.can(Capability.SEE_HEALTH)]
    houses = _houses(actor, now, shown)
    kinds = tuple(kind for kind in shown if any(kind == unit for house in houses for unit, _ in house.units))
    known = [house for house in houses if house.figures.capacity is not None]
    by_house = [_row(house.name, house.uid, [house], kinds) for house in known]
    cities = sorted({house.city for house in known})
    if len(cities) > 1:
        rows = [_row(city, None, [house for house in known if house.city == city], kinds) for city in cities]
    else:
        rows = sorted(by_house, key=lambda row: (row.counted_at is None, -row.total))
    figures = [house.figures for house in known]
    return FreePlaces(
        kinds=kinds,
        rows=tuple(rows[:MOST_ROWS]),
        more=max(0, len(rows) - MOST_ROWS),
        held=sum(places.held for places in figures),
        blocked=sum(places.blocked for places in figures),
        uncounted=len(houses) - len(known),
        over=tuple(sorted((row for row in by_house if row.over), key=lambda row: -row.over)),
        stale=tuple(row for row in by_house if row.counted_at is None or now - row.counted_at > OLD_AFTER),
        differing=tuple(row for row in by_house if row.count_off),
    )


def _houses(actor: Actor, now: datetime, kinds: Sequence[Kind]) -> list[_House]:
    open_units = [unit for unit in _units(*kinds, actor=actor, now=now) if unit.shelter.is_open_at(now)]
    by_shelter: dict[int, list[Unit]] = {}
    for unit in sorted(open_units, key=lambda unit: unit.shelter.name):
        by_shelter.setdefault(unit.shelter_id, []).append(unit)
    return [
        _House(
            name=theirs[0].shelter.name,
            city=theirs[0].shelter.site.city.name,
            uid=theirs[0].shelter.uid,
            counted_at=theirs[0].shelter.counted_at,
            count_off=theirs[0].shelter.count_off,
            units=tuple((unit.kind, unit.figures) for unit in theirs),
        )
        for theirs in by_shelter.values()
    ]


@question
def _units(*kinds: Kind, actor: Actor, now: datetime) -> QuerySet[Unit]:
    counted = Unit.objects.visible_to(actor).filter(kind__in=kinds).with_figures(now)
    return counted.select_related("shelter__site__city")


def _row(name: str, uid: UUID | None, houses: Sequence[_House], kinds: Sequence[Kind]) -> FreeRow:
    frees = [rules.free_by_kind(house.units) for house in houses]
    by_kind = tuple(
        sum(free.get(kind, 0) for free in frees) if any(kind in free for free in frees) else None for kind in kinds
    )
    counts = [house.counted_at for house in houses]
    dated = [count for count in counts if count is not None]
    whole = rules.in_city(house.figures for house in houses)
    return FreeRow(
        name=name,
        shelter_uid=uid,
        kinds=tuple((kind, count) for kind, count in zip(kinds, by_kind, strict=True) if count is not None),
        free=by_kind,
        counted_at=min(dated) if dated and len(dated) == len(counts) else None,
        over=whole.over,
        total=whole.free,
        over_told_in=whole.over_told_in,
        count_off=sum(house.count_off for house in houses),
    )


# ---- reminders


@dataclass(frozen=True, slots=True)
class Reminders:
    """Whether the sweep ran, and the fate of the messages due today."""

    ran_at: datetime | None
    is_late: bool
    sent: int
    waiting: int
    failed: int
    twice: int

    @property
    def planned(self) -> int:
        """All of today's."""
        return self.sent + self.waiting + self.failed

    @property
    def waiting_from(self) -> int:
        """Where the waiting ones begin on the bar."""
        return self.sent

    @property
    def failed_from(self) -> int:
        """Where the failed ones begin on the bar."""
        return self.sent + self.waiting


def reminders_today(*, actor: Actor, now: datetime, zone: str) -> Reminders:
    """The heartbeat of the sweep, and what became of the messages due today (by `zone`) about households of `actor`.

    One query, which asks for the messages inside that for the heartbeat.
    """
    day_began = zones.day_begins(zones.local(now, zone).date(), zone)
    beat: Any = next(iter(_beats(actor=actor, day_began=day_began)), None)
    if beat is None:
        return Reminders(None, True, 0, 0, 0, 0)
    numbers = {row["status"]: row["n"] for row in beat.fates or []}
    status = Message.Status
    return Reminders(
        ran_at=beat.ran_at,
        is_late=is_too_old(now - beat.ran_at),
        sent=numbers.get(status.SENT, 0),
        waiting=sum(numbers.get(each, 0) for each in (status.PLANNED, status.CLAIMED, status.UNCERTAIN)),
        failed=numbers.get(status.FAILED, 0),
        twice=sum(row["twice"] for row in beat.fates or []),
    )


@question
def _beats(*, actor: Actor, day_began: datetime) -> QuerySet[Heartbeat]:
    seen = Message.objects.filter(subject__in=Household.objects.visible_to(actor).values("uid"))
    today = seen.filter(due_at__gte=day_began, due_at__lt=day_began + timedelta(days=1)).order_by()
    fates = today.values("status").annotate(
        n=Count("pk"),
        twice=Count("pk", filter=Q(may_have_arrived_twice=True)),
        row=JSONObject(status="status", n=F("n"), twice=F("twice")),
    )
    return Heartbeat.objects.filter(sweep=NAME).annotate(fates=ArraySubquery(fates.values("row")))
