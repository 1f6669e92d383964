"""Hearings that newer zone tables moved while their papers stayed as they are: the list of those that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from cases.models import Household
from core.actors import Actor
from core.keyset import keyset_page
from core.look import ClockFace, Pill, duration, short_weekday
from docket.not_reached import left_of
from hearings.models import Hearing, ZoneShift
from journey.families import Family, families_of_hearings


@dataclass(frozen=True)
class Side:
    """One clock of a hearing: its wall time, which stayed, and the moment that it means, before and after, in UTC."""

    face: ClockFace
    day: str
    before: datetime
    after: datetime | None

    @property
    def moved(self) -> str:
        """By how much the moment moved: "1 h"; empty where it did not."""
        return duration(self._minutes) if self._minutes else ""

    @property
    def is_later(self) -> bool:
        """Whether it is later than was thought."""
        return self._minutes > 0

    @property
    def _minutes(self) -> int:
        return round((self.after - self.before).total_seconds() / 60) if self.after else 0


@dataclass(frozen=True)
class Row:
    """A hearing that moved, or one that the new tables leave no moment for (`is_impossible`)."""

    shift: ZoneShift
    family: Family
    left: Pill
    sides: Sequence[tuple[str, Side]]

    @property
    def is_impossible(self) -> bool:
        """Whether the new tables skip its wall time: the court must be asked."""
        return self.shift.court_after is None

    @property
    def is_of_tables(self) -> bool:
        """Whether newer tables moved it; else the zone of a place was put right."""
        return self.shift.edition_before != self.shift.edition_after


@dataclass(frozen=True)
class Shifts:
    """A page of the list, those with the least time left first."""

    rows: Sequence[Row]
    next_cursor: str


def open_zones(actor: Actor, now: datetime) -> "QuerySet[ZoneShift]":
    """Shifts of standing hearings ahead at `now` that nobody has looked at, of households that `actor` works with."""
    households = Household.objects.visible_to(actor).worked_by(actor)
    shifts = ZoneShift.objects.filter(hearing__household__in=households).unseen_at(now)
    return shifts.annotate(present_at=F("hearing__present_at"))


def shifts_of(*, actor: Actor, now: datetime, cursor: str = "") -> Shifts:
    """A page of the list as `actor` may see it at `now`. Three queries."""
    drawn = open_zones(actor, now).select_related(
        "hearing__household__site__city", "hearing__court__city", "hearing__report_crossing__city"
    )
    page = keyset_page(drawn, by="present_at", cursor=cursor, descending=False)
    families = families_of_hearings([shift.hearing for shift in page.rows], now=now, actor=actor)
    rows = [_row(shift, families[shift.hearing.household_id], now) for shift in page.rows]
    return Shifts(rows, page.next_cursor)


def _row(shift: ZoneShift, family: Family, now: datetime) -> Row:
    hearing = shift.hearing
    court = ClockFace(moment=hearing.court_at, zone=hearing.court_zone, city=hearing.court.city.name)
    sides = [("court", Side(court, short_weekday(hearing.court_on), shift.court_before, shift.court_after))]
    if hearing.report_on and hearing.report_crossing and shift.report_before:
        bridge = ClockFace(
            moment=hearing.report_at,
            zone=hearing.report_zone,
            city=hearing.report_crossing.city.name,
            estimated=hearing.report_basis == Hearing.Basis.ESTIMATED,
        )
        side = Side(bridge, short_weekday(hearing.report_on), shift.report_before, shift.report_after)
        sides.insert(0, ("bridge", side))
    return Row(shift, family, left_of(hearing, now), sides)
