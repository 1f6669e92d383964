"""The rows that could not go in, as a file to correct and bring in again: the mistakes stand in its first column."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from core.spreadsheets import guarded
from sheets.models import Flaw, Import
from sheets.outlines import Outline, rows_of_text
from sheets.reading import Cell, Row
from sheets.showing import line_of
from sheets.states import Fate

NEVER_ACTIVE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def heading_of_mistakes() -> str:
    """The heading of the extra column, which the next import leaves alone."""
    return _("What to correct")


def as_workbook(sheet: Import) -> bytes:
    """XLSX. Every text is a text: nothing in it is ever worked out or followed."""
    outline, written = Outline.read(sheet.outline), BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **NEVER_ACTIVE})
    bold = book.add_format({"bold": True, "bottom": 1})
    red = book.add_format({"font_color": "#a33a24", "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    page = book.add_worksheet(_("To correct")[:31])
    page.freeze_panes(1, 1)
    page.set_column(0, 0, 60, red)
    page.set_column(1, len(outline.headings), 18)
    for column, text in enumerate([heading_of_mistakes(), *(heading.text for heading in outline.headings)]):
        page.write_string(0, column, text, bold)
    for number, (words, row) in enumerate(_rows(sheet, outline), start=1):
        page.write_string(number, 0, words, red)
        for column, heading in enumerate(outline.headings, start=1):
            _write(page, number, column, row.at(heading.index), day)
    book.close()
    return written.getvalue()


def as_csv(sheet: Import) -> bytes:
    """CSV in UTF-8 with its mark. No text is a formula."""
    outline, written = Outline.read(sheet.outline), StringIO()
    writer = csv.writer(written)
    writer.writerow(
        [guarded(text) for text in (heading_of_mistakes(), *(heading.text for heading in outline.headings))]
    )
    for words, row in _rows(sheet, outline):
        writer.writerow([guarded(words), *(guarded(_text(row.at(heading.index))) for heading in outline.headings)])
    return written.getvalue().encode("utf-8-sig")


def _rows(sheet: Import, outline: Outline) -> Iterator[tuple[str, Row]]:
    """The rows of families with mistakes, each with its mistakes in words."""
    flaws: dict[int, list[Flaw]] = {}
    for flaw in Flaw.objects.filter(family__sheet=sheet).order_by("row", "column", "pk"):
        flaws.setdefault(flaw.row, []).append(flaw)
    for family in sheet.families.filter(fate=Fate.BAD).in_order().iterator(chunk_size=500):
        for row in rows_of_text(family.content):
            lines = [line_of(row.number, flaw.column, flaw.code, None, outline) for flaw in flaws.get(row.number, ())]
            yield " ".join(f"{line.heading}: {line.words}" if line.heading else line.words for line in lines), row


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None), day)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    else:
        page.write_string(row, column, _text(cell))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
