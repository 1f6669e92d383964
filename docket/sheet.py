"""The docket of a day on paper, for whoever stands at the bridge or calls a list: no more than a line needs (docs/adr/run-sheet.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Actor
from docket.day import UNKNOWN, Bridge, Row, bridges_of, in_order, rows_of
from places import zones


@dataclass(frozen=True, slots=True)
class Line:
    """A family: when it must stand there, as people call it, how many, where it sleeps, how it comes, what is still to be done."""

    hour: str
    called: str
    people: int
    children: int
    sleeps: str
    vehicle: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All who present at one crossing on `day`; hours are those of its own clocks."""

    day: date
    place: str
    city: str
    zone: str
    lines: Sequence[Line]

    @property
    def groups(self) -> int:
        """How many families."""
        return len(self.lines)

    @property
    def people(self) -> int:
        """How many people."""
        return sum(line.people for line in self.lines)

    @property
    def children(self) -> int:
        """How many of them are under 18."""
        return sum(line.children for line in self.lines)


def sheets_of(*, day: date, actor: Actor, now: datetime, crossing: int | None = None) -> tuple[list[Sheet], set[UUID]]:
    """A sheet for each crossing of `day`, or of one `crossing`, with the households that stand on them. Four queries."""
    rows = [
        row
        for row in in_order(rows_of(day=day, actor=actor, now=now))
        if crossing is None or (row.hearing.report_crossing_id or UNKNOWN) == crossing
    ]
    return [_sheet(day, bridge) for bridge in bridges_of(rows)], {row.family.household.uid for row in rows}


def _sheet(day: date, bridge: Bridge) -> Sheet:
    crossing = bridge.crossing
    # Without a crossing nobody knows a time there; the clocks are those of the first family's site.
    city = crossing.city if crossing else bridge.rows[0].family.household.site.city
    return Sheet(
        day=day,
        place=(crossing.also_called or crossing.name) if crossing else "",
        city=city.name,
        zone=city.zone,
        lines=[_line(row) for row in bridge.rows],
    )


def _line(row: Row) -> Line:
    hearing, family = row.hearing, row.family
    day, summoned = hearing.report_on or hearing.court_on, set(hearing.summoned)
    going = [member for member in family.members if not summoned or member.person.pk in summoned]
    return Line(
        hour=f"{zones.local(hearing.report_at, hearing.report_zone):%H:%M}" if hearing.report_at else "—",
        called=family.called_out,
        people=row.size,
        children=sum(member.is_minor_on(day) for member in going),
        sleeps=family.sleep.shelter if family.sleep else "",
        vehicle=str(row.vehicle.text) if row.vehicle else "",
        remarks=" · ".join(_remarks(row)),
    )


def _remarks(row: Row) -> Iterable[str]:
    """What whoever holds the paper must see to, and nothing of why."""
    if row.family.language:
        yield row.family.language
    if not row.word.is_reached:
        yield _("tell them")
    if row.clocks.bridge.doubtful:
        yield _("the hour is not sure")
    if row.light.verdict == "stop":
        yield _("not ready")
