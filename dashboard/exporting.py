"""The situation report as files: a workbook with a table a sheet, or one long CSV. Counts only, tagged with HXL.

The row of HXL tags stands right under the headings (hxlstandard.org), so that humanitarian tools read the columns
whatever language they are named in. No cell is ever a formula.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from core.spreadsheets import guarded
from dashboard.situation import AgeGroup, Situation
from places import zones

Cell = str | int | None
LONGEST_SHEET_NAME = 31

# The age groups in HXL's own words.
GROUP_TAGS = {
    AgeGroup.INFANTS: "infants",
    AgeGroup.CHILDREN: "children",
    AgeGroup.ADOLESCENTS: "adolescents",
    AgeGroup.ADULTS: "adults",
    AgeGroup.ELDERLY: "elderly",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what it is called, its headings with their HXL tags, its rows. The first column of a row names it."""

    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]


def tables_of(report: Situation) -> list[Table]:
    """The tables of `report`, in the order of the page. One that the reader may not see, or that has nothing, is left out."""
    return [table for table in _tables(report) if table.rows]


def as_csv(report: Situation) -> bytes:
    """Every count in one row: day, site, table, row, column, number. UTF-8 with its mark, for Excel."""
    text = StringIO()
    writer = csv.writer(text)
    columns = (
        (_("Day"), "#date+reported"),
        (_("Site"), "#loc+name"),
        (_("Site code"), "#loc+code"),
        (_("Table"), "#indicator+topic"),
        (_("What"), "#indicator+name"),
        (_("Count of"), "#indicator+measure"),
        (_("Number"), "#indicator+num"),
    )
    writer.writerow([heading for heading, _tag in columns])
    writer.writerow([tag for _heading, tag in columns])
    place = (report.day.isoformat(), report.site.name, report.site.code)
    for table in tables_of(report):
        for row in table.rows:
            for (heading, _tag), cell in zip(table.columns, row, strict=True):
                if isinstance(cell, int):
                    writer.writerow([plain(each) for each in (*place, table.title, row[0], heading, cell)])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(report: Situation) -> bytes:
    """A workbook with one sheet a table."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        quiet = book.add_format({"font_color": "#5c686d", "italic": True})
        first = (_("Day"), "#date+reported"), (_("Site code"), "#loc+code")
        for table in tables_of(report):
            sheet = book.add_worksheet(table.title[:LONGEST_SHEET_NAME])
            columns = [*first, *table.columns]
            sheet.write_row(0, 0, [heading for heading, _tag in columns], bold)
            sheet.write_row(1, 0, [tag for _heading, tag in columns], quiet)
            for number, row in enumerate(table.rows, start=2):
                for column, cell in enumerate((report.day.isoformat(), report.site.code, *row)):
                    if isinstance(cell, int):
                        sheet.write_number(number, column, cell)
                    elif cell is not None:
                        sheet.write_string(number, column, cell)
            sheet.freeze_panes(2, 3)
            sheet.set_column(0, 1, 12)
            sheet.set_column(2, 2, 30)
            sheet.set_column(3, len(columns), 16)
    return content.getvalue()


def plain(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula."""
    return guarded(cell) if isinstance(cell, str) else cell


def _tables(report: Situation) -> Iterator[Table]:
    families, people = (_("Families"), "#affected+hh"), (_("People"), "#affected+ind")
    yield Table(
        _("Arrivals"),
        ((_("Who"), "#status+name"), families, people),
        [
            (_("First return"), report.families, report.people),
            (_("Back from court"), report.back_families, report.back_people),
        ],
    )
    yield Table(
        _("By crossing"),
        ((_("Crossing"), "#loc+name+crossing"), families, people),
        [(str(line.label), line.families, line.people) for line in report.crossings],
    )
    yield Table(
        _("By nationality"),
        ((_("Nationality"), "#country+name+origin"), (_("ISO code"), "#country+code+origin"), families, people),
        [(str(line.label), line.key or None, line.families, line.people) for line in report.countries],
    )
    yield _ages(report)
    yield _steps(report)
    yield _places(report)
    yield from _expected(report)
    yield Table(
        _("Aid"),
        ((_("What"), "#item+name"), (_("Times"), "#item+num"), (_("People"), "#reached+ind")),
        [(line.kind.name, line.times, line.people) for line in report.aid],
    )


def _ages(report: Situation) -> Table:
    columns = (
        (_("Age"), "#group+age"),
        (_("HXL group"), "#group+code"),
        (_("Women"), "#affected+f"),
        (_("Men"), "#affected+m"),
        (_("Other or not noted"), "#affected+x"),
        (_("People"), "#affected+ind"),
    )
    rows = [
        (str(line.group.label), GROUP_TAGS.get(line.group), line.women, line.men, line.others, line.people)
        for line in report.ages
    ]
    return Table(_("By age and sex"), columns, rows)


def _steps(report: Situation) -> Table:
    columns = (
        (_("Step"), "#status+name"),
        (_("People"), "#affected+ind"),
        (_("Usual wait, minutes"), "#indicator+median+minutes"),
        (_("Longest wait, minutes"), "#indicator+max+minutes"),
    )
    rows = [(str(line.step.label), line.people, line.median_minutes, line.longest_minutes) for line in report.steps]
    return Table(_("Steps"), columns, rows)


def _places(report: Situation) -> Table:
    columns = (
        (_("Shelter"), "#loc+name+shelter"),
        (_("Places"), "#capacity+num"),
        (_("People in"), "#affected+ind+sheltered"),
        (_("Held"), "#capacity+held"),
        (_("Blocked"), "#capacity+blocked"),
        (_("Free"), "#capacity+available"),
        (_("Over"), "#capacity+over"),
        *((_("Free: %(kind)s") % {"kind": kind.label}, f"#capacity+available+{kind}") for kind in report.kinds),
        (_("Count confirmed"), "#date+counted"),
    )
    rows = [
        (
            *(house.name, house.figures.capacity, house.figures.occupied, house.figures.held, house.figures.blocked),
            *(house.figures.free, house.figures.over),
            *(free for _kind, free in house.free_of_each_kind),
            _moment(house.counted_at, report),
        )
        for house in report.houses
    ]
    return Table(_("Shelter places"), columns, rows)


def _expected(report: Situation) -> Iterator[Table]:
    day = report.expected
    if day is None:
        return
    columns = ((_("Who"), "#status+name"), (_("Families"), "#affected+hh"), (_("People"), "#affected+ind"))
    rows: list[tuple[Cell, ...]] = [
        (_("Announced"), day.families, day.people),
        (_("Came"), day.families_came, day.people_came),
        (_("To decide"), day.families_doubtful, None),
        (_("Did not arrive") if report.is_over else _("Still to come"), day.families_missing, None),
        (_("Not on the list"), day.unannounced, None),
    ]
    yield Table(_("Expected list"), columns, rows)


def _moment(moment: datetime | None, report: Situation) -> str | None:
    """ISO 8601 with the offset of the site."""
    return None if moment is None else zones.local(moment, report.site.city.zone).isoformat(timespec="minutes")
