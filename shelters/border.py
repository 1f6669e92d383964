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
LEAST_RADIUS, MOST_RADIUS = 15.0, 30.0
LETTER = 7.4  # about the width of a letter of a label, in units of the drawing
LABEL_HEIGHT = 34.0
Point = tuple[float, float]


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


WHOLE = Stretch("", -117.75, -96.55, 24.75, 33.35, 1120)
STRETCHES = (
    Stretch(_("Baja California and Sonora"), -117.75, -109.6, 30.1, 33.4, 390),
    Stretch(_("Chihuahua and Coahuila"), -107.3, -99.7, 27.6, 32.5, 390),
    Stretch(_("Tamaulipas and Nuevo León"), -101.1, -96.75, 24.95, 28.3, 390),
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
        return "over" if self.places.over else "none" if not self.places.free else "free"

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
    taken: list[tuple[float, float, float, float]] = []
    marks = _marks(stretch, cities, taken)
    gates = [Gate(crossing, stretch.place(point)) for crossing, point in _located(crossings) if stretch.holds(point)]
    ports = tuple(_port_names(gates, taken))
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


def _marks(
    stretch: Stretch, cities: Sequence[City], taken: list[tuple[float, float, float, float]]
) -> tuple[CityMark, ...]:
    """The cities in `stretch`, the westernmost first; all circles stand before the first label looks for room."""
    found = []
    for city in cities:
        if city.site.point and stretch.holds(city.site.point):
            radius = _radius(city.places)
            x, y = stretch.place(city.site.point)
            centre = (min(max(x, radius + 2), stretch.width - radius - 2), y + radius + 9)
            taken.append((centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius))
            found.append((city, (x, y), centre, radius))
    found.sort(key=lambda one: one[2][0])
    marks = []
    for city, at, centre, radius in found:
        label, anchor = _label(city, centre, radius, stretch, taken)
        marks.append(CityMark(city, at, centre, radius, label, anchor))
    return tuple(marks)


def _radius(places: Places) -> float:
    return min(MOST_RADIUS, LEAST_RADIUS + sqrt(places.capacity or 0) * 0.35)


def _label(
    city: City, centre: Point, radius: float, stretch: Stretch, taken: list[tuple[float, float, float, float]]
) -> tuple[Point, str]:
    """Where the name finds room: below, to the right, to the left, further below. The last one is taken where none is."""
    width = max(len(city.site.name) * LETTER, 74)
    x, y = centre
    below = y + radius + 15
    spots = [
        ((x, below), "middle", (x - width / 2, below - 13)),
        ((x + radius + 6, y), "start", (x + radius + 6, y - 13)),
        ((x - radius - 6, y), "end", (x - radius - 6 - width, y - 13)),
        ((x, below + 36), "middle", (x - width / 2, below + 23)),
        ((x, below + 72), "middle", (x - width / 2, below + 59)),
    ]
    boxes = [(left, top, left + width, top + LABEL_HEIGHT) for _at, _anchor, (left, top) in spots]
    free = (
        place
        for place, box in enumerate(boxes)
        if box[0] >= 0 and box[2] <= stretch.width and not any(_overlap(box, other) for other in taken)
    )
    place = next(free, len(spots) - 1)
    taken.append(boxes[place])
    return spots[place][0], spots[place][1]


def _port_names(gates: Sequence[Gate], taken: list[tuple[float, float, float, float]]) -> Iterator[PortName]:
    """The ports, each once and north of the line, where there is room."""
    named: set[str] = set()
    for gate in gates:
        name = gate.crossing.port.name
        x, y = gate.at
        width = len(name) * 6.4
        for top in (y - 22, y - 37):
            box = (x - width / 2, top, x + width / 2, top + 13)
            if name not in named and not any(_overlap(box, other) for other in taken):
                named.add(name)
                taken.append(box)
                yield PortName(name, f"{x:.1f}", f"{top + 11:.1f}")


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
