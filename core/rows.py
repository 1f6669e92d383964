"""Many rows written in one statement. `bulk_update` of Django spells out a case for each value and takes minutes for thousands."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models


def update_rows(rows: Collection[models.Model], names: Sequence[str]) -> int:
    """Write the fields `names` of `rows`, which are all of one model and are in the database; returns how many were written.

    One statement whatever their number, in the caller's transaction. As with `bulk_update` no signal is sent.
    """
    if not rows:
        return 0
    meta = next(iter(rows))._meta
    fields = [meta.get_field(name) for name in names]
    key = meta.pk
    assert key is not None
    given = [key, *fields]
    kinds = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in given)  # type: ignore[union-attr]
    changes = ", ".join(f'"{field.column}" = given."{field.column}"' for field in fields)  # type: ignore[union-attr]
    # Names of tables and columns are those of our own models; values travel as one parameter.
    given_rows = f"jsonb_to_recordset(%s::jsonb) AS given({kinds})"
    same_row = f'row."{key.column}" = given."{key.column}"'
    sql = f'UPDATE "{meta.db_table}" AS row SET {changes} FROM {given_rows} WHERE {same_row}'  # nosec B608
    values = [{field.column: _plain(field, row) for field in given} for row in rows]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(values, default=str)])
        written: int = cursor.rowcount
    return written


def _plain(field: Any, row: models.Model) -> Any:
    """The value of a field as JSON holds it: dates and moments in ISO form, JSON as it is."""
    value = getattr(row, field.attname)
    return value if isinstance(field, models.JSONField) else field.get_prep_value(value)
