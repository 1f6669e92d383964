"""Sheets for tests: files as clerks and attackers make them. Every name and number is invented."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import factory
import xlsxwriter
from factory.django import DjangoModelFactory

from sheets.checking import digest_of
from sheets.columns import Heading
from sheets.models import Family, Import
from sheets.outlines import Outline
from tests.factories.cases import ARRIVED_AT
from tests.factories.places import SiteFactory

HEADINGS = ["Familia", "Parentesco", "Nombres", "Apellidos", "Sexo", "Fecha de nacimiento", "Nacionalidad", "Número A"]
FUNES = [
    ["1", "jefa", "Dayanara Lizeth", "Funes Amador", "Mujer", "05/03/1990", "Honduras", "012-345-678"],
    ["1", "hijo", "Kevin Josué", "", "Hombre", "17/06/2014", "HND", ""],
]
PINEDA = [["2", "jefe", "Wilmer", "Pineda López", "Hombre", "34 años", "GT", "no tiene"]]
BROKEN = [["3", "jefa", "Suyapa", "Zúñiga", "Mujer", "31/02/1991", "HO", "12"]]


def xlsx(
    rows: Sequence[Sequence[Any]], *, name: str = "Llegadas", beside: dict[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """A workbook with these rows; None leaves a cell out, dates become date cells. `beside` are further worksheets."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": ARRIVED_AT})  # the same rows make the same file
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for title, table in {name: rows, **(beside or {})}.items():
        page = book.add_worksheet(title)
        for number, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if isinstance(cell, date | datetime):
                    page.write_datetime(number, column, cell, day)
                elif cell is not None:
                    page.write(number, column, cell)
    book.close()
    return written.getvalue()


def csv_of(rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as plain CSV."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def package(**parts: bytes) -> bytes:
    """A ZIP with these parts; two underscores in a name stand for a slash."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name.replace("__", "/") + ".xml", content)
    return written.getvalue()


def with_part(content: bytes, name: str, change: Any) -> bytes:
    """The workbook with one part changed by `change(bytes)`."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            inside = old.read(part)
            new.writestr(part.filename, change(inside) if part.filename == name else inside)
    return written.getvalue()


class ImportFactory(DjangoModelFactory):
    """An import of one family with one mistake, checked."""

    class Meta:
        model = Import

    site = factory.SubFactory(SiteFactory)
    arrived_on = date(2021, 12, 8)
    uploaded_at = ARRIVED_AT
    uploaded_by = "1"
    uploaded_by_name = "Maribel Ontiveros"
    acting = "1"
    name = "llegadas.xlsx"
    outline = Outline(
        [Heading(0, "Nombres", "A"), Heading(1, "Apellidos", "B")], {"given_names": 0, "surnames": 1}, "alone"
    ).text()
    digest = factory.Sequence(lambda number: digest_of(f"sheet {number}".encode()))
    state = "ready"


class FamilyFactory(DjangoModelFactory):
    class Meta:
        model = Family

    sheet = factory.SubFactory(ImportFactory)
    number = 1
    first_row = 2
    size = 1
    content = '[[2, ["Dayanara Lizeth", "Funes Amador"]]]'
    fate = "good"


def fates(sheet: Import) -> list[tuple[int, str]]:
    """What became of each family of `sheet`, by the row where it begins."""
    return [(family.first_row, family.fate) for family in sheet.families.in_order()]
