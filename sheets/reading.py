"""A file or a pasted table as rows of plain cells, or a refusal that a clerk understands.

Nothing of a file is believed: not its name, not its claimed sizes. Workbooks are opened by a process of its own with little memory
and little time (`sheets.opening`); formulas come as the values that were last seen in them and are never worked out.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MOST_BYTES = 20 << 20
MOST_UNPACKED_BYTES = 250 << 20
MOST_PARTS = 3000
MOST_ROWS = 60_000
MOST_COLUMNS = 200
LONGEST_CELL = 2000

# Unpacked to packed. A long list of people packs to a tenth or a thirtieth; a bomb to a thousandth.
STEEPEST = 150
STEEPNESS_COUNTS_FROM = 5 << 20

# What the rows of one file may take in memory. A text that stands in a workbook once can stand in ten million cells.
MOST_HELD_BYTES = 160 << 20
CELL_BYTES = 64

STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

READER_MEGABYTES = 1024
READER_SECONDS = 60

Cell = str | float | bool | datetime | date | time | None


class SheetRefused(DomainError):
    """A file that cannot be read as a sheet."""

    code = "sheet_refused"
    message = _("This file cannot be read as a sheet.")
    http_status = 422


class EmptySheet(SheetRefused):
    """Nothing stands in it."""

    code = "sheet_empty"
    message = _("This sheet is empty. Check that you chose the right file and that it was saved.")


class PasswordProtected(SheetRefused):
    """The workbook opens with a password only."""

    code = "sheet_password"
    message = _("This file is protected with a password. Open it, take the password off, save it, and choose it again.")


class BrokenSheet(SheetRefused):
    """It begins like a workbook and does not end like one."""

    code = "sheet_broken"
    message = _("This file is broken. Open it in Excel or LibreOffice, save it anew as XLSX, and choose the new one.")


class NotASheet(SheetRefused):
    """A picture, a PDF, a letter."""

    code = "not_a_sheet"
    message = _("This is no sheet. Choose a file saved as XLSX, XLS, ODS or CSV.")


class SheetTooBig(SheetRefused):
    """More bytes than a list of people can need, packed or unpacked, or a claim of more than there is."""

    code = "sheet_too_big"
    message = _("This file is too big or claims to be. Copy only the rows with people into a new sheet and save that.")


class TooManyRows(SheetRefused):
    """More rows than one import takes."""

    code = "sheet_too_many_rows"
    message = _("This sheet has more than 60,000 rows. Split it into several files.")


class TooManyColumns(SheetRefused):
    """More columns than any list of people has."""

    code = "sheet_too_many_columns"
    message = _("This sheet has more than 200 columns. Copy only the columns about the people into a new sheet.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something: its number as the sheet counts, its cells from column A."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, index: int | None) -> Cell:
        """The cell in the column with this index (0 is A), None where there is none."""
        return self.cells[index] if index is not None and index < len(self.cells) else None


@dataclass(slots=True)
class Sheet:
    """A worksheet without its blank rows. `labels` name its columns where they are not A, B, C: in sheets that were joined."""

    name: str
    rows: list[Row] = field(default_factory=list)
    labels: Sequence[str] = ()

    def label(self, index: int) -> str:
        """What a clerk finds the column with this index under."""
        return self.labels[index] if index < len(self.labels) else letters_of(index)


def read_sheet(content: BinaryIO | bytes, name: str) -> Sheet:
    """The first worksheet that holds something. `name` is the file's, and only shown. Raises SheetRefused and its kinds."""
    return read_book(content, name)[0]


def read_book(content: BinaryIO | bytes, name: str) -> list[Sheet]:
    """All worksheets that hold something, in their order; at least one. Raises SheetRefused and its kinds."""
    packed = content if isinstance(content, bytes) else content.read(MOST_BYTES + 1)
    if len(packed) > MOST_BYTES:
        raise SheetTooBig()
    if not packed.strip():
        raise EmptySheet()
    if packed.startswith(b"PK"):
        _check_parts(packed)
        sheets = _read_workbook(packed)
    elif packed.startswith(OLE):
        if ENCRYPTED_PACKAGE in packed:
            raise PasswordProtected()
        sheets = _read_workbook(packed)
    else:
        sheets = [_read_text(decoded(packed), name)]
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise EmptySheet()
    return found


def read_pasted(text: str, name: str = "") -> Sheet:
    """A table that was copied from a sheet: cells parted by tabs, or a CSV. Raises EmptySheet, TooManyRows, TooManyColumns."""
    if len(text) > MOST_BYTES:
        raise SheetTooBig()
    sheet = _read_text(text, name)
    if not sheet.rows:
        raise EmptySheet()
    return sheet


def letters_of(index: int) -> str:
    """What a sheet calls the column with this index: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_of(value: Any) -> Cell:
    """A cell as `opening.written` writes it into JSON."""
    if isinstance(value, str):
        return cleaned(value) or None
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return MOMENTS[kind](text)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if isinstance(value, bool | int | float) else None


def cleaned(text: str) -> str:
    """A text cell without the signs nobody sees (NUL, controls, byte order marks) and without space around it."""
    return INVISIBLE.sub("", text).replace("\u00a0", " ").strip()[:LONGEST_CELL]


def decoded(content: bytes) -> str:
    """The text of a CSV: UTF-8 or UTF-16 with their marks, else UTF-8, else what Windows wrote in Latin America.

    Raises NotASheet for what is no text at all.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if content.startswith(NO_SHEETS) or len(NO_TEXT.findall(content[:4096])) > len(content[:4096]) // 20:
        raise NotASheet()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
NO_SHEETS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
    b"<?xml",
    b"\x1f\x8b",
    b"Rar!",
)
NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1f]")
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
DELIMITERS = (",", ";", "\t", "|")


def _check_parts(packed: bytes) -> None:
    """Refuse a package that lies or explodes, before anything opens it: what it claims first, then what is really in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as package:
            parts = package.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise PasswordProtected()
            _check_claims(len(packed), parts)
            for part in parts:
                with package.open(part) as inside:
                    while inside.read(1 << 20):  # a part longer than it claims fails its checksum here
                        pass
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, OverflowError, zlib.error) as error:
        raise BrokenSheet() from error


def _check_claims(packed_bytes: int, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    too_steep = unpacked > STEEPNESS_COUNTS_FROM and unpacked > STEEPEST * packed_bytes
    if any(part.compress_type not in STORED_OR_DEFLATED for part in parts):
        raise BrokenSheet()  # other ways of packing ask for as much memory as the file says
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES or too_steep:
        raise SheetTooBig()


def _read_workbook(packed: bytes) -> list[Sheet]:
    program = [sys.executable, "-I", str(Path(__file__).with_name("opening.py"))]
    limits = [str(limit) for limit in (MOST_ROWS, MOST_COLUMNS, LONGEST_CELL, READER_MEGABYTES, READER_SECONDS)]
    with subprocess.Popen(
        [*program, *limits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        try:
            _hand_over(reader.stdin, packed)
            sheets, end = _told(reader.stdout)
        finally:
            reader.kill()
    if end != "done":
        raise ENDS.get(end, SheetTooBig)()
    return sheets


ENDS: dict[str, type[SheetRefused]] = {
    "password": PasswordProtected,
    "broken": BrokenSheet,
    "memory": SheetTooBig,
    "too_many_rows": TooManyRows,
    "too_many_columns": TooManyColumns,
}


def _hand_over(stdin: IO[bytes], packed: bytes) -> None:
    try:
        stdin.write(packed)
        stdin.close()
    except BrokenPipeError:
        pass  # it died of the file; what it told until then says so


def _told(stdout: IO[bytes]) -> tuple[list[Sheet], str]:
    """The worksheets, and how the reader ended; empty where it died before it could say. Raises SheetTooBig."""
    sheets: list[Sheet] = []
    left = MOST_HELD_BYTES
    for line in stdout:
        told = json.loads(line)
        left -= len(line)
        if isinstance(told, list):
            left -= CELL_BYTES * len(told[1])
            if left < 0:
                raise SheetTooBig()
            sheets[-1].rows.append(Row(told[0], tuple(cell_of(value) for value in told[1])))
        elif "sheet" in told:
            sheets.append(Sheet(told["sheet"]))
        else:
            return sheets, told["end"]
    return sheets, ""


MOMENTS: dict[str, Callable[[Any], Cell]] = {
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: str(timedelta(seconds=seconds)),
}


def _read_text(text: str, name: str) -> Sheet:
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    delimiter, body = _delimiter(text)
    skipped = text[: len(text) - len(body)].count("\n")
    sheet = Sheet(name)
    left = MOST_HELD_BYTES - len(body)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(body), delimiter=delimiter), start=1 + skipped):
            left -= CELL_BYTES * _keep(sheet, number, cells)
            if left < 0:
                raise SheetTooBig()
    except csv.Error as error:
        raise BrokenSheet() from error
    return sheet


def _keep(sheet: Sheet, number: int, texts: Iterable[str]) -> int:
    """Add a row to `sheet` unless it is blank; how many cells it has."""
    cells: list[Cell] = [cleaned(_as_text(text)) or None for text in texts]
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns()
    if len(sheet.rows) >= MOST_ROWS:
        raise TooManyRows()
    if cells:
        sheet.rows.append(Row(number, tuple(cells)))
    return len(cells)


def _as_text(text: str) -> str:
    """Without the ="…" that is put around a number to keep its leading zeros."""
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, and the text after a line that says so (`sep=;`)."""
    told = re.match(r"\s*\"?sep=([,;|\t])\"?\n", text)
    if told:
        return told[1], text[told.end() :]
    head = text[:20_000]
    return max(DELIMITERS, key=lambda delimiter: _fitness(head, delimiter)), text


def _fitness(head: str, delimiter: str) -> int:
    """How well a sign parts the text: how many rows agree on a width, times that width."""
    widths = Counter(len(cells) for cells in _first_rows(head, delimiter) if len(cells) > 1)
    return max((width * rows for width, rows in widths.items()), default=0)


def _first_rows(head: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for _number, cells in zip(range(60), csv.reader(io.StringIO(head), delimiter=delimiter), strict=False):
            yield cells
    except csv.Error:
        return
