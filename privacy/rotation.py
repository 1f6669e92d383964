"""Which keys the rows of the database use, and moving rows to the active one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg2 import sql
from psycopg2.extensions import Binary

from privacy import keyring as keyrings
from privacy.cipher import decrypt, encrypt
from privacy.fields import EncryptedField, encrypted_fields

Model = type[models.Model]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Secrets that are in no field of ours, told by the room that keeps them: how many each key has, and how to move them."""

    label: str
    by_key: Callable[[], Counter[int]]
    reencrypt: Callable[[], int]


elsewhere: list[Elsewhere] = []


def models_with_secrets() -> list[Model]:
    """Every installed model with an encrypted field in a table of its own."""
    return [model for model in apps.get_models() if model._meta.managed and encrypted_fields(model)]


def rows_by_key() -> Counter[int]:
    """How many stored values each key id has, over all encrypted fields and what is kept elsewhere."""
    found: Counter[int] = sum((each.by_key() for each in elsewhere), Counter())
    for model in models_with_secrets():
        for field in encrypted_fields(model):
            query = sql.SQL(
                "SELECT get_byte({column}, 1) * 256 + get_byte({column}, 2), count(*) FROM {table}"
                " WHERE length({column}) > 3 GROUP BY 1"
            ).format(column=sql.Identifier(field.column), table=sql.Identifier(model._meta.db_table))
            for key_id, count in _fetch(query, []):
                found[key_id] += count
    return found


def reencrypt(model: Model, *, batch: int = 500, progress: Callable[[int], None] = lambda moved: None) -> int:
    """Move every row of `model` to the active key and return how many moved; `progress` hears that after each batch.

    May be stopped and run again at any point, beside people at work: a row is written only where its bytes are still
    those that were read, so an edit made meanwhile stands (and is under the active key already). Rows are committed one
    by one unless a transaction surrounds the call, and no lock is held between two.
    """
    moved = 0
    for rows in _batches(model, batch):
        moved += sum(_move(model, row) for row in rows)
        progress(moved)
    return moved


def _batches(model: Model, size: int) -> Iterator[list[Row]]:
    """The rows with a value under another key than the active one: primary key, then the values, by primary key."""
    fields = encrypted_fields(model)
    columns = [sql.Identifier(field.column) for field in fields]
    stale = sql.SQL(" OR ").join(sql.SQL("substring({} FROM 2 FOR 2) <> %s").format(column) for column in columns)
    pk = sql.Identifier(_pk_column(model))
    query = sql.SQL("SELECT {pk}, {columns} FROM {table} WHERE ({stale}) AND {after} ORDER BY {pk} LIMIT {size}")
    active = Binary(keyrings.current(fresh=True).active.to_bytes(2, "big"))
    last: list[Any] = []
    while True:
        after = sql.SQL("{} > %s").format(pk) if last else sql.SQL("TRUE")
        whole = query.format(
            pk=pk,
            columns=sql.SQL(", ").join(columns),
            table=sql.Identifier(model._meta.db_table),
            stale=stale,
            after=after,
            size=sql.Literal(size),
        )
        rows = _fetch(whole, [*[active] * len(fields), *last])
        if not rows:
            return
        yield rows
        last = [rows[-1][0]]


def _move(model: Model, row: Row) -> bool:
    """Write one row again under the active key, unless somebody changed it meanwhile."""
    pk, *stored = row
    pairs = [(field, bytes(old)) for field, old in zip(encrypted_fields(model), stored, strict=True) if old is not None]
    sets = sql.SQL(", ").join(_equals(field) for field, _ in pairs)
    unchanged = sql.SQL(" AND ").join(_equals(field) for field, _ in pairs)
    statement = sql.SQL("UPDATE {table} SET {sets} WHERE {pk} = %s AND {unchanged}").format(
        table=sql.Identifier(model._meta.db_table), sets=sets, pk=sql.Identifier(_pk_column(model)), unchanged=unchanged
    )
    new = [Binary(encrypt(decrypt(old, field.purpose), field.purpose)) for field, old in pairs]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*new, pk, *(Binary(old) for _, old in pairs)])
        return bool(cursor.rowcount)


def _equals(field: EncryptedField[Any, Any]) -> sql.Composable:
    return sql.SQL("{} = %s").format(sql.Identifier(field.column))


def _pk_column(model: Model) -> str:
    return str(model._meta.pk.column)


def _fetch(query: sql.Composable, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
