"""The border drawn without tiles: a schematic line, its ports and bridges, and the cities with what they have free.

Coordinates are those of the reference files; the line between them is `data/border_line.csv`, which says where each point
comes from. Everything is worked out here as strings for SVG attributes; the page draws the whole on a desk and three
stretches on a phone.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sqrt
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from places.models import Crossing
from shelters.board import City
from shelters.rules import Places

LINE = Path(__file__).parent / "data" / "border_line.csv"
MIDDLE = radians(29.3)  # degrees of longitude are shortened as they are in the middle of the border
LEAST_RADIUS, MOST_RADIUS = 15.0, 27.0
LETTER = 7.4  # about the width of a letter of a label, in units of the drawing
LABEL_HEIGHT = 34.0
RIVER_BEGINS = -105.0  # degrees of longitude east of which the United States lie to the north-east
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the border: degrees from west to east and south to north, and how wide it is drawn."""

    name: str | Promise
    west: float
    east: float
    south: float
    north: float
    width: int

    @property
    def scale(self) -> float:
        """Units of the drawing for a degree of latitude."""
        return self.width / ((self.east - self.west) * cos(MIDDLE))

    @property
    def height(self) -> int:
        """How high it is drawn."""
        return round((self.north - self.south) * self.scale)

    def holds(self, point: Point) -> bool:
        """Whether it shows `point` (latitude, longitude)."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    def place(self, point: Point) -> Point:
        """Where `point` (latitude, longitude) stands in the drawing."""
        latitude, longitude = point
        return (longitude - self.west) * cos(MIDDLE) * self.scale, (self.north - latitude) * self.scale


WHOLE = Stretch("", -117.9, -95.9, 23.7, 33.4, 1120)
STRETCHES = (
    Stretch(_("Baja California and Sonora"), -117.95, -109.6, 29.55, 33.55, 390),
    Stretch(_("Chihuahua and Coahuila"), -107.9, -99.6, 27.1, 32.7, 390),
    Stretch(_("Tamaulipas and Nuevo León"), -101.2, -96.5, 24.55, 28.4, 390),
)


@dataclass(frozen=True, slots=True)
class CityMark:
    """A city: its circle, a stem to where it lies, and its label."""

    city: City
    at: Point
    centre: Point
    radius: float
    label: Point
    anchor: str

    @property
    def places(self) -> Places:
        """The figures of its shelters."""
        return self.city.places

    @property
    def css(self) -> str:
        """How it is filled; the number and the words say the same."""
        return "free" if self.places.free else "over" if self.places.over else "none"

    @property
    def is_dim(self) -> bool:
        """Whether nothing here answers what was asked."""
        return self.city.lines[0].need.is_asked and not self.city.fitting

    @property
    def geometry(self) -> dict[str, str]:
        """Numbers with a point, whatever the language."""
        numbers = {
            "ax": self.at[0],
            "ay": self.at[1],
            "x": self.centre[0],
            "y": self.centre[1],
            "r": self.radius,
            "ty": self.centre[1] + 5.5,
            "lx": self.label[0],
            "ly": self.label[1],
            "ly2": self.label[1] + 16,
        }
        return {name: f"{number:.1f}" for name, number in numbers.items()}


@dataclass(frozen=True, slots=True)
class Gate:
    """A bridge or gate on the line."""

    crossing: Crossing
    at: Point

    @property
    def x(self) -> str:
        """Its place from the left."""
        return f"{self.at[0]:.1f}"

    @property
    def y(self) -> str:
        """Its place from the top."""
        return f"{self.at[1]:.1f}"


@dataclass(frozen=True, slots=True)
class PortName:
    """A port of entry, named on its own side."""

    name: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A stretch with all that stands on it."""

    stretch: Stretch
    path: str
    cities: tuple[CityMark, ...]
    gates: tuple[Gate, ...]
    ports: tuple[PortName, ...]

    @property
    def free(self) -> int:
        """Free places of the cities in it."""
        return sum(mark.places.free for mark in self.cities)


def drawing(stretch: Stretch, cities: Sequence[City], crossings: Iterable[Crossing]) -> Drawing:
    """Draw `stretch` with those of `cities` and `crossings` that lie in it."""
    gates = [Gate(crossing, stretch.place(point)) for crossing, point in _located(crossings) if stretch.holds(point)]
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in (gate.at for gate in gates)]
    marks = _marks(stretch, cities, taken)
    ports = tuple(_port_names(gates, stretch, taken))
    return Drawing(stretch, _path(stretch), marks, tuple(gates), ports)


@cache
def line() -> tuple[Point, ...]:
    """The points of the border from the Pacific to the Gulf, as (latitude, longitude)."""
    with LINE.open(encoding="utf-8") as rows:
        return tuple((float(row["lat"]), float(row["lon"])) for row in csv.DictReader(rows))


def _path(stretch: Stretch) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(stretch.place, line()))


def _located(crossings: Iterable[Crossing]) -> Iterator[tuple[Crossing, Point]]:
    for crossing in crossings:
        if crossing.latitude is not None and crossing.longitude is not None:
            yield crossing, (float(crossing.latitude), float(crossing.longitude))


def _marks(stretch: Stretch, cities: Sequence[City], taken: list[Box]) -> tuple[CityMark, ...]:
    """The cities in `stretch`, all circles before the first label looks for room: from the Gulf, which leaves room inland."""
    found = []
    for city in sorted(cities, key=lambda one: -one.site.point[1] if one.site.point else 0):
        if city.site.point and stretch.holds(city.site.point):
            radius = _radius(city.places)
            x, y = stretch.place(city.site.point)
            found.append((city, (x, y), _centre((x, y), radius, stretch, taken), radius))
    marks = []
    for city, at, centre, radius in found:
        label, anchor = _label(city, centre, radius, stretch, taken)
        marks.append(CityMark(city, at, centre, radius, label, anchor))
    return tuple(marks)


def _centre(at: Point, radius: float, stretch: Stretch, taken: list[Box]) -> Point:
    """South of where the city lies, so that the line stays in sight; further off, inland, where another city stands already."""
    x = min(max(at[0], radius + 2), stretch.width - radius - 2)
    y = at[1] + radius + 9
    while any(_overlap((x - radius, y - radius, x + radius, y + radius), other) for other in taken):
        x, y = max(x - 3, radius + 2), y + 3
    taken.append((x - radius, y - radius, x + radius, y + radius))
    return x, y


def _radius(places: Places) -> float:
    return min(MOST_RADIUS, LEAST_RADIUS + sqrt(places.capacity or 0) * 0.35)


def _label(city: City, centre: Point, radius: float, stretch: Stretch, taken: list[Box]) -> tuple[Point, str]:
    """Where the name finds room: below, to the left, to the right, aslant, further below. The last one is taken where none is."""
    width = max(len(city.site.name) * LETTER, 74)
    x, y = centre
    below = y + radius + 15
    spots = [
        ((x, below), "middle", (x - width / 2, below - 13)),
        ((x - radius - 6, y - 2), "end", (x - radius - 6 - width, y - 15)),
        ((x + radius + 6, y - 2), "start", (x + radius + 6, y - 15)),
        ((x - 12, below), "start", (x - 12, below - 13)),
        ((x + 4, below), "end", (x + 4 - width, below - 13)),
        ((x - 8, below), "end", (x - 8 - width, below - 13)),
        ((x, below + 36), "middle", (x - width / 2, below + 23)),
        ((x, below + 72), "middle", (x - width / 2, below + 59)),
    ]
    boxes = [(left, top, left + width, top + LABEL_HEIGHT) for _at, _anchor, (left, top) in spots]
    free = (
        place
        for place, box in enumerate(boxes)
        if _inside(box, stretch) and not any(_overlap(box, other) for other in taken)
    )
    place = next(free, len(spots) - 1)
    taken.append(boxes[place])
    return spots[place][0], spots[place][1]


def _port_names(gates: Sequence[Gate], stretch: Stretch, taken: list[Box]) -> Iterator[PortName]:
    """The ports, each once and on its own side: above the land line, to the right of the river, where there is room."""
    named: set[str] = set()
    for gate in gates:
        name = gate.crossing.port.name
        x, y = gate.at
        width = len(name) * 6.6
        above = [(x, "middle", (x - width / 2, top, x + width / 2, top + 13)) for top in (y - 22, y - 37)]
        beside = [(x + 9, "start", (x + 9, top, x + 9 + width, top + 13)) for top in (y - 14, y - 24)]
        is_river = float(gate.crossing.longitude or 0) > RIVER_BEGINS
        for at, anchor, box in [*beside, *above] if is_river else above:
            if name not in named and _inside(box, stretch) and not any(_overlap(box, other) for other in taken):
                named.add(name)
                taken.append(box)
                yield PortName(name, f"{at:.1f}", f"{box[1] + 11:.1f}", anchor)


def _inside(box: Box, stretch: Stretch) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= stretch.width and box[3] <= stretch.height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
