"""Arithmetic of the way to the bridge, read backwards from it; no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from places import zones
from places.corridors import Corridor, corridor_between
from places.models import City

# Assumptions, each shown beside what is computed from it. Nobody publishes them: shelters and drivers correct them.
WAKE_MINUTES = 30
WAKE_WITH_CHILDREN_MINUTES = 45
ROAD_MINUTES = 40  # from a bed to a crossing of the same city
MARGIN_MINUTES = 20
GATE_MINUTES = 10  # before they leave, to be counted and to get in
FAR_MARGIN_MINUTES = 60  # between cities: checkpoints, fuel, a wheel

# Nobody is driven between cities in the dark: families were taken off buses and out of cars for ransom on these very roads.
# 18:00 is after sunset in the middle of winter in Juárez and at the Gulf; whoever must be earlier leaves earlier.
DRIVE_FROM = time(7)
DRIVE_UNTIL = time(18)
MOST_ROAD_MINUTES = 600  # in one day
MOST_NIGHTS = 6  # between any two cities of the border

# From when on it matters that nobody has arranged it: a vehicle and a gate days before, a journey to another city as soon as the
# first reminder goes out. Before that the light does not ask.
ARRANGED_BEFORE = timedelta(hours=72)
FAR_ARRANGED_BEFORE = timedelta(days=10)

NOON = 14  # from this hour on, whoever speaks of the night means the one that comes


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch without a night in it: they wake and leave somewhere on the clocks of `zone`, and arrive. All aware moments.

    `city` is where it begins; empty where a journey of more than two days breaks and nobody named a place. `clock` is the city
    whose clocks `zone` are.
    """

    city: str
    clock: str
    zone: str
    wake_at: datetime
    leave_at: datetime
    arrive_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """How a family gets from its beds to the bridge: one leg, or several with a night between them.

    `road` is None inside one city. `is_told` says that somebody noted another hour to leave than the one that follows.
    """

    legs: tuple[Leg, ...]
    wake_minutes: int
    road: Corridor | None = None
    is_told: bool = False

    @property
    def wake_at(self) -> datetime:
        """When they are woken where they sleep."""
        return self.legs[0].wake_at

    @property
    def leave_at(self) -> datetime:
        """When they go through the door of where they sleep."""
        return self.legs[0].leave_at

    @property
    def last(self) -> Leg:
        """The stretch that ends at the bridge."""
        return self.legs[-1]

    @property
    def sleeps_on_the_way(self) -> bool:
        """Whether a night lies between leaving and the bridge."""
        return len(self.legs) > 1

    @property
    def gate_at(self) -> datetime:
        """When they gather at the gate of where they sleep."""
        return self.leave_at - timedelta(minutes=GATE_MINUTES)

    @property
    def drives_in_the_dark(self) -> bool:
        """Whether they are on the road between cities at night: only where somebody noted such an hour."""
        between = self.legs[:-1] if self.sleeps_on_the_way else self.legs
        return self.road is not None and any(_is_dark(leg, self.last.zone) for leg in between)


def way_to(
    report_at: datetime, *, start: City, end: City, has_children: bool, leaves_at: datetime | None = None
) -> Way | None:
    """The way of those who sleep in the city `start` to a bridge in the city `end`, where they must stand at `report_at`.

    `leaves_at` is an hour that somebody noted instead of the one that follows. None where no road between the two is known.
    """
    wake_minutes = WAKE_WITH_CHILDREN_MINUTES if has_children else WAKE_MINUTES
    is_near = start.pk == end.pk
    road = None if is_near else corridor_between(start, end)
    if not is_near and road is None:
        return None
    stretches = _stretches(report_at, start, end, road)
    if leaves_at is not None:
        stretches = _from_told_hour(leaves_at, stretches, road)
    wake = timedelta(minutes=wake_minutes)
    legs = tuple(
        Leg(city, start.name if city == start.name else end.name, zone, leave - wake, leave, arrive)
        for city, zone, leave, arrive in stretches
    )
    return Way(legs, wake_minutes, road, leaves_at is not None)


_Stretch = tuple[str, str, datetime, datetime]  # city and its zone, when they leave it, when they are at the next one


def _stretches(report_at: datetime, start: City, end: City, road: Corridor | None) -> list[_Stretch]:
    tonight = leave_at(report_at)
    by_the_bridge = (end.name, end.zone, tonight, tonight + timedelta(minutes=ROAD_MINUTES))
    if road is None:
        return [by_the_bridge]
    leaves = report_at - timedelta(minutes=road.minutes + FAR_MARGIN_MINUTES)
    if road.minutes <= MOST_ROAD_MINUTES and _is_by_day(leaves, start.zone, report_at, end.zone):
        return [(start.name, start.zone, leaves, leaves + timedelta(minutes=road.minutes))]
    return [*_days_before(tonight, start, end, road), by_the_bridge]


def _days_before(tonight: datetime, start: City, end: City, road: Corridor) -> list[_Stretch]:
    """Days on the road that end in the city of the bridge the evening before they leave for it at `tonight`, read backwards."""
    days: list[_Stretch] = []
    left, before, margin = road.minutes, tonight, timedelta(minutes=FAR_MARGIN_MINUTES)
    while left:
        evening = _evening_before(before, end.zone)
        longest = (evening - _morning_of(evening, start.zone, end.zone) - margin) // timedelta(minutes=1)
        driven = min(left, longest, MOST_ROAD_MINUTES)
        left -= driven
        before = evening - timedelta(minutes=driven) - margin
        city, zone = (road.night_in, end.zone) if left else (start.name, start.zone)
        days.insert(0, (city, zone, before, evening - margin))
    return days


def _evening_before(moment: datetime, zone: str) -> datetime:
    """The end of the last daylight before `moment` on the clocks of `zone`."""
    wall = zones.local(moment, zone)
    evening = wall.date() if wall.time() > DRIVE_UNTIL else wall.date() - timedelta(days=1)
    return zones.wall_to_utc(datetime.combine(evening, DRIVE_UNTIL), zone)


def _morning_of(evening: datetime, start_zone: str, end_zone: str) -> datetime:
    """When it is light on the day of `evening` by the clocks of both ends."""
    morning = datetime.combine(zones.local(evening, end_zone).date(), DRIVE_FROM)
    return max(zones.wall_to_utc(morning, zone) for zone in (start_zone, end_zone))


def _is_by_day(leaves: datetime, start_zone: str, arrives: datetime, end_zone: str) -> bool:
    """Whether no part of a drive lies in the dark."""
    begins, ends = zones.local(leaves, start_zone), zones.local(arrives, end_zone)
    return begins.time() >= DRIVE_FROM and ends.time() <= DRIVE_UNTIL and begins.date() == ends.date()


def _is_dark(leg: Leg, end_zone: str) -> bool:
    return not _is_by_day(leg.leave_at, leg.zone, leg.arrive_at, end_zone)


def _from_told_hour(leaves_at: datetime, stretches: Sequence[_Stretch], road: Corridor | None) -> list[_Stretch]:
    """The same way from an hour that somebody noted: with a night by the bridge where it still fits, else at one go."""
    city, zone, *_hours = stretches[0]
    arrives = leaves_at + timedelta(minutes=ROAD_MINUTES if road is None else road.minutes)
    told = (city, zone, leaves_at, arrives)
    rested = timedelta(minutes=WAKE_WITH_CHILDREN_MINUTES)
    return [told, stretches[-1]] if len(stretches) > 1 and arrives + rested <= stretches[-1][2] else [told]


def leave_at(report_at: datetime) -> datetime:
    """When whoever sleeps in the city of the crossing must leave to stand there at `report_at`."""
    return report_at - timedelta(minutes=ROAD_MINUTES + MARGIN_MINUTES)


def night_of(wall: datetime) -> date:
    """The day whose small hours are the night that is running or comes next at `wall` (naive or local): from 14:00 on, tomorrow."""
    return wall.date() if wall.hour < NOON else wall.date() + timedelta(days=1)
