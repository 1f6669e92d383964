"""Rows by the million: collected per table and sent with COPY, with the same constraints and triggers as any INSERT."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from privacy.cipher import encrypt
from privacy.fields import EncryptedField

Row = Sequence[Any]


class Sheet:
    """Rows of one table for some of its columns (attribute names of `model`); the rest get the defaults of database and model."""

    def __init__(self, model: type[models.Model], columns: str) -> None:
        self.model = model
        by_name = {field.name: field for field in model._meta.concrete_fields}
        fields = [by_name.pop(name) for name in columns.split()]
        unsaid = [field for field in by_name.values() if _must_be_said(field)]
        fields += unsaid
        self.columns = [str(field.column) for field in fields]
        self.rows: list[Row] = []
        self._unsaid = tuple(field.get_default() for field in unsaid)
        self._secret = [field.purpose if isinstance(field, EncryptedField) else "" for field in fields]

    def add(self, *values: Any) -> None:
        """One row, its values in the order of the columns; what goes into an encrypted field is plain."""
        self.rows.append((*values, *self._unsaid) if self._unsaid else values)

    def send(self) -> int:
        """Write the rows and forget them; returns how many there were."""
        sent = len(self.rows)
        if sent:
            columns = ", ".join(self.columns)
            with connection.cursor() as cursor:
                cursor.copy_expert(f"COPY {self.model._meta.db_table} ({columns}) FROM STDIN", self._text())
        self.rows = []
        return sent

    def _text(self) -> io.StringIO:
        secret = self._secret
        lines = (
            "\t".join(
                _secret(value, purpose) if purpose else _plain(value)
                for value, purpose in zip(row, secret, strict=True)
            )
            for row in self.rows
        )
        return io.StringIO("\n".join(lines) + "\n")


def _must_be_said(field: "models.Field[Any, Any]") -> bool:
    """Whether the database has nothing to put where nothing is said, and the model has."""
    left_to_database = field.primary_key or field.null or field.has_db_default() or isinstance(field, EncryptedField)
    return not left_to_database and (field.has_default() or field.empty_strings_allowed)


def new_keys(model: type[models.Model], number: int) -> list[int]:
    """`number` fresh primary keys of `model`, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [key for (key,) in cursor.fetchall()]


def send_all(sheets: Iterable[Sheet]) -> None:
    """Send in the given order: what is referred to before what refers to it."""
    for sheet in sheets:
        sheet.send()


def _secret(value: Any, purpose: str) -> str:
    if value is None:
        return r"\N"
    text = value if isinstance(value, str) else value.isoformat()
    return r"\\x" + encrypt(text.encode(), purpose).hex()


def _plain(value: Any) -> str:
    kind = type(value)
    if kind is int:
        return str(value)
    if value is None:
        return r"\N"
    if kind is bool:
        return "t" if value else "f"
    if kind is datetime:
        return str(value.isoformat())
    text = json.dumps(value) if kind is dict else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
