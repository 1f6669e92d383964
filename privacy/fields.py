"""Model fields whose values lie encrypted in the database and are plain text or dates in Python.

They cannot be filtered, sorted or compared in SQL: find people through `privacy.blind_index`. NULL stays NULL, so that
"not known" can be asked (`isnull`); an empty text is encrypted like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django import forms
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.lookups import IsNull
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from privacy.cipher import decrypt, encrypt

S = TypeVar("S")
G = TypeVar("G")


if TYPE_CHECKING:
    TypedField = models.Field
else:

    class TypedField(models.Field):
        """Django's own field, which takes no types at run time, made to."""

        def __class_getitem__(cls, types: object) -> type:
            return cls


class EncryptedField(TypedField[S, G]):
    """A value kept as AES-256-GCM bytes (`privacy.cipher`), bound to this field of this model.

    `purpose` ("app.model.field" by default) is part of the encryption: give the old one when a model or field is
    renamed, or nothing written before the rename will open.
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.fixed_purpose = purpose
        super().__init__(*args, **kwargs)

    @property
    def purpose(self) -> str:
        """What the value is encrypted for, "app.model.field"."""
        return self.fixed_purpose or f"{self.model._meta.label_lower}.{self.name}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.fixed_purpose:
            kwargs["purpose"] = self.fixed_purpose
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error("An encrypted field cannot be unique, indexed or a key.", obj=self, id="privacy.E001")
            )
        return found

    def get_lookup(self, lookup_name: str) -> type[IsNull]:
        if lookup_name != "isnull":
            self._refuse(f"filtered with “{lookup_name}”")
        return IsNull

    def get_transform(self, lookup_name: str) -> NoReturn:
        self._refuse(f"transformed with “{lookup_name}”")

    def _refuse(self, what: str) -> NoReturn:
        raise FieldError(f"{self} is encrypted and cannot be {what}: find people through privacy.blind_index.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or hasattr(value, "as_sql"):
            return value
        return connection.Database.Binary(encrypt(self.to_bytes(value), self.purpose))

    def from_db_value(self, value: bytes | memoryview | None, expression: object, connection: object) -> Any:
        return None if value is None else self.from_bytes(decrypt(bytes(value), self.purpose))

    def from_json(self, stored: str | None) -> Any:
        """The value that PostgreSQL wrote into JSON, where a sub-select brings it along: bytes as "\\x…"."""
        return None if stored is None else self.from_db_value(bytes.fromhex(stored.removeprefix("\\x")), None, None)

    def value_to_string(self, obj: models.Model) -> str:
        self._refuse("written into a fixture")

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, plain: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(EncryptedField[S, G]):
    """Text. `max_length` counts characters and is checked by forms and `full_clean`, not by the database."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    description = _("Encrypted text")

    def to_python(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else str(value)

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode()

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs = {"form_class": forms.CharField, "max_length": self.max_length, **kwargs}
        if self.null:
            kwargs.setdefault("empty_value", None)
        return super().formfield(**kwargs)


class EncryptedDateField(EncryptedField[S, G]):
    """A calendar date, kept as ISO 8601."""

    _pyi_private_set_type: str | date
    _pyi_private_get_type: date

    description = _("Encrypted date")
    empty_strings_allowed = False
    default_error_messages = {"invalid": forms.DateField.default_error_messages["invalid"]}

    def to_python(self, value: Any) -> date | None:
        if value is None or (isinstance(value, date) and type(value) is date):
            return value
        try:
            parsed = parse_date(value)
        except (TypeError, ValueError):
            parsed = None
        if parsed is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return parsed

    def to_bytes(self, value: Any) -> bytes:
        found = self.to_python(value)
        assert found is not None
        return found.isoformat().encode()

    def from_bytes(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode())

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": forms.DateField, **kwargs})


def encrypted_fields(model: type[models.Model]) -> Sequence[EncryptedField[Any, Any]]:
    """The encrypted fields of a model, in their order."""
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
