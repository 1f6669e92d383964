"""Which models are about people, and which of their fields are personal.

Such a model says so itself:

    personal_fields = frozenset({"given_names", "surnames"})  # tells who somebody is, or what only few may know
    open_fields = frozenset({"id", "household", "step"})      # ids, codes, moments, places

`tests/architecture/test_privacy.py` fails for a field in neither or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from privacy.fields import EncryptedField

PEOPLE = ("cases.person", "cases.household")


@dataclass(frozen=True)
class Classes:
    """What a model declares about its fields, beside the fields it has."""

    fields: frozenset[str]
    personal: frozenset[str]
    open: frozenset[str]

    @property
    def unclassed(self) -> frozenset[str]:
        """Fields in neither set."""
        return self.fields - self.personal - self.open

    @property
    def in_both(self) -> frozenset[str]:
        """Fields in both sets."""
        return self.personal & self.open

    @property
    def unknown(self) -> frozenset[str]:
        """Declared names that are no field."""
        return (self.personal | self.open) - self.fields


def classes_of(model: type[models.Model]) -> Classes:
    """What `model` declares; nothing declared is two empty sets."""
    return Classes(
        fields=frozenset(field.name for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)),
        personal=frozenset(getattr(model, "personal_fields", ())),
        open=frozenset(getattr(model, "open_fields", ())),
    )


def about_people() -> list[type[models.Model]]:
    """Every installed model that holds something encrypted, points at a person or household, is one, or says so."""
    return [model for model in apps.get_models() if _is_about_people(model)]


def _is_about_people(model: type[models.Model]) -> bool:
    fields = model._meta.get_fields()
    return (
        model._meta.label_lower in PEOPLE
        or hasattr(model, "personal_fields")
        or any(isinstance(field, EncryptedField) for field in fields)
        or any(_points_at_people(field) for field in fields)
    )


def _points_at_people(field: object) -> bool:
    if not isinstance(field, models.ForeignKey | models.ManyToManyField):
        return False
    target = field.related_model
    return isinstance(target, type) and target._meta.label_lower in PEOPLE
