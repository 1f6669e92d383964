"""The roads between cities: how long somebody is on the way who sleeps in another city than the bridge stands in.

Read from `places/data/corridors.csv` once a process, as the ladder of reminders is: every page that plans a night asks for them,
and planning asks for thousands at once. `load_places` refuses an edition that names a city nobody knows (docs/adr/corridors.md).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from places import sources
from places.models import Basis, City
from places.rules import kilometres

FILE = "corridors.csv"

# For two cities of which no road is noted: the great circle, lengthened and driven as the noted roads are on the average.
DETOUR = 1.35
KM_PER_HOUR = 65
STEP_MINUTES = 15  # an estimate is rounded up to the next quarter of an hour

End = tuple[str, str]  # a city as it is spelt in cities.csv, and its state: Juárez stands in three


@dataclass(frozen=True, slots=True)
class Corridor:
    """The road between two cities. `night_in` is where a journey of two days breaks; empty where nobody named a place.

    `is_computed` says that no road is noted and all figures come from the great circle.
    """

    km: int
    minutes: int
    basis: Basis
    night_in: str = ""
    source: str = ""
    is_computed: bool = False


def corridor_between(start: City, end: City) -> Corridor | None:
    """The road from `start` to `end`, the same both ways; None where neither a road nor both positions are known."""
    noted = noted_corridors()
    ends = (start.name, start.iso3166_2), (end.name, end.iso3166_2)
    return noted.get(ends) or noted.get(ends[::-1]) or _by_great_circle(start, end)


@cache
def noted_corridors() -> dict[tuple[End, End], Corridor]:
    """The roads of this edition, by their two ends."""
    return read_corridors(sources.DATA)


def read_corridors(folder: Path) -> dict[tuple[End, End], Corridor]:
    """What `corridors.csv` in `folder` says. Raises BadSource."""
    found: dict[tuple[End, End], Corridor] = {}
    for line in sources.lines(FILE, folder):
        start, end = (line["from_city"], line["from_state"]), (line["to_city"], line["to_state"])
        if start == end or (start, end) in found or (end, start) in found:
            raise sources.BadSource(f"{FILE}: {start[0]} to {end[0]} goes nowhere or stands twice")
        found[start, end] = _corridor(line)
    return found


def _corridor(line: dict[str, str]) -> Corridor:
    km, minutes = line["km"], line["road_minutes"]
    if not (km.isdigit() and minutes.isdigit() and int(km) and int(minutes)) or line["basis"] not in Basis.values:
        raise sources.BadSource(f"{FILE}: {line}")
    return Corridor(int(km), int(minutes), Basis(line["basis"]), line["night_in"], line["source"])


def _by_great_circle(start: City, end: City) -> Corridor | None:
    points = [(city.latitude, city.longitude) for city in (start, end)]
    (lat1, lon1), (lat2, lon2) = points
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    km = round(kilometres((float(lat1), float(lon1)), (float(lat2), float(lon2))) * DETOUR)
    minutes = -(-km * 60 // KM_PER_HOUR // STEP_MINUTES) * STEP_MINUTES
    return Corridor(km, max(STEP_MINUTES, minutes), Basis.ESTIMATE, is_computed=True)
