"""Answers that this process keeps until something happens.

Whoever changes data records an event in the same transaction, so an answer that was worked out after the newest event holds until
there is another one. What changes by itself, as the hour does, belongs into the key (docs/adr/kept-answers.md).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

Answer = TypeVar("Answer")
Newest = tuple[int | None, ...]

# An event may be seen after one of a higher number, when its transaction ended later: then so many reach less far back.
LAST = 500
_NEWEST = f"SELECT max(id), min(id), count(*) FROM (SELECT id FROM audit_event ORDER BY id DESC LIMIT {LAST}) newest"  # nosec B608


def newest() -> Newest:
    """What is another one as soon as an event was recorded. One query of a few pages of an index."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        found: Newest = cursor.fetchone()
        return found


class Kept(Generic[Answer]):
    """The `most` answers that were asked for last, each by a key that holds all it depends on but the data; shared by threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, tuple[Newest, Answer]] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer of `key`, worked out where none is kept that is as new as the data. Nobody may change what they are given."""
        # Before the data is read: an event in between makes the answer newer than it is called, never older.
        now = newest()
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                self._answers.move_to_end(key)
        if known is not None and known[0] == now:
            return known[1]
        answer = work_out()
        with self._lock:
            self._answers[key] = now, answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer

    def forget(self) -> None:
        """Keep nothing: for tests, where data also comes to be without a deed."""
        with self._lock:
            self._answers.clear()
