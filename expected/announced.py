"""A sheet of the authorities as announced families: one row a person, or one a family with how many come.

Lists come in every shape, and a day cannot wait for a better one: a cell that cannot be read is left empty and said by row and
column, the family is taken all the same.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from cases.actions.people import PersonEntry
from cases.models import Relation
from expected.actions.lists import FamilyEntry
from places.models import Crossing
from places.rules import folded
from sheets import cells
from sheets.columns import Columns, Heading, find_columns, rows_below
from sheets.mistakes import Mistake, Unreadable
from sheets.reading import Cell, Row, Sheet

Value = TypeVar("Value")

SPELLINGS: Mapping[str, Sequence[str]] = {
    "family": (
        "familia|grupo|folio|núcleo|grupo familiar|núcleo familiar|no familia|número de familia|num familia|id familia|"
        "folio familiar|clave familiar|fam|family|family unit|family number|family id|group|group id|fmu|fmua"
    ).split("|"),
    "full_name": "nombre completo|nombre y apellidos|nombre y apellido|persona|full name|name|complete name".split("|"),
    "given_names": "nombre|nombres|nombre s|nombre de pila|given names|given name|first name|first names".split("|"),
    "first_name": "primer nombre".split("|"),
    "second_name": "segundo nombre|middle name".split("|"),
    "surnames": "apellido|apellidos|surname|surnames|last name|last names|family name".split("|"),
    "first_surname": "primer apellido|apellido paterno|paterno|first surname".split("|"),
    "second_surname": "segundo apellido|apellido materno|materno|second surname".split("|"),
    "birth": (
        "fecha de nacimiento|fecha nacimiento|nacimiento|f nacimiento|f nac|fecha nac|fdn|date of birth|birth date|birthdate|dob"
    ).split("|"),
    "age": "edad|edad años|años|age".split("|"),
    "sex": "sexo|género|genero|sex|gender".split("|"),
    "nationality": "nacionalidad|país|pais|país de origen|nationality|country|citizenship|country of citizenship".split(
        "|"
    ),
    "eoir": "eoir|código eoir|nacionalidad eoir|eoir nationality|eoir code".split("|"),
    "a_number": (
        "número a|numero a|no a|núm a|num a|a|a number|a no|a num|alien number|alien registration number|número de extranjero|anumber"
    ).split("|"),
    "size": "personas|número de personas|no personas|total de personas|integrantes|miembros|people|size|family size".split(
        "|"
    ),
    "crossing": "cruce|puente|puerto|puerto de entrada|punto de entrada|crossing|bridge|port|port of entry|poe".split(
        "|"
    ),
}
NO_NAMES = frozenset("total|totales|subtotal|suma|total general|grand total".split("|"))
LARGEST_FAMILY = 30


@dataclass(slots=True)
class Announced:
    """What a sheet announces: its families in order, cells that could not be read, columns that nobody asked for."""

    families: list[FamilyEntry]
    mistakes: list[Mistake] = field(default_factory=list)
    unknown: Sequence[Heading] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    person: PersonEntry
    size: int
    crossing: Crossing | None


def announced_in(sheet: Sheet, *, today: date, crossings: Sequence[Crossing]) -> Announced:
    """The families of `sheet`, a list for the day `today`; `crossings` are those that it may name. Raises NoHeadings."""
    columns = find_columns(sheet, SPELLINGS)
    rows = rows_below(sheet, columns)
    reader = _Reader(columns, rows, today, crossings)
    lines = [line for row in rows if (line := reader.line_of(row)) is not None]
    return Announced([_family(each) for each in _grouped(lines)], reader.mistakes, columns.unknown)


def _grouped(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Rows that share a family's number, wherever they stand.

    A row without a number comes alone; but where no number stands twice, the cells of a family were merged and the number is that
    of the rows below it too.
    """
    is_merged = max(Counter(line.key for line in lines if line.key).values(), default=0) == 1
    families: list[list[_Line]] = []
    by_key: dict[str, list[_Line]] = {}
    for line in lines:
        known = families[-1] if is_merged and families and not line.key else by_key.get(line.key)
        if known is not None:
            known.append(line)
            continue
        families.append([line])
        if line.key:
            by_key[line.key] = families[-1]
    return families


def _family(lines: Sequence[_Line]) -> FamilyEntry:
    head = lines[0]
    crossing = next((line.crossing for line in lines if line.crossing), None)
    size = max(len(lines), *(line.size for line in lines))
    return FamilyEntry(people=tuple(line.person for line in lines), size=size, key=head.key, crossing=crossing)


class _Reader:
    """Reads the rows of one sheet and keeps its mistakes."""

    def __init__(self, columns: Columns, rows: Sequence[Row], today: date, crossings: Sequence[Crossing]) -> None:
        self.columns, self.today = columns, today
        self.mistakes: list[Mistake] = []
        self.letters = cells.lone_letters([row.at(columns.index_of("sex")) for row in rows])
        self.crossings = {folded(name): each for each in crossings for name in _names_of(each)}

    def line_of(self, row: Row) -> _Line | None:
        """What `row` says, None for one about nobody: a total, a signature."""
        given, surnames = self._name(row)
        a_number = self._read(row, "a_number", cells.a_number_of) or ""
        if folded(given) in NO_NAMES or not (given or surnames or a_number):
            return None
        born, is_estimated = self._born(row)
        person = PersonEntry(
            given_names=given,
            surnames=surnames,
            birth_date=born,
            birth_is_estimated=is_estimated,
            sex=self._read(row, "sex", lambda cell: cells.sex_of(cell, letters=self.letters)) or "",
            nationality=self._nationality(row),
            relation=Relation.HEAD,
            a_number=a_number,
        )
        size = self._read(row, "size", lambda cell: cells.number_of(cell, least=1, most=LARGEST_FAMILY)) or 1
        key = self._read(row, "family", lambda cell: cells.text_of(cell, longest=40)) or ""
        crossing = self.crossings.get(folded(self._read(row, "crossing", cells.text_of) or ""))
        return _Line(key, person, size, crossing)

    def _name(self, row: Row) -> tuple[str, str]:
        parts = {
            name: self._read(row, name, cells.name_of) or ""
            for name in (
                *("full_name", "given_names", "first_name", "second_name"),
                *("surnames", "first_surname", "second_surname"),
            )
        }
        given = _joined(parts["given_names"] or parts["first_name"], parts["second_name"])
        surnames = parts["surnames"] or _joined(parts["first_surname"], parts["second_surname"])
        whole = parts["full_name"] if not surnames else ""
        has_surnames = any(name in self.columns.found for name in ("surnames", "first_surname"))
        if not (whole or has_surnames):
            whole = given  # a column "Nombre" alone holds the whole name
        return cells.parted_name(whole) if whole and not surnames else (given or parts["full_name"], surnames)

    def _born(self, row: Row) -> tuple[date | None, bool]:
        for name in ("birth", "age"):
            found = self._read(row, name, lambda cell: cells.birth_of(cell, today=self.today))
            if found is not None and found[0] is not None:
                return found
        return None, False

    def _nationality(self, row: Row) -> str:
        return (
            self._read(row, "nationality", cells.nationality_of)
            or self._read(row, "eoir", cells.eoir_nationality_of)
            or ""
        )

    def _read(self, row: Row, name: str, read: Callable[[Cell], Value]) -> Value | None:
        heading = self.columns.found.get(name)
        if heading is None:
            return None
        try:
            return read(row.at(heading.index))
        except Unreadable as mistake:
            self.mistakes.append(Mistake(row.number, heading.letters, heading.text, mistake.code))
            return None


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _names_of(crossing: Crossing) -> list[str]:
    names = [crossing.name, crossing.also_called, crossing.label]
    return [name for name in names if name]
