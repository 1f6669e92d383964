"""The public observations in `shelters/data`, read and cleaned; touches no database. What counts as a number: data/README.md."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from shelters.models import Shelter
from shelters.rules import Kind

DATA = Path(__file__).resolve().parent / "data"
NUMBER = re.compile(r"\d[\d,]*")
OPERATORS = {
    "federal": Shelter.Operator.FEDERAL,
    "inm": Shelter.Operator.FEDERAL,
    "municipal": Shelter.Operator.MUNICIPAL,
    "iom": Shelter.Operator.INTERNATIONAL,
    "church": Shelter.Operator.CHURCH,
    "diocese": Shelter.Operator.CHURCH,
    "civil": Shelter.Operator.CIVIL,
}


class BadSource(Exception):
    """A file says something that is not understood."""


def lines(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of `folder/name`, each value without surrounding blanks."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


@dataclass(frozen=True, slots=True)
class CapacitySaid:
    """What a text says of a capacity: `places` where it is one number beyond doubt, `usable` the number to rely on.

    They differ where sources do: then `places` is None and `usable` the lowest. `by_kind` splits it where the text does.
    """

    places: int | None
    usable: int | None
    by_kind: Mapping[str, int]


def capacity_said(text: str) -> CapacitySaid:
    """Read "800 (raised)", "90 (82 men, 8 women)", "3000 (3,200 in another report)" or "1500 planned"."""
    found = re.fullmatch(r"(\d[\d,]*)(?: beds)?(?: \((.*)\))?", text)
    if not found:
        return CapacitySaid(None, None, {})
    places, remark = _number(found[1]), found[2] or ""
    disputed = [_number(one) for one in NUMBER.findall(remark)] if re.search("report|pinch", remark) else []
    sexes: dict[str, int] = {
        kind: _number(said[1])
        for kind, word in ((Kind.MEN, "men"), (Kind.WOMEN, "women"))
        if (said := re.search(rf"(\d[\d,]*) {word}\b", remark))
    }
    by_kind = sexes if sum(sexes.values()) == places else {}
    return CapacitySaid(None if disputed else places, min([places, *disputed]), by_kind)


def people_said(text: str) -> int | None:
    """The people present where a text says one number: "169 present; 1,425 received in one month". Ranges say none."""
    first = re.split(r"[;(]", text)[0].strip()
    found = re.fullmatch(r"(\d[\d,]*)(?: (?:people|present|in)\b.*)?", first)
    return _number(found[1]) if found else None


def first_day(as_of: str) -> date | None:
    """The first day that "2021-12", "2019" or "2023 (undated article)" can mean; None for "n.d."."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?", as_of)
    return date(int(found[1]), int(found[2] or 1), 1) if found else None


def closes_on(note: str) -> date | None:
    """The first day without guests, from "closed 31 Dec 2022"."""
    found = re.search(r"\bclosed (\d{1,2} \w{3} \d{4})", note)
    return datetime.strptime(found[1], "%d %b %Y").replace(tzinfo=UTC).date() + timedelta(days=1) if found else None


def is_closed_for_works(note: str) -> bool:
    """Whether a note says that the house is closed for works from its own date on."""
    return "closed for works" in note


def operator_of(text: str) -> Shelter.Operator:
    """Who runs a house, by the first word: "federal (STPS/Bienestar)", "IOM/OMPP", "INM + municipal"."""
    word = re.match(r"\w+", text)
    try:
        return OPERATORS[word[0].lower() if word else ""]
    except KeyError:
        raise BadSource(f"shelters_public.csv: operator {text!r}") from None


def _number(text: str) -> int:
    return int(text.replace(",", ""))
