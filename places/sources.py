"""The files in `places/data` read and cleaned: what they say, in shapes that can be written down. Touches no database.

The files are copied unchanged and their dirt is handled here, so that a newer copy needs no hand. Whatever cannot be
understood raises `BadSource` with file and value: a place that was guessed at is a missed hearing.
"""

import csv
import hashlib
import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

from places.rules import folded

DATA = Path(__file__).resolve().parent / "data"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class BadSource(Exception):
    """A reference file says something that is not understood or that contradicts another file."""


def lines(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of `folder/name`, each value without surrounding blanks."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def digest(folder: Path = DATA) -> str:
    """SHA-256 over all reference files, by name and content."""
    sums = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        sums.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()


def coordinate(text: str) -> Decimal | None:
    """Degrees to six digits after the point, or None where the file has none."""
    return Decimal(text).quantize(Decimal("0.000001")) if text else None


def split_reservation(text: str) -> tuple[str, str]:
    """`text` without the bracket at its end, and what the bracket says: "MPL (by video 2019-21)"."""
    found = re.fullmatch(r"(.*?)\s*\(([^()]*)\)", text)
    return (found[1], found[2]) if found else (text, "")


@dataclass(frozen=True, slots=True)
class ReportRuleLine:
    """One rule out of the text of a crossing: a clock time for a court time, or minutes before any."""

    court_time: time | None
    report_time: time | None
    minutes_before: int | None
    note: str = ""


def report_rules(text: str) -> list[ReportRuleLine]:
    """The rules in "08:00 court -> 04:00; 12:30 -> 09:00" or "4 h before (court in El Paso: travel first)"."""
    found: list[ReportRuleLine] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        bare, note = split_reservation(part)
        if times := re.fullmatch(r"(\d\d:\d\d)(?: court)?\s*->\s*(\d\d:\d\d)", bare):
            found.append(ReportRuleLine(time.fromisoformat(times[1]), time.fromisoformat(times[2]), None, note))
        elif hours := re.fullmatch(r"(\d+) h before", bare):
            found.append(ReportRuleLine(None, None, int(hours[1]) * 60, note))
        else:
            raise BadSource(f"crossings.csv: report rule {part!r}")
    return found


def basis_of(source: str) -> tuple[str, str]:
    """How sure a rule is, by the first word of its source, and what the source adds as a note after a semicolon."""
    found = re.fullmatch(r"(documented|press|estimate)(?: for the port)?(?: \(.*\))?(?:; (.*))?", source)
    if not found:
        raise BadSource(f"crossings.csv: source {source!r}")
    return found[1], found[2] or ""


@dataclass(frozen=True, slots=True)
class CourtName:
    """The name of a court freed of the dates that were written into it, and those dates as a half-open span."""

    name: str
    valid_from: date | None
    valid_to: date | None


def court_name(text: str) -> CourtName:
    """Take apart "San Diego Immigration Court (to 27 Mar 2020)" or "Laredo (opened 28 Feb 2022)"."""
    name, note = split_reservation(text)
    if not note:
        return CourtName(name, None, None)
    found = re.fullmatch(r"(to|from|opened) (\d{1,2}) (\w{3}) (\d{4})", note)
    if not found or found[3] not in MONTHS:
        raise BadSource(f"courts.csv: name {text!r}")
    day = date(int(found[4]), MONTHS.index(found[3]) + 1, int(found[2]))
    return CourtName(name, None, day + timedelta(days=1)) if found[1] == "to" else CourtName(name, day, None)


def court_address(text: str) -> tuple[str, str, str, bool]:
    """Address, city, state and whether the source stands by it: "2009 W Jefferson Ave, Harlingen, TX (unverified)"."""
    address, note = split_reservation(text)
    found = re.search(r", ([A-Za-z .]+), ([A-Z]{2})(?: \d{5})?$", address)
    if not found or note not in ("", "unverified"):
        raise BadSource(f"courts.csv: address {text!r}")
    return address, found[1], found[2], note != "unverified"


def sittings(text: str) -> dict[str, str]:
    """Hearing location codes with the reservation about each: "SYP;OPP;CIX", "TUM (presumed)"."""
    return dict(split_reservation(part.strip()) for part in text.split(";") if part.strip())


def with_sources_spelt_out(courts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Replace the source "same" by that of the line before."""
    spelt: list[dict[str, str]] = []
    for line in courts:
        spelt.append({**line, "source": spelt[-1]["source"]} if line["source"] == "same" and spelt else line)
    return spelt


def location_description(text: str) -> tuple[str, bool, bool]:
    """EOIR's description with single blanks, whether it names MPP, and whether it is real (not EOIR's test row)."""
    description = " ".join(text.split())
    is_real = "TEST" not in description.split()
    return description, is_real and "MPP" in re.findall(r"[A-Z]+", description), is_real


def state_of(text: str) -> tuple[str, str]:
    """State and note of a municipality: "Coahuila (homonym)"."""
    return split_reservation(text)


def city_key(name: str, country: str, state: str = "") -> tuple[str, str, str]:
    """How files name the same city differently: by accents only. The state stands beside it where the file knows it."""
    return folded(name), country, state
