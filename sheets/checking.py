"""One family on a sheet: what it tells, or what is wrong with it, cell by cell. No database, no clock."""

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.actions.people import PersonEntry
from cases.intake import likely_relation
from cases.models import Relation
from cases.rules import ADULT_YEARS, age_on
from places import zones
from places.models import Crossing
from places.rules import folded
from privacy import keyring as keyrings
from privacy.names import words_of_name
from sheets import cells
from sheets.grouping import MOST_PEOPLE
from sheets.mistakes import Unreadable
from sheets.outlines import Outline
from sheets.reading import Cell, Row
from sheets.words import NOTHING

Value = TypeVar("Value")
NOON = time(12)
UNTOLD: tuple[date | None, bool] = (None, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where and when the sheet was brought in: what holds where a cell says nothing. `now` is when it was uploaded."""

    site: int
    zone: str
    now: datetime
    arrived_on: date
    crossing: Crossing | None
    crossings: Mapping[str, Crossing]

    @property
    def today(self) -> date:
        """The day at the site."""
        return zones.local(self.now, self.zone).date()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one cell: its row's number, its column's index (None: the row as a whole), a code of `mistakes.MISTAKES`."""

    row: int
    column: int | None
    code: str


@dataclass(slots=True)
class Checked:
    """What a family's rows tell. `people` begin with the head; `keys` tell who they are for the fingerprint."""

    people: list[PersonEntry] = field(default_factory=list)
    language: str = "spa"
    crossing: Crossing | None = None
    occurred_at: datetime | None = None
    keys: list[list[str]] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)


@dataclass(slots=True)
class _Told:
    """One row, read."""

    row: Row
    given_names: str
    surnames: str
    relation: str
    sex: str
    birth_date: date | None
    is_estimated: bool
    nationality: str
    a_number: str
    has_no_a_number: bool
    phone: str
    phone_owner: str
    email: str
    notes: str

    def age(self, day: date) -> int | None:
        return None if self.birth_date is None else age_on(self.birth_date, day)


def check(rows: Sequence[Row], outline: Outline, ground: Ground) -> Checked:
    """Everything that the rows of one family tell, and everything that is wrong with them."""
    checked = Checked(crossing=ground.crossing)
    reader = _Reader(outline, ground, checked.wrongs)
    _arrival(reader, rows, checked)
    day = zones.local(checked.occurred_at, ground.zone).date() if checked.occurred_at else ground.today
    people = [_person(reader, row, day) for row in rows]
    if len(people) > MOST_PEOPLE:
        reader.wrong(rows[0], "family", "too_many")
    head = _head(reader, people, day)
    checked.people = _entries(people, head, day)
    told_on = checked.occurred_at and reader.first(rows, "arrived_on")[0] is not None
    checked.keys = [[day.isoformat() if told_on else ""], *sorted(_key(person, day) for person in people)]
    return checked


def fingerprint_of(checked: Checked, ground: Ground) -> int:
    """What a family is known by on any sheet of its site: a keyed, signed 64-bit number. The order of its rows does not matter."""
    text = json.dumps([ground.site, checked.keys])
    key = keyrings.current().index_key_for("sheets:family")
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:8], "big", signed=True)


def digest_of(content: bytes) -> int:
    """What a file is known by: a keyed, signed 64-bit number."""
    key = keyrings.current().index_key_for("sheets:file")
    return int.from_bytes(hmac.digest(key, content, "sha256")[:8], "big", signed=True)


class _Reader:
    """Reads cells and keeps what is wrong with them."""

    def __init__(self, outline: Outline, ground: Ground, wrongs: list[Wrong]) -> None:
        self.outline, self.ground, self.wrongs = outline, ground, wrongs

    def has(self, field: str) -> bool:
        return field in self.outline.fields

    def cell(self, row: Row, field: str) -> Cell:
        return row.at(self.outline.fields.get(field))

    def wrong(self, row: Row, field: str, code: str) -> None:
        self.wrongs.append(Wrong(row.number, self.outline.fields.get(field), code))

    def read(self, row: Row, field: str, how: Callable[[Cell], Value], otherwise: Value) -> Value:
        cell = self.cell(row, field)
        if cell is None:
            return otherwise
        try:
            return how(cell)
        except Unreadable as mistake:
            self.wrong(row, field, mistake.code)
            return otherwise

    def first(self, rows: Sequence[Row], field: str) -> tuple[Cell, Row]:
        """The first answer of a family to what is asked once, and its row."""
        return next(((cell, row) for row in rows if (cell := self.cell(row, field)) is not None), (None, rows[0]))


def _arrival(reader: _Reader, rows: Sequence[Row], checked: Checked) -> None:
    ground = reader.ground
    for each in ("arrived_on", "arrived_time", "crossing", "language"):
        if not reader.has(each):
            continue
        _cell, row = reader.first(rows, each)
        if each == "language":
            checked.language = reader.read(row, each, cells.language_of, "") or "spa"
        elif each == "crossing":
            checked.crossing = reader.read(row, each, ground_crossing(ground), None) or ground.crossing
    day_row, time_row = reader.first(rows, "arrived_on")[1], reader.first(rows, "arrived_time")[1]
    day = reader.read(day_row, "arrived_on", cells.date_of, None) or ground.arrived_on
    clock = reader.read(time_row, "arrived_time", cells.time_of, None)
    if day > ground.today:
        reader.wrong(day_row, "arrived_on", "future")
        return
    local = zones.local(ground.now, ground.zone)
    clock = clock or (local.time().replace(microsecond=0) if day == ground.today else NOON)
    zone = checked.crossing.zone if checked.crossing else ground.zone
    try:
        checked.occurred_at = zones.wall_to_utc(datetime.combine(day, clock), zone)
    except zones.NonexistentTime:
        reader.wrong(time_row, "arrived_time", "no_time")
        return
    if checked.occurred_at > ground.now:
        reader.wrong(time_row, "arrived_time", "future")


def ground_crossing(ground: Ground) -> Callable[[Cell], Crossing | None]:
    """A reader of crossings by either of their names."""

    def read(cell: Cell) -> Crossing | None:
        word = folded(cells.text_of(cell))
        if not word:
            return None
        if word not in ground.crossings:
            raise Unreadable("crossing")
        return ground.crossings[word]

    return read


def _person(reader: _Reader, row: Row, day: date) -> _Told:
    given_names, surnames = _names(reader, row)
    if not (given_names or surnames):
        reader.wrong(row, "given_names", "no_name")
    born, is_estimated = reader.read(row, "birth_date", lambda cell: cells.birth_of(cell, today=day), UNTOLD)
    if born is None:
        born, is_estimated = reader.read(row, "age", lambda cell: cells.birth_of(cell, today=day), UNTOLD)
    a_number = reader.read(row, "a_number", cells.a_number_of, "")
    if a_number and row.number in reader.outline.twice:
        reader.wrong(row, "a_number", "a_number_twice")
    letters = reader.outline.letters
    return _Told(
        row=row,
        given_names=given_names,
        surnames=surnames,
        relation=reader.read(row, "relation", cells.relation_of, ""),
        sex=reader.read(row, "sex", lambda cell: cells.sex_of(cell, letters=letters), ""),
        birth_date=born,
        is_estimated=is_estimated,
        nationality=reader.read(row, "nationality", cells.nationality_of, "")
        or reader.read(row, "nationality_eoir", cells.eoir_nationality_of, ""),
        a_number=a_number,
        has_no_a_number=not a_number and reader.cell(row, "a_number") is not None,
        phone=reader.read(row, "phone", cells.phone_of, ""),
        phone_owner=reader.read(row, "phone_owner", cells.phone_owner_of, ""),
        email=reader.read(row, "email", _email, ""),
        notes=reader.read(row, "notes", lambda cell: cells.text_of(cell, longest=1000), ""),
    )


def _names(reader: _Reader, row: Row) -> tuple[str, str]:
    """Given names and surnames, whether they stand in one column, in two or in four."""
    told = {
        each: reader.read(row, each, cells.name_of, "")
        for each in ("given_names", "second_name", "surnames", "second_surname", "full_name")
        if reader.has(each)
    }
    given = " ".join(filter(None, (told.get("given_names"), told.get("second_name"))))
    surnames = " ".join(filter(None, (told.get("surnames"), told.get("second_surname"))))
    whole = told.get("full_name", "")
    if given or surnames:
        return (
            (given or whole, surnames) if reader.has("surnames") else cells.parted_name(f"{given} {surnames}".strip())
        )
    return cells.parted_name(whole)


def _email(cell: Cell) -> str:
    text = cells.text_of(cell)
    if folded(text) in NOTHING:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise Unreadable("email") from None
    return text


def _head(reader: _Reader, people: Sequence[_Told], day: date) -> _Told:
    """Who is said to be the head, else the first adult, else the first."""
    heads = [person for person in people if person.relation == Relation.HEAD]
    for other in heads[1:]:
        reader.wrong(other.row, "relation", "two_heads")
    adults = [person for person in people if (person.age(day) or 0) >= ADULT_YEARS and not person.relation]
    return [*heads, *adults, *people][0]


def _entries(people: Sequence[_Told], head: _Told, day: date) -> list[PersonEntry]:
    """The people, head first; who has no surnames gets the head's, who has no relation the likely one."""
    others = [person for person in people if person is not head]
    has_partner = any(other.relation == Relation.PARTNER for other in others)
    entries = [_entry(head, Relation.HEAD, head.surnames)]
    for other in others:
        likely = likely_relation(head.age(day), other.age(day), has_partner=has_partner)
        relation = Relation(other.relation) if other.relation not in ("", Relation.HEAD) else likely
        has_partner |= relation is Relation.PARTNER
        entries.append(_entry(other, relation, head.surnames))
    return entries


def _entry(person: _Told, relation: Relation, surnames: str) -> PersonEntry:
    return PersonEntry(
        given_names=person.given_names,
        surnames=person.surnames or surnames,
        birth_date=person.birth_date,
        birth_is_estimated=person.is_estimated,
        sex=person.sex,
        nationality=person.nationality,
        relation=relation,
        a_number=person.a_number,
        has_no_a_number_yet=person.has_no_a_number,
        phone=person.phone,
        phone_owner=person.phone_owner,
        email=person.email,
        notes=person.notes,
    )


def _key(person: _Told, day: date) -> list[str]:
    """What tells somebody from others: the words of the name, the birth date or the age, the A-number."""
    born = "" if person.birth_date is None else str(person.age(day)) if person.is_estimated else str(person.birth_date)
    return [" ".join(sorted(words_of_name(person.given_names, person.surnames))), born, person.a_number]
