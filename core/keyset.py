"""Lists that cost the same on page 1 and page 2,000: keyset pages over a moment and a key."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from core.inputs import key_asked

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows and the opaque cursor of the next one (empty on the last)."""

    rows: Sequence[Row]
    next_cursor: str


def keyset_page(
    rows: QuerySet[Row], *, by: str, cursor: str = "", descending: bool = True, size: int = PAGE_SIZE
) -> Page[Row]:
    """The page of `rows` after `cursor`, ordered by the moment `by` and the primary key, newest first unless told.

    A cursor that cannot be read is taken as the first page: it is only ever made here, so there is nothing to explain.
    """
    place = place_of_row(cursor)
    left = rows_after(rows, *place, by=by, descending=descending) if place else rows
    return page_of(list(first_rows(left, by=by, descending=descending, size=size)), by=by, size=size)


def rows_after(rows: QuerySet[Row], moment: datetime, key: int, *, by: str, descending: bool = True) -> QuerySet[Row]:
    """`rows` beyond the one of that moment and key. The bound on the moment alone lets an index start there."""
    side = "lt" if descending else "gt"
    beyond = Q(**{f"{by}__{side}": moment}) | Q(**{by: moment, f"pk__{side}": key})
    return rows.filter(beyond, **{f"{by}__{side}e": moment})


def first_rows(rows: QuerySet[Row], *, by: str, descending: bool = True, size: int = PAGE_SIZE) -> QuerySet[Row]:
    """The first `size` of `rows` in the order of their moments and keys, and the one that tells whether there are more."""
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{by}", f"{sign}pk")[: size + 1]


def page_of(found: Sequence[Row], *, by: str, size: int = PAGE_SIZE) -> Page[Row]:
    """What `first_rows` found, as a page."""
    page, has_more = found[:size], len(found) > size
    return Page(rows=page, next_cursor=cursor_of(getattr(page[-1], by), page[-1].pk) if has_more else "")


def cursor_of(moment: datetime, *key: object) -> str:
    """The opaque text that names a place in a list: its moment, and what breaks ties there."""
    words = " ".join([moment.isoformat(), *map(str, key)])
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def place_of_row(cursor: str) -> tuple[datetime, int] | None:
    """The moment and the key of the row that a cursor names, or None for any other text."""
    place = place_of(cursor)
    if place is None or len(place[1]) != 1:
        return None
    key = key_asked(place[1][0])
    return None if key is None else (place[0], key)


def place_of(cursor: str) -> tuple[datetime, list[str]] | None:
    """The moment and the key of a cursor, or None for a text that was not made by `cursor_of`."""
    try:
        words = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        moment = datetime.fromisoformat(words[0])
    except (ValueError, binascii.Error):
        return None
    return (moment, words[1:]) if moment.tzinfo else None
