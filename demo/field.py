"""The field as the demo knows it: per site the zone, the bridges over which people come, the court they are called to.

Codes and names are those of the reference data; what people present at follows from where they came over: Nogales had its court
in El Paso, Piedras Negras and Monterrey theirs in Laredo.
"""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Field:
    """A field site: its zone, the crossings people come over (weights), and where and when they are called."""

    code: str
    zone: str
    arrives_over: dict[str, int]
    presents_at: str
    court: str
    court_times: tuple[time, ...]
    area_code: str
    weight: int


MORNING = (time(8, 30),)

FIELDS = {
    field.code: field
    for field in (
        Field(
            "JZ",
            "America/Ciudad_Juarez",
            {"Paso del Norte": 6, "Stanton Street": 3, "Bridge of the Americas": 1},
            "Paso del Norte",
            "ELP",
            MORNING,
            "656",
            42,
        ),
        Field(
            "TJ",
            "America/Tijuana",
            {"San Ysidro PedEast": 3, "San Ysidro PedWest": 1},
            "San Ysidro PedEast",
            "SND",
            (time(8), time(12, 30), time(13)),
            "664",
            20,
        ),
        Field("MX", "America/Tijuana", {"Calexico West": 1}, "Calexico West", "SND", (time(13),), "686", 6),
        Field("NG", "America/Hermosillo", {"DeConcini": 3, "Mariposa": 1}, "Paso del Norte", "ELP", MORNING, "631", 6),
        Field(
            "PN",
            "America/Matamoros",
            {"Eagle Pass Bridge I": 1},
            "Gateway to the Americas",
            "LRO",
            MORNING,
            "878",
            5,
        ),
        Field(
            "NL",
            "America/Matamoros",
            {"Gateway to the Americas": 4, "Juárez-Lincoln": 1},
            "Gateway to the Americas",
            "LRO",
            MORNING,
            "867",
            6,
        ),
        Field("RY", "America/Matamoros", {"Hidalgo": 1}, "Gateway International", "HLG", MORNING, "899", 4),
        Field(
            "MT",
            "America/Matamoros",
            {"Gateway International": 3, "Brownsville and Matamoros (B&M)": 1},
            "Gateway International",
            "HLG",
            MORNING,
            "868",
            7,
        ),
        Field(
            "MY",
            "America/Monterrey",
            {"Gateway to the Americas": 1},
            "Gateway to the Americas",
            "LRO",
            MORNING,
            "81",
            4,
        ),
    )
}
COURT_ZONES = {
    "ELP": "America/Denver",
    "SND": "America/Los_Angeles",
    "LRO": "America/Chicago",
    "SNA": "America/Chicago",
    "HLG": "America/Chicago",
}
LAREDO_OPENED = (2022, 2, 28)  # before, judges in San Antonio heard Laredo's cases by video (data/courts.csv)

# Who is returned at present [inference]: no table of the reinstatement gives nationalities.
PRESENT_NATIONALITIES = {"VE": 24, "HN": 16, "GT": 14, "NI": 10, "CU": 10, "EC": 8, "CO": 6, "HT": 8, "SV": 4, "BR": 4}
# Sizes of the groups at a reception centre, in percent of 12,522 real groups.
GROUP_SIZES = {1: 53, 2: 16, 3: 20, 4: 9, 5: 2}
