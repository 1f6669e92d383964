"""Opens one workbook in a process of its own: nobody knows what a file from outside makes a reader do.

Run as a program by `sheets.reading` and by nobody else. It takes the file on standard input and writes one JSON line a worksheet,
one a row that holds something, and a last one that says done or why not. The limits on memory and time are the process's own: what
a hostile file claims kills this process and not the one that serves people.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine


class TooMany(Exception):
    """The sheet holds more than was allowed: "rows" or "columns"."""


def written(value: Any) -> Any:
    """A cell as JSON holds it: texts, numbers and truths as they are, moments as {"kind": ISO 8601}."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return value


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing that a person would see."""
    return value is None or (isinstance(value, str) and not value.strip())


def tell(line: Any) -> None:
    """One line of the answer."""
    sys.stdout.write(json.dumps(line, ensure_ascii=False))
    sys.stdout.write("\n")


def shortened(value: Any, longest: int) -> Any:
    """`value`, cut where it is a text longer than any cell may be: a text that stands in the file once can stand in every cell."""
    return value[:longest] if isinstance(value, str) else value


def tell_rows(sheet: Any, most_rows: int, most_columns: int, longest: int) -> int:
    """Every row that holds something, as [number, cells]; the cells begin in column A. Returns how many there were."""
    left = [None] * (sheet.start[1] if sheet.start else 0)
    count = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        width = max((index for index, value in enumerate(cells, start=1) if not is_blank(value)), default=0)
        if not width:
            continue
        count += 1
        if len(left) + width > most_columns:
            raise TooMany("columns")
        if count > most_rows:
            raise TooMany("rows")
        tell([number, [*left, *(written(shortened(value, longest)) for value in cells[:width])]])
    return count


def tell_book(content: bytes, most_rows: int, most_columns: int, longest: int) -> None:
    """Every visible worksheet with its rows. `most_rows` counts over all of them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for described in book.sheets_metadata:
        if described.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if described.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        tell({"sheet": described.name})
        most_rows -= tell_rows(book.get_sheet_by_name(described.name), most_rows, most_columns, longest)


def main() -> None:
    """Read the file, tell what is in it, say how it ended."""
    most_rows, most_columns, longest, megabytes, seconds = (int(argument) for argument in sys.argv[1:6])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        tell_book(sys.stdin.buffer.read(), most_rows, most_columns, longest)
    except TooMany as limit:
        tell({"end": f"too_many_{limit}"})
    except python_calamine.PasswordError:
        tell({"end": "password"})
    except MemoryError:
        tell({"end": "memory"})
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        tell({"end": "broken"})
    else:
        tell({"end": "done"})


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=False)
    main()
    sys.stdout.flush()
