"""What is known of a sheet as a whole: its columns, who belongs together, what one cell cannot say alone."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sheets.cells import a_number_of, lone_letters
from sheets.columns import Columns, Heading
from sheets.mistakes import Unreadable
from sheets.opening import written
from sheets.reading import Row, cell_of, letters_of


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in their order, which field stands in which column, and how families were told.

    `unknown` and `doubled` are indexes of columns that were left alone. `letters` are the one-letter entries of the column of sexes,
    `twice` the rows whose A-number another row has as well.
    """

    headings: Sequence[Heading]
    fields: Mapping[str, int]
    way: str
    unknown: Sequence[int] = ()
    doubled: Sequence[int] = ()
    letters: Sequence[str] = ()
    twice: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, columns: Columns, rows: Sequence[Row], way: str) -> "Outline":
        """The outline of a table with these columns and rows."""
        left = [*columns.unknown, *columns.doubled]
        sex, a_number = columns.index_of("sex"), columns.index_of("a_number")
        return cls(
            headings=sorted([*columns.found.values(), *left], key=lambda heading: heading.index),
            fields={name: heading.index for name, heading in columns.found.items()},
            way=way,
            unknown=[heading.index for heading in columns.unknown],
            doubled=[heading.index for heading in columns.doubled],
            letters=sorted(lone_letters([row.at(sex) for row in rows])) if sex is not None else (),
            twice=_twice(rows, a_number) if a_number is not None else frozenset(),
        )

    @classmethod
    def read(cls, text: str) -> "Outline":
        """The outline that `text()` wrote."""
        told = json.loads(text)
        told["headings"] = [Heading(**heading) for heading in told["headings"]]
        return cls(**{**told, "twice": frozenset(told["twice"])})

    def text(self) -> str:
        """As one line of JSON."""
        told = {name: getattr(self, name) for name in ("fields", "way", "unknown", "doubled", "letters")}
        return json.dumps(
            {**told, "twice": sorted(self.twice), "headings": [asdict(heading) for heading in self.headings]}
        )

    def heading(self, index: int | None) -> Heading | None:
        """The heading of the column with this index."""
        return next((heading for heading in self.headings if heading.index == index), None)

    def letters_at(self, index: int | None) -> str:
        """What the sheet calls a column; empty for a row as a whole."""
        heading = self.heading(index)
        return heading.letters if heading else "" if index is None else letters_of(index)


def rows_as_text(rows: Iterable[Row]) -> str:
    """The rows of a family as one line of JSON."""
    return json.dumps([[row.number, [written(cell) for cell in row.cells]] for row in rows], ensure_ascii=False)


def rows_of_text(text: str) -> list[Row]:
    """The rows that `rows_as_text` wrote; none for what was forgotten."""
    return [Row(number, tuple(cell_of(value) for value in cells)) for number, cells in json.loads(text or "[]")]


def _twice(rows: Sequence[Row], column: int) -> frozenset[int]:
    numbers: dict[int, str] = {}
    for row in rows:
        try:
            if number := a_number_of(row.at(column)):
                numbers[row.number] = number
        except Unreadable:
            continue
    count = Counter(numbers.values())
    return frozenset(row for row, number in numbers.items() if count[number] > 1)
