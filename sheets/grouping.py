"""Rows of people become families, and the two tables of an ODK export become one."""

from collections.abc import Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Relation
from places.rules import folded
from sheets.cells import relation_of, text_of
from sheets.columns import Columns, NoHeadings, find_columns
from sheets.mistakes import Unreadable
from sheets.questions import NAMES, spellings
from sheets.reading import Cell, Row, Sheet

MOST_PEOPLE = 40
# A repeat of ODK or Kobo points at the row of its household: these pairs of columns say how.
KEYS = (("_index", "_parent_index"), ("KEY", "PARENT_KEY"), ("_id", "_submission__id"), ("_uuid", "_submission__uuid"))


class Way(StrEnum):
    """How it was told who belongs together."""

    BY_COLUMN = "column"
    BY_HEAD = "head"
    ALONE = "alone"


WAYS: dict[str, Promise] = {
    Way.BY_COLUMN: _("Who has the same “Family” is one family."),
    Way.BY_HEAD: _("A new family begins at each head of household."),
    Way.ALONE: _("There is no “Family” column: each row is a family of one."),
}


class NoNames(NoHeadings):
    """The columns were found, and none holds a name."""

    code = "sheet_no_names"
    message = _("No column with names was found. Name it “Nombres”, or “Nombre completo”.")


def table_of(book: Sequence[Sheet]) -> tuple[Sheet, Columns]:
    """The table of people in a workbook with what its columns hold: the one with names and the most known columns.

    Raises NoHeadings, NoNames.
    """
    tables: list[tuple[Sheet, Columns]] = []
    for sheet in [*_joined(book), *book]:
        try:
            tables.append((sheet, find_columns(sheet, spellings())))
        except NoHeadings:
            continue
    if not tables:
        raise NoHeadings()
    named = [(sheet, columns) for sheet, columns in tables if any(name in columns.found for name in NAMES)]
    if not named:
        raise NoNames()
    return max(named, key=lambda table: len(table[1].found))


def families_of(rows: Sequence[Row], columns: Columns) -> tuple[list[list[Row]], Way]:
    """The rows of each family, in the order in which families first appear, and how it was told."""
    family, relation = columns.index_of("family"), columns.index_of("relation")
    if family is not None:
        return _by_column(rows, family), Way.BY_COLUMN
    if relation is not None and any(_is_head(row.at(relation)) for row in rows):
        return _by_head(rows, relation), Way.BY_HEAD
    return [[row] for row in rows], Way.ALONE


def _by_column(rows: Sequence[Row], column: int) -> list[list[Row]]:
    """Whoever has the same entry; an empty one belongs to the row above, as in cells that were merged."""
    families: dict[str, list[Row]] = {}
    last = ""
    for row in rows:
        last = _key(row.at(column)) or last
        families.setdefault(last, []).append(row)
    return list(families.values())


def _by_head(rows: Sequence[Row], column: int) -> list[list[Row]]:
    families: list[list[Row]] = []
    for row in rows:
        if not families or _is_head(row.at(column)):
            families.append([])
        families[-1].append(row)
    return families


def _key(cell: Cell) -> str:
    try:
        return " ".join(text_of(cell).casefold().split())
    except Unreadable:
        return ""


def _is_head(cell: Cell) -> bool:
    try:
        return relation_of(cell) == Relation.HEAD
    except Unreadable:
        return False


def _joined(book: Sequence[Sheet]) -> list[Sheet]:
    """The table of an ODK export's repeat with the columns of its households beside it; none where there is no such pair."""
    for key, pointer in KEYS:
        for parents in book:
            for children in book:
                own, theirs = _position(parents, key), _position(children, pointer)
                if parents is not children and own is not None and theirs is not None:
                    return [_beside(parents, own, children, theirs)]
    return []


def _position(sheet: Sheet, heading: str) -> int | None:
    cells = sheet.rows[0].cells
    return next((index for index, cell in enumerate(cells) if _last_part(cell) == folded(heading)), None)


def _last_part(cell: Cell) -> str:
    return folded(cell) if isinstance(cell, str) and cell.startswith(("_", "K", "P")) else ""


def _beside(parents: Sheet, own: int, children: Sheet, theirs: int) -> Sheet:
    width = max(len(row.cells) for row in children.rows)
    households = {_key(row.at(own)): row.cells for row in parents.rows[1:]}
    households_of = [parents.rows[0].cells, *(households.get(_key(row.at(theirs)), ()) for row in children.rows[1:])]
    rows = [
        Row(row.number, (*row.cells, *(None,) * (width - len(row.cells)), *beside))
        for row, beside in zip(children.rows, households_of, strict=True)
    ]
    labels = [children.label(index) for index in range(width)]
    labels += [f"{parents.name}!{parents.label(index)}" for index in range(len(parents.rows[0].cells))]
    return Sheet(children.name, rows, labels)
