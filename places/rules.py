"""Arithmetic of places: names that differ only in spelling, how far two points lie apart, and when to stand at the bridge for a hearing."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt

from places import zones

EARTH_RADIUS_KM = 6371.0


def folded(name: str) -> str:
    """`name` without accents, case and punctuation: "Ciudad Juárez" and "CIUDAD JUAREZ" fold alike."""
    letters = (letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(letters)))


def kilometres(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) pairs in degrees."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (start, end))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEstimate:
    """When to stand at a crossing, worked out from a rule: never a documented time, and never shown as one.

    `report_at` is a moment; `basis` is documented, press or estimate and speaks of the rule, not of this hearing.
    """

    report_at: datetime
    basis: str
    source: str


def report_by_clock(*, court_at: datetime, court_zone: str, report_time: time, port_zone: str) -> datetime:
    """The moment of `report_time` at the port, on the day that the court's own calendar shows for `court_at`.

    Sheets are written by the port, so the time is read on the port's clock in `port_zone` (US side).
    """
    day = zones.local(court_at, court_zone).date()
    return zones.wall_to_utc(datetime.combine(day, report_time), port_zone)


def report_by_minutes(*, court_at: datetime, minutes_before: int) -> datetime:
    """The moment `minutes_before` minutes of real time ahead of `court_at`."""
    return court_at - timedelta(minutes=minutes_before)
