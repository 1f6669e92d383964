"""The night: who leaves for a bridge from where, on a sky from 02:00 to 14:00.

One lane per departure: the same shelter, bridge and time. When they wake and leave is worked out where all else asks for it
(`journey.leaving`); of a family that is on the way from another city it is the last stretch, from where it spends the night.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _

from core.actors import Actor
from core.look import Light
from core.questions import question
from hearings.models import Hearing, HearingQuerySet
from journey import rules
from journey.families import Family, families_of_hearings
from journey.leaving import way_of_family
from journey.readiness import lights_of
from places import zones

SKY_BEGINS, SKY_ENDS = 2, 14
COLUMNS = (SKY_ENDS - SKY_BEGINS) * 4
LABEL_COLUMNS = 7
DAYLIGHT_HOUR = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the sky: local time, what it is, and the quarter hours from 02:00 that its label covers."""

    time: str
    word: str
    css: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the sky, in quarter hours from 02:00."""

    css: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One departure: from where, and to which bridge."""

    place: str
    bridge: str
    people: int
    lights: tuple[tuple[Light, int], ...]
    marks: tuple[Mark, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Night:
    """All departures of `day`, and the families behind them with their lights."""

    day: date
    lanes: tuple[Lane, ...]
    families: tuple[Family, ...]
    lights: dict[int, Light]
    zone: str

    @property
    def people(self) -> int:
        """How many people leave."""
        return sum(len(family.members) for family in self.families)

    @property
    def unready(self) -> list[Family]:
        """Families that cannot leave yet or are to be confirmed, the former first, each by its time at the bridge."""
        open_ones = [family for family in self.families if self.lights[family.household.pk].verdict in ("stop", "warn")]
        return sorted(open_ones, key=lambda family: self.lights[family.household.pk].verdict != "stop")

    @property
    def tally(self) -> tuple[tuple[Light, int], ...]:
        """How many families are ready, to be confirmed, not ready."""
        return _tally(self.lights[family.household.pk] for family in self.families)

    @property
    def bridge(self) -> str:
        """The one bridge that all go to, or nothing."""
        names = {_bridge(family.hearing) for family in self.families if family.hearing}
        return names.pop() if len(names) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Departure:
    """A family and when it must stand at its bridge, in an order in which departures lie together."""

    present_at: datetime
    shelter: str
    crossing: str
    family: Family
    hearing: Hearing


def coming_night(*, actor: Actor, now: datetime, zone: str) -> Night:
    """The departures that `actor` may see for the night that is running or comes next at `now`, by the clock of `zone`.

    Two queries. From 14:00 on, tomorrow's night is the next one.
    """
    day = rules.night_of(zones.local(now, zone))
    begins_at = zones.day_begins(day, zone)
    hearings = _presenting(actor=actor, begins_at=begins_at)
    families = families_of_hearings(reversed(hearings), now=now, actor=actor)
    departures = sorted((_departure(family) for family in families.values()), key=_together)
    lights = lights_of([each.family for each in departures], now=now, actor=actor)
    lanes = (tuple(group) for _key, group in groupby(departures, key=_together))
    return Night(
        day=day,
        lanes=tuple(_lane(group, lights) for group in lanes),
        families=tuple(each.family for each in departures),
        lights=lights,
        zone=zone,
    )


@question
def _presenting(*, actor: Actor, begins_at: datetime) -> HearingQuerySet:
    """The hearings of the night, with what their departures are drawn from."""
    summoned = Hearing.objects.visible_to(actor).presenting_in(begins_at, begins_at + timedelta(days=1))
    return summoned.for_clocks(with_sources=False).select_related("household__site__city")


_together = attrgetter("present_at", "shelter", "crossing")


def _departure(family: Family) -> _Departure:
    assert family.hearing is not None
    hearing = family.hearing
    shelter = family.sleep.shelter if family.sleep else ""
    return _Departure(hearing.present_at, shelter, str(hearing.report_crossing or ""), family, hearing)


def _lane(group: Sequence[_Departure], lights: dict[int, Light]) -> Lane:
    families, hearing = [each.family for each in group], group[0].hearing
    points = _points(families, hearing)
    return Lane(
        place=_place(group[0]),
        bridge=_bridge(hearing),
        people=sum(len(family.members) for family in families),
        lights=_tally(lights[family.household.pk] for family in families),
        marks=tuple(_apart([_mark(name, moment, hearing) for name, moment in points])),
        spans=tuple(_spans(dict(points), hearing)),
    )


def _place(departure: _Departure) -> str:
    """The shelter; with the city from which they go on, for those who spend the night elsewhere on their way."""
    way = way_of_family(departure.family)
    if not departure.shelter or way is None or not way.sleeps_on_the_way:
        return departure.shelter or _("No place to sleep yet")
    return _("%(shelter)s, night in %(city)s") % {"shelter": departure.shelter, "city": way.last.city}


def _bridge(hearing: Hearing) -> str:
    """Where they must stand, with its city: bridges of two cities may share a name. Nothing where nobody knows."""
    crossing = hearing.report_crossing
    return f"{crossing}, {crossing.city.name}" if crossing else ""


def _tally(lights: Iterable[Light]) -> tuple[tuple[Light, int], ...]:
    by_verdict: dict[str, list[Light]] = {"ok": [], "warn": [], "stop": []}
    for light in lights:
        by_verdict.setdefault(light.verdict, []).append(light)
    return tuple((found[0], len(found)) for verdict, found in by_verdict.items() if found and verdict != "none")


def _points(families: Sequence[Family], hearing: Hearing) -> list[tuple[str, datetime]]:
    """The moments of a departure in their order; without a known or computable one, those are left out."""
    crossing, report_at = hearing.report_crossing, hearing.report_at
    if crossing is None or report_at is None:
        return [("court", hearing.court_at)]
    found = [("bridge", report_at), ("court", hearing.court_at)]
    ways = [way for family in families if family.sleep and (way := way_of_family(family))]
    if len(ways) == len(families):
        earliest = min((way.last for way in ways), key=attrgetter("wake_at"))
        found = [("wake", earliest.wake_at), ("leave", min(way.last.leave_at for way in ways)), *found]
    return found


def _mark(name: str, moment: datetime, hearing: Hearing) -> Mark:
    estimated = hearing.report_basis == Hearing.Basis.ESTIMATED
    zone = hearing.court_zone if name == "court" else hearing.report_zone
    column = _column(moment, hearing.report_zone or hearing.court_zone)
    words = {
        "wake": _("wake"),
        "leave": _("leave"),
        "bridge": _("bridge, estimated") if estimated else _("bridge"),
        "court": _("court, %(city)s") % {"city": hearing.court.city.name},
    }
    css = {"wake": "minor", "leave": "", "bridge": "key est" if estimated else "key", "court": "minor far"}[name]
    sign = "≈ " if estimated and name == "bridge" else ""
    begins = min(column, COLUMNS - 3)
    ends = min(COLUMNS + 1, begins + LABEL_COLUMNS)
    return Mark(f"{sign}{zones.local(moment, zone):%H:%M}", words[name], css, begins, ends)


def _apart(marks: list[Mark]) -> list[Mark]:
    """The label of waking ends where that of leaving begins, for half an hour is too narrow for both."""
    if len(marks) < len(("wake", "leave", "bridge", "court")):
        return marks
    wake, leave, *rest = marks
    return [replace(wake, begins=max(1, leave.begins - LABEL_COLUMNS), ends=max(2, leave.begins)), leave, *rest]


def _spans(points: dict[str, datetime], hearing: Hearing) -> Iterable[Span]:
    est = " est" if hearing.report_basis == Hearing.Basis.ESTIMATED else ""
    for css, start, end in (("prep", "wake", "leave"), (f"road{est}", "leave", "bridge"), ("hold", "bridge", "court")):
        if start in points and end in points:
            zone = hearing.report_zone
            begins, ends = _column(points[start], zone), _column(points[end], zone)
            if begins < ends:
                yield Span(css, begins, ends)


def _column(moment: datetime, zone: str) -> int:
    """The grid line of a moment: 1 is 02:00, each quarter hour one more, within the sky."""
    local = zones.local(moment, zone)
    quarters = (local.hour - SKY_BEGINS) * 4 + local.minute // 15 + 1
    return max(1, min(COLUMNS + 1, quarters))


def hours() -> list[tuple[str, bool]]:
    """The hours written on the sky, and whether it is day."""
    return [(f"{hour:02d}", hour >= DAYLIGHT_HOUR) for hour in range(SKY_BEGINS, SKY_ENDS)]
