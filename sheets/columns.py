"""Which column holds what: the row of headings is found, and its headings understood, in Spanish or English and in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from places.rules import folded
from sheets.reading import Row, Sheet, SheetRefused

# Titles, dates and logos stand above the headings, seldom more than a few rows of them.
LATEST_HEADINGS = 40


class NoHeadings(SheetRefused):
    """No row of the sheet says what its columns hold."""

    code = "sheet_no_headings"
    message = _(
        "No row with column names was found. Name the columns as in the template, for example “Nombres”, “Apellidos”."
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """One column as the sheet names it: its index (0 is A), its text, and what the sheet calls it: A, B, AA."""

    index: int
    text: str
    letters: str


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a sheet hold. `found` maps the names of fields to their columns.

    `unknown` are columns that nobody asked for: shown and left alone. `doubled` are those whose field an earlier column holds already.
    """

    row: int
    found: Mapping[str, Heading]
    unknown: Sequence[Heading]
    doubled: Sequence[Heading]

    def index_of(self, field: str) -> int | None:
        """The index of the column that holds `field`, None where the sheet has none."""
        heading = self.found.get(field)
        return heading.index if heading else None

    def letters_of(self, field: str) -> str:
        """What the sheet calls the column that holds `field`; empty where it has none."""
        heading = self.found.get(field)
        return heading.letters if heading else ""


def find_columns(sheet: Sheet, spellings: Mapping[str, Sequence[str]], *, at_least: int = 2) -> Columns:
    """The columns of `sheet`, whose headings stand in the first row that names the most fields, and `at_least` that many.

    `spellings` are the headings that each field goes by; accents, case, signs and what stands in brackets do not count, and neither
    do small slips and the names of groups that ODK puts before them (`member/given_names`). Raises NoHeadings.
    """
    fields = {plain(spelling): field for field, names in spellings.items() for spelling in (field, *names)}
    head = sheet.rows[:LATEST_HEADINGS]
    matches = [len(_named(row, fields)) for row in head]
    best = max(matches, default=0)
    if best < at_least:
        raise NoHeadings()
    return _columns(sheet, head[matches.index(best)], fields)


def rows_below(sheet: Sheet, columns: Columns) -> list[Row]:
    """The rows under the headings; the same headings again (a second page of a printed list) are left out."""
    headings = next(row for row in sheet.rows if row.number == columns.row)
    return [row for row in sheet.rows if row.number > columns.row and row.cells != headings.cells]


def plain(heading: str) -> str:
    """A heading as it is compared: "Fecha de nacimiento (dd/mm/aaaa) *" and "FECHA DE NACIMIENTO" are one."""
    last = re.split(r"[/:]", heading.strip())[-1] if GROUPED.fullmatch(heading.strip()) else heading
    words = (folded(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", last)) or folded(last)).split()
    return " ".join(word for word in words if word not in SMALL_WORDS) or " ".join(words)


SMALL_WORDS = frozenset("de del la las el los of the".split())
# A slip of the pen in a heading is forgiven where enough letters are left to be sure.
LEAST_LETTERS, LEAST_LIKENESS = 7, 90
# group/question, as ODK and Kobo write it: names of forms, without a space.
GROUPED = re.compile(r"(?:[A-Za-z_][\w.-]*[/:])+[A-Za-z_][\w.-]*")


def _field_of(heading: str, fields: Mapping[str, str]) -> str | None:
    word = plain(heading)
    if word in fields or len(word) < LEAST_LETTERS:
        return fields.get(word)
    near = process.extractOne(word, list(fields), scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
    return fields[near[0]] if near else None


def _named(row: Row, fields: Mapping[str, str]) -> set[str]:
    return {field for cell in row.cells if isinstance(cell, str) and (field := _field_of(cell, fields))}


def _columns(sheet: Sheet, row: Row, fields: Mapping[str, str]) -> Columns:
    found: dict[str, Heading] = {}
    unknown: list[Heading] = []
    doubled: list[Heading] = []
    for index, cell in enumerate(row.cells):
        if cell is None:
            continue
        heading = Heading(index, str(cell), sheet.label(index))
        field = _field_of(str(cell), fields)
        if field is None:
            unknown.append(heading)
        elif field in found:
            doubled.append(heading)
        else:
            found[field] = heading
    return Columns(row.number, found, unknown, doubled)
