"""What the public tables in `demo/data` say, as shares, and how a share becomes a whole number of people."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

DATA = Path(__file__).resolve().parent / "data"
MONTHS = "January February March April May June July August September October November December".split()
FIRST_MONTH_OF_FISCAL_YEAR = 10

Key = TypeVar("Key")
Month = tuple[int, int]

CITIZENSHIPS = {
    "Honduras": "HN",
    "Guatemala": "GT",
    "El Salvador": "SV",
    "Cuba": "CU",
    "Ecuador": "EC",
    "Venezuela": "VE",
    "Colombia": "CO",
    "Peru": "PE",
    "Other": "other",
}

# Who "Other" are, no table tells [inference]: Nicaraguans above all ("most of 7,290" in fiscal 2022), Brazilians from
# January 2020 on, when they were added to the programme, and a few from elsewhere.
OTHERS_BEFORE = {"NI": 90, "HT": 4, "DO": 3, "BZ": 3}
OTHERS_SINCE = {"NI": 80, "BR": 13, "HT": 4, "DO": 2, "BZ": 1}
BRAZIL_SINCE: Month = (2020, 1)

# Which city a sector returned to [inference from press]. Weights, where there is more than one.
CITY_OF_SECTOR = {
    "San Diego": {"TJ": 1},
    "El Centro": {"MX": 1},
    "Yuma": {"MX": 1},
    "Tucson": {"NG": 1},
    "El Paso": {"JZ": 1},
    "Big Bend": {"JZ": 1},
    "Del Rio": {"PN": 3, "MY": 1},
    "Laredo": {"NL": 3, "MY": 1},
    "Rio Grande Valley": {"MT": 3, "RY": 1},
}
CITY_OF_COURT = {
    "el_paso": {"JZ": 1},
    "san_ysidro": {"TJ": 1},
    "calexico": {"MX": 1},
    "laredo": {"NL": 3, "MY": 1},
    "brownsville": {"MT": 1},
}
# MPP 2 began in Ciudad Juárez and went on in Tijuana, Nuevo Laredo and Matamoros; its shares are not published by city [inference].
CITIES_OF_MPP_2 = {"JZ": 60, "TJ": 25, "NL": 7, "MY": 3, "MT": 5}

# TRAC's language is by case, here it is given to those who speak it. Quechua is spoken in Ecuador and Peru, the Mayan languages
# (and Q'anjob'al's neighbours) in Guatemala.
SPOKEN_IN = {"por": ("BR",), "que": ("EC", "PE")}
MAYAN_SPOKEN_IN = ("GT",)


def largest_remainder(total: int, weights: Mapping[Key, float]) -> dict[Key, int]:
    """`total` parted by `weights` into whole numbers that add up to it: floors first, then the largest remainders.

    Equal remainders go to the earlier key, so that the same question has the same answer.
    """
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in rest[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


@cache
def people_by_month() -> dict[Month, int]:
    """People returned, by (year, month), in order. Rounded to 10 by the source."""
    return {
        (int(line["month"][:4]), int(line["month"][5:])): int(line["persons_rounded_10"])
        for line in _lines("ohss_mpp_bookouts_total_by_month.csv")
    }


@cache
def nationalities(month: Month) -> dict[str, float]:
    """How many of `month` held which nationality (ISO alpha-2)."""
    told = _bookouts("citizenship", month)
    others = OTHERS_SINCE if month >= BRAZIL_SINCE else OTHERS_BEFORE
    found: dict[str, float] = {code: told.get(name, 0) for name, code in CITIZENSHIPS.items() if code != "other"}
    for code, weight in others.items():
        found[code] = told.get("Other", 0) * weight / sum(others.values())
    return {code: people for code, people in found.items() if people}


@cache
def family_share(month: Month) -> float:
    """The share of people of `month` who came in families, 0 to 1."""
    told = _bookouts("family_status", month)
    families, singles = told.get("Family Unit Individuals", 0), told.get("Single Adults", 0)
    return families / (families + singles) if families + singles else 0.0


@cache
def field_sites(month: Month) -> dict[str, float]:
    """How many of `month` were returned to which field site: by sector where CBP told, by court in 2019, else inferred."""
    by_sector = [line for line in _lines("cbp_mpp_usbp_enrolments_by_sector_month.csv") if _month(line) == month]
    if by_sector:
        return _sites((CITY_OF_SECTOR[line["usbp_sector"]], int(line["enrolments"])) for line in by_sector)
    by_court = list(_lines("trac_mpp_by_court_2019.csv"))
    if month[0] > int(by_court[-1]["month"][:4]):
        return dict(CITIES_OF_MPP_2)
    told = next((line for line in by_court if _month(line) == month), by_court[-1])
    return _sites((cities, int(told[court])) for court, cities in CITY_OF_COURT.items())


@cache
def languages_of(nationality: str) -> dict[str, float]:
    """The languages of people of `nationality` (ISO 639-3) with weights, such that all together match TRAC's shares."""
    if nationality == "HT":
        return {"hat": 1}
    if nationality == "BR":
        return {"por": 1}
    by_code = {
        line["iso639_3"]: int(line["pending_cases_of_29423"])
        for line in _lines("trac_pending_languages_2021-01.csv")
        if len(line["iso639_3"]) == 3 and line["iso639_3"] not in ("spa", "por")
    }
    spoken = {code: cases for code, cases in by_code.items() if nationality in SPOKEN_IN.get(code, MAYAN_SPOKEN_IN)}
    return {"spa": max(1.0, _share_of(SPOKEN_IN.get(next(iter(spoken), ""), MAYAN_SPOKEN_IN)) * 29_423), **spoken}


@cache
def _share_of(countries: tuple[str, ...]) -> float:
    """The share of people from `countries` over all months."""
    everyone: dict[str, float] = {}
    for month in people_by_month():
        for code, people in nationalities(month).items():
            everyone[code] = everyone.get(code, 0) + people
    return sum(everyone.get(code, 0) for code in countries) / sum(everyone.values())


def _sites(found: Iterable[tuple[Mapping[str, int], int]]) -> dict[str, float]:
    sites: dict[str, float] = {}
    for cities, people in found:
        for city, weight in cities.items():
            sites[city] = sites.get(city, 0) + people * weight / sum(cities.values())
    return {site: people for site, people in sites.items() if people}


def _month(line: Mapping[str, str]) -> Month:
    return int(line["month"][:4]), int(line["month"][5:])


@cache
def _bookouts(dimension: str, month: Month) -> dict[str, int]:
    """The figures of one dimension in one month; those that the source holds back count nothing."""
    year, number = month
    fiscal_year = year + (number >= FIRST_MONTH_OF_FISCAL_YEAR)
    return {
        line["group"]: int(line["mpp_bookouts"])
        for line in _lines("mpp_bookouts_monthly.csv")
        if line["dimension"] == dimension
        and line["fiscal_year"] == str(fiscal_year)
        and line["month"] == MONTHS[number - 1]
        and line["mpp_bookouts"] != "X"
    }


@cache
def _lines(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
