"""Statements that the database keeps ready on a connection: read and planned there once, not at every asking.

PostgreSQL spends as long on reading and planning a page's queries as on answering them. What is prepared lasts as long as
the connection, whatever becomes of its transactions; another connection prepares it anew (docs/adr/questions.md).
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import Error
from psycopg2.extensions import AsIs

logger = logging.getLogger(__name__)

# As the driver writes a value of the kind; of any other the database judges by where it stands.
TYPES: Mapping[type, str] = {
    bool: "boolean",
    int: "bigint",
    datetime: "timestamptz",
    date: "date",
    UUID: "uuid",
}

_kept: WeakKeyDictionary[Any, dict[str, bool]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Statement:
    """`sql` with its `params`, under a `name` that no other has; `at` says which of the values given at each asking stands in the
    place of a parameter.
    """

    name: str
    sql: str
    params: tuple[Any, ...]
    at: Mapping[int, int]

    def asked(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """The SQL and the parameters that ask it for `values` on `connection`."""
        if self._is_kept(connection, values):
            given = ", ".join(["%s"] * len(values))
            return f"EXECUTE {self.name}" + (f"({given})" if values else ""), tuple(values)
        return self.sql, self._filled(values)

    def _filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(values[self.at[place]] if place in self.at else fixed for place, fixed in enumerate(self.params))

    def _is_kept(self, connection: BaseDatabaseWrapper, values: Collection[Any]) -> bool:
        """Whether it is ready on `connection`. Never where a pooler may give each transaction another connection."""
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return False
        connection.close_if_health_check_failed()  # as a cursor does: what the old one kept, the new one does not
        connection.ensure_connection()
        kept = _kept.setdefault(connection.connection, {})
        if self.name not in kept:
            kept[self.name] = self._prepare(connection, values)
        return kept[self.name]

    def _prepare(self, connection: BaseDatabaseWrapper, values: Collection[Any]) -> bool:
        """Have the database keep it. What it cannot keep is told to the log, and asked as it is."""
        types = ", ".join(TYPES.get(type(value), "unknown") for value in values)
        places = self._filled([AsIs(f"${number}") for number in range(1, len(values) + 1)])
        try:
            with _beneath(connection) as cursor:
                cursor.execute(f"PREPARE {self.name}" + (f"({types})" if types else "") + f" AS {self.sql}", places)
        except ProgrammingError as error:
            logger.warning("%s cannot be kept ready: %s", self.name, getattr(error.__cause__, "pgcode", ""))
            return False
        return True


@contextmanager
def _beneath(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """A cursor beneath Django, whose count of queries is of what a page asks. What fails leaves the transaction around it standing."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if not connection.in_atomic_block:
            yield cursor
            return
        cursor.execute("SAVEPOINT beneath")
        try:
            yield cursor
        except Error:
            cursor.execute("ROLLBACK TO SAVEPOINT beneath")
            raise
        finally:
            cursor.execute("RELEASE SAVEPOINT beneath")
