"""Fictional shelters: how many, how big, with which rooms, so that those who sleep somewhere fill most of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from math import ceil

from demo.field import FIELDS
from demo.present import Household, Standing
from demo.shares import largest_remainder
from shelters.models import Shelter
from shelters.rules import Kind

FILLED = 0.87
PLACES_OF_A_BIG_HOUSE = 130
PLACES_OF_A_SMALL_ONE = 12
LEAST_HOUSES = {"JZ": 5, "TJ": 3}
BEDS_UP_TO = 30

NAMES = {
    "JZ": ("Casa Peregrina", "Albergue San Matías", "Gimnasio Norte", "Refugio Esperanza", "El Buen Camino"),
    "TJ": ("Casa Nazaria", "Albergue La Ladera", "Refugio del Faro"),
    "MX": ("Casa Algodonal",),
    "NG": ("Comedor y Casa Mesquite",),
    "PN": ("Casa Frontera Serena",),
    "NL": ("Albergue El Mezquite",),
    "RY": ("Refugio Río Manso",),
    "MT": ("Casa Pan y Sal",),
    "MY": ("Posada Cerro Alto",),
}
SORTS = ("Casa", "Albergue", "Refugio", "Posada", "Hogar")
OTHERS = (
    *(
        "Alameda",
        "Girasol",
        "Puerta Abierta",
        "Tres Fuentes",
        "Buganvilia",
        "Samaria",
        "Camino Real",
        "Nopalera",
        "Golondrina",
    ),
    *(
        "Huizache",
        "Siete Lunas",
        "La Loma",
        "Agua Clara",
        "Piedra Blanca",
        "Cardenal",
        "Amanecer",
        "La Cosecha",
        "Ocotillo",
    ),
)
OPERATORS = (Shelter.Operator.CHURCH, Shelter.Operator.CIVIL, Shelter.Operator.MUNICIPAL, Shelter.Operator.CIVIL)
ROOMS = {Kind.FAMILY: 52, Kind.MEN: 26, Kind.WOMEN: 12, Kind.MIXED: 10}
ROOM_NAMES = {
    Kind.FAMILY: "Sala de familias",
    Kind.MEN: "Dormitorio de hombres",
    Kind.WOMEN: "Dormitorio de mujeres",
    Kind.MIXED: "Salón",
}


@dataclass(frozen=True, slots=True)
class Room:
    """A unit to open; with numbered beds, or with places on the floor."""

    name: str
    kind: Kind
    places: int
    is_accessible: bool = False
    has_beds: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """A shelter to open under the field site `site`."""

    site: str
    code: str
    name: str
    operator: Shelter.Operator
    rooms: tuple[Room, ...]


def houses(present: Iterable[Household]) -> list[House]:
    """The shelters that those of `present` who sleep somewhere need, most of them to be nearly full."""
    sleeping = dict.fromkeys(FIELDS, 0)
    for household in present:
        if household.standing in (Standing.TONIGHT, Standing.SOON, Standing.NO_HEARING):
            sleeping[household.site] += household.size
    return [house for site, people in sleeping.items() for house in _houses_of(site, ceil(people / FILLED))]


def _houses_of(site: str, places: int) -> Iterator[House]:
    number = max(LEAST_HOUSES.get(site, 1), ceil(places / PLACES_OF_A_BIG_HOUSE))
    sizes = largest_remainder(places, {place: 3 + (place * 5) % 7 for place in range(number)})
    for (place, size), name, operator in zip(sizes.items(), _names(site), cycle(OPERATORS), strict=False):
        yield House(site, f"{site}-DEMO{place + 1}", name, operator, tuple(_rooms(max(size, 4), is_first=place == 0)))


def _names(site: str) -> Iterator[str]:
    yield from NAMES[site]
    for number in count():
        for place, other in enumerate(OTHERS):
            suffix = f" {number + 1}" if number else ""
            yield f"{SORTS[(place + number) % len(SORTS)]} {other}{suffix}"


def _rooms(places: int, *, is_first: bool) -> Iterator[Room]:
    if places < PLACES_OF_A_SMALL_ONE:
        yield Room(ROOM_NAMES[Kind.MIXED], Kind.MIXED, places)
        return
    for kind, size in largest_remainder(places, ROOMS).items():
        if size:
            beds = is_first and kind == Kind.MEN and size <= BEDS_UP_TO
            yield Room(ROOM_NAMES[kind], kind, size, is_accessible=kind == Kind.FAMILY, has_beds=beds)
