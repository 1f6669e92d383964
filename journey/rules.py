"""Arithmetic of the night before a hearing; no database, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Assumptions, each shown beside what is computed from it. Nobody publishes them: shelters and drivers correct them.
WAKE_MINUTES = 30
WAKE_WITH_CHILDREN_MINUTES = 45
ROAD_MINUTES = 40  # from a shelter to a crossing of the same city
MARGIN_MINUTES = 20
NOON = 14  # from this hour on, whoever speaks of the night means the one that comes


@dataclass(frozen=True, slots=True)
class Night:
    """When a family must wake and leave to stand at the bridge in time, all aware moments."""

    wake_at: datetime
    leave_at: datetime
    wake_minutes: int


def night_before(report_at: datetime, *, has_children: bool) -> Night:
    """The plan read backwards from `report_at`, for a family that sleeps in the city of its crossing."""
    wake_minutes = WAKE_WITH_CHILDREN_MINUTES if has_children else WAKE_MINUTES
    leaves = leave_at(report_at)
    return Night(leaves - timedelta(minutes=wake_minutes), leaves, wake_minutes)


def leave_at(report_at: datetime) -> datetime:
    """When whoever sleeps in the city of the crossing must leave to stand there at `report_at`."""
    return report_at - timedelta(minutes=ROAD_MINUTES + MARGIN_MINUTES)


def night_of(wall: datetime) -> date:
    """The day whose small hours are the night that is running or comes next at `wall` (naive or local): from 14:00 on, tomorrow."""
    return wall.date() if wall.hour < NOON else wall.date() + timedelta(days=1)
