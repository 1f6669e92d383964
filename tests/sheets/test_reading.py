"""Files as clerks and attackers make them: each is read, or refused in words that say what to do."""

import struct
import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from sheets import reading
from sheets.reading import (
    BrokenSheet,
    EmptySheet,
    NotASheet,
    PasswordProtected,
    SheetTooBig,
    TooManyColumns,
    TooManyRows,
    letters_of,
    read_book,
    read_pasted,
    read_sheet,
)
from tests.factories.sheets import HEADINGS, csv_of, package, with_part, xlsx

FILES = Path(__file__).parent / "files"
ROWS = [["Nombres", "Apellidos"], ["José Ángel", "Muñoz"]]
FIRST_SHEET = "xl/worksheets/sheet1.xml"


def texts(sheet):
    return [list(row.cells) for row in sheet.rows]


class TestReadSheet:
    def test_gives_rows_with_their_numbers_and_skips_blank_ones(self):
        sheet = read_sheet(xlsx([["Título"], [], ["Nombres"], [], [" "], ["Ana"]]), "a.xlsx")
        assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("Título",)), (3, ("Nombres",)), (6, ("Ana",))]

    def test_begins_in_column_a_though_the_table_begins_further_right(self):
        sheet = read_sheet(xlsx([[], [None, None, "Nombres"]]), "a.xlsx")
        assert sheet.rows[0].cells == (None, None, "Nombres")

    def test_gives_numbers_dates_and_truths_as_they_are(self):
        sheet = read_sheet(xlsx([["x", 12345678, 1.5, date(1990, 3, 5), True]]), "a.xlsx")
        assert sheet.rows[0].cells == ("x", 12345678.0, 1.5, date(1990, 3, 5), True)

    def test_takes_the_value_of_a_formula_and_never_works_it_out(self):
        content = xlsx([["x", "y"]])
        formula = b'<c r="A1"><f>SUM(1,1)</f><v>7</v></c>'
        content = with_part(content, FIRST_SHEET, lambda part: part.replace(b'<c r="A1" t="s"><v>0</v></c>', formula))
        assert read_sheet(content, "a.xlsx").rows[0].at(0) == 7.0

    def test_keeps_html_as_text(self):
        assert read_sheet(xlsx([["<script>alert(1)</script>", "b"]]), "a").rows[0].at(0) == "<script>alert(1)</script>"

    def test_reads_open_document(self):
        table = (
            b'<?xml version="1.0"?><office:document-content '
            b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            b'<table:table table:name="Hoja1"><table:table-row><table:table-cell office:value-type="string">'
            b"<text:p>Nombres</text:p></table:table-cell></table:table-row></table:table>"
            b"</office:spreadsheet></office:body></office:document-content>"
        )
        written = BytesIO()
        with zipfile.ZipFile(written, "w") as zipped:
            zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            zipped.writestr("META-INF/manifest.xml", "<manifest/>")
            zipped.writestr("content.xml", table)
        assert texts(read_sheet(written.getvalue(), "a.ods")) == [["Nombres"]]

    def test_reads_a_workbook_of_the_old_excel(self):
        """A BIFF8 file with a title, a blank row, date cells, and an A-number that became a number."""
        sheet = read_sheet((FILES / "llegadas.xls").read_bytes(), "llegadas.xls")
        assert [row.number for row in sheet.rows] == [1, 3, 4, 5, 6]
        assert list(sheet.rows[1].cells) == HEADINGS
        assert sheet.rows[2].cells == (
            *(1.0, "jefa", "Dayanara Lizeth", "Funes Amador", "Mujer"),
            *(date(1990, 3, 5), "Honduras", 12345678.0),
        )

    def test_gives_all_worksheets_that_hold_something_and_none_that_is_hidden(self):
        content = xlsx(ROWS, beside={"Vacía": [], "Otra": [["b"]], "Oculta": [["c"]]})
        content = with_part(
            content, "xl/workbook.xml", lambda part: part.replace(b'name="Oculta"', b'name="Oculta" state="hidden"')
        )
        assert [sheet.name for sheet in read_book(content, "a.xlsx")] == ["Llegadas", "Otra"]


class TestReadText:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_what_parts_the_cells(self, delimiter):
        assert texts(read_sheet(csv_of(ROWS, delimiter=delimiter), "a.csv")) == ROWS

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_reads_what_excel_writes(self, encoding):
        assert texts(read_sheet(csv_of(ROWS, encoding=encoding), "a.csv")) == ROWS

    def test_obeys_a_line_that_names_the_separator(self):
        sheet = read_sheet(b"sep=;\r\nNombres;Apellidos, todos\r\n", "a.csv")
        assert (sheet.rows[0].number, sheet.rows[0].cells) == (2, ("Nombres", "Apellidos, todos"))

    def test_is_not_led_astray_by_commas_in_names(self):
        rows = [["Nombre completo", "Edad"], ["MUÑOZ CRUZ, José", "34"], ["PÉREZ, Ana", "7"]]
        assert texts(read_sheet(csv_of(rows, delimiter=";"), "a.csv")) == rows

    def test_drops_nul_bytes_and_other_signs_nobody_sees(self):
        sheet = read_sheet("Nombres,Apellidos\nA\x00na,P\u200bérez\u202e\n".encode(), "a.csv")
        assert texts(sheet)[1] == ["Ana", "Pérez"]

    def test_keeps_the_zeros_that_excel_was_told_to_keep(self):
        assert texts(read_sheet(b'A,B\n"=""012345678""",x\n', "a.csv"))[1][0] == "012345678"

    def test_reads_a_table_that_was_pasted(self):
        assert texts(read_pasted("Nombres\tApellidos\nAna\tPérez, López\n")) == [
            ["Nombres", "Apellidos"],
            ["Ana", "Pérez, López"],
        ]


class TestRefusals:
    """Each says what to do, and none takes the process along."""

    @pytest.mark.parametrize("content", [b"", b"  \r\n ", "\ufeff".encode(), b",,,\n,,,\n"])
    def test_an_empty_file(self, content):
        with pytest.raises(EmptySheet):
            read_sheet(content, "a.csv")

    def test_an_empty_workbook(self):
        with pytest.raises(EmptySheet):
            read_sheet(xlsx([]), "a.xlsx")

    def test_a_workbook_with_a_password(self):
        header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
        with pytest.raises(PasswordProtected):
            read_sheet(header + "EncryptedPackage".encode("utf-16-le") + bytes(512), "a.xlsx")

    def test_a_zip_with_a_password(self):
        content = bytearray(xlsx(ROWS))
        at = content.rindex(b"PK\x01\x02")
        content[at + 8] |= 1
        with pytest.raises(PasswordProtected):
            read_sheet(bytes(content), "a.xlsx")

    def test_a_broken_old_workbook(self):
        with pytest.raises(BrokenSheet):
            read_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x07" * 4096, "a.xls")

    def test_half_a_workbook(self):
        content = xlsx(ROWS)
        with pytest.raises(BrokenSheet):
            read_sheet(content[: len(content) // 2], "a.xlsx")

    def test_a_workbook_with_a_part_that_rotted(self):
        content = bytearray(xlsx(ROWS))
        at = content.index(b"sheet1.xml") + 12
        content[at : at + 8] = b"\xff" * 8
        with pytest.raises(BrokenSheet):
            read_sheet(bytes(content), "a.xlsx")

    def test_a_zip_that_is_no_workbook(self):
        with pytest.raises(BrokenSheet):
            read_sheet(package(word__document=b"<w/>"), "carta.docx")

    @pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n\x00\x01\x02", bytes(range(1, 32)) * 40])
    def test_what_is_no_sheet(self, content):
        with pytest.raises(NotASheet):
            read_sheet(content, "foto.xlsx")

    def test_more_bytes_than_any_list_needs(self, monkeypatch):
        monkeypatch.setattr(reading, "MOST_BYTES", 1000)
        with pytest.raises(SheetTooBig):
            read_sheet(BytesIO(b"a,b\n" * 300), "a.csv")

    def test_a_zip_bomb_before_it_is_opened(self):
        bomb = with_part(xlsx(ROWS), FIRST_SHEET, lambda part: part + b" " * (60 << 20))
        assert len(bomb) < 200_000
        with pytest.raises(SheetTooBig):
            read_sheet(bomb, "a.xlsx")

    def test_a_part_that_is_longer_than_it_claims(self):
        """The claim of the biggest part says 100 bytes: what follows fails its checksum and is never unpacked."""
        content = bytearray(with_part(xlsx(ROWS), FIRST_SHEET, lambda part: part + b" " * (4 << 20)))
        for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = -1
            while (at := content.find(mark, at + 1)) >= 0:
                if struct.unpack_from("<I", content, at + offset)[0] > 4 << 20:
                    struct.pack_into("<I", content, at + offset, 100)
        with pytest.raises(BrokenSheet):
            read_sheet(bytes(content), "a.xlsx")

    def test_a_sheet_that_claims_a_billion_cells(self):
        claim = b'<dimension ref="A1:XFD1048576"/>'
        content = with_part(xlsx(ROWS), FIRST_SHEET, lambda part: part.replace(b'<dimension ref="A1:B2"/>', claim))
        assert claim in zipfile.ZipFile(BytesIO(content)).read(FIRST_SHEET)
        assert texts(read_sheet(content, "a.xlsx")) == ROWS

    def test_a_sheet_with_a_cell_in_its_last_corner(self):
        corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        content = with_part(xlsx(ROWS), FIRST_SHEET, lambda part: part.replace(b"</sheetData>", corner))
        with pytest.raises(SheetTooBig):
            read_sheet(content, "a.xlsx")

    def test_one_text_that_stands_in_a_hundred_thousand_cells(self):
        long = "A" * reading.LONGEST_CELL
        content = xlsx([[long] * 100] * 1000)
        assert len(content) < 1 << 20  # what it is packed to: the text stands in it once
        with pytest.raises(SheetTooBig):
            read_sheet(content, "a.xlsx")

    def test_a_csv_of_more_cells_than_fit(self, monkeypatch):
        monkeypatch.setattr(reading, "MOST_HELD_BYTES", 100 * reading.CELL_BYTES)
        read_sheet(csv_of([["a"] * 9] * 10), "a.csv")
        with pytest.raises(SheetTooBig):
            read_sheet(csv_of([["a"] * 10] * 10), "a.csv")

    def test_a_way_of_packing_that_no_workbook_uses(self):
        packed = BytesIO()
        with zipfile.ZipFile(BytesIO(xlsx(ROWS))) as first, zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as again:
            for part in first.namelist():
                again.writestr(part, first.read(part))
        with pytest.raises(BrokenSheet):
            read_sheet(packed.getvalue(), "a.xlsx")

    def test_a_sheet_that_takes_too_long(self, monkeypatch):
        monkeypatch.setattr(reading, "READER_SECONDS", 0)
        with pytest.raises(SheetTooBig):
            read_sheet(xlsx([["texto"] * 100] * 3000), "a.xlsx")

    def test_three_hundred_columns(self):
        with pytest.raises(TooManyColumns):
            read_sheet(xlsx([[f"Columna {number}" for number in range(300)]]), "a.xlsx")
        with pytest.raises(TooManyColumns):
            read_sheet(csv_of([["x"] * 300]), "a.csv")

    def test_too_many_rows(self, monkeypatch):
        monkeypatch.setattr(reading, "MOST_ROWS", 20)
        for content in (xlsx([["a", "b"]] * 21), csv_of([["a", "b"]] * 21)):
            with pytest.raises(TooManyRows):
                read_sheet(content, "a")

    def test_a_document_type_with_entities_is_not_expanded(self):
        entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        content = with_part(
            xlsx([["uno", "dos"]]),
            "xl/sharedStrings.xml",
            lambda part: part.replace(b"<sst", entity + b"<sst").replace(b"uno", b"&e;"),
        )
        with suppress(BrokenSheet, EmptySheet):
            assert "root:" not in str(texts(read_sheet(content, "a.xlsx")))


class TestLettersOf:
    @pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
    def test_counts_as_sheets_do(self, index, letters):
        assert letters_of(index) == letters
