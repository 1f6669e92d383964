"""Lists that cost the same on page 1 and page 2,000: keyset pages over a moment and a key."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

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
    after = _decode(cursor)
    if after is not None:
        moment, key = after
        side = "lt" if descending else "gt"
        # The bound on the moment alone lets the index start there; the rest breaks ties.
        rows = rows.filter(
            Q(**{f"{by}__{side}": moment}) | Q(**{by: moment, f"pk__{side}": key}), **{f"{by}__{side}e": moment}
        )
    sign = "-" if descending else ""
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: size + 1])
    page = found[:size]
    has_more = len(found) > size
    return Page(rows=page, next_cursor=_encode(getattr(page[-1], by), page[-1].pk) if has_more else "")


def _encode(moment: datetime, key: int) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {key}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, int] | None:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        written, key = text.split(" ")
        moment = datetime.fromisoformat(written)
        return (moment, int(key)) if moment.tzinfo else None
    except (ValueError, binascii.Error):
        return None
