"""Every field of a model about people is classed, identity is encrypted, and str() shows nobody's name."""

from datetime import date

import pytest
from django.db import models

from privacy.classification import about_people, classes_of
from privacy.fields import EncryptedDateField, EncryptedField, encrypted_fields

MODELS = about_people()
MARK = "Xochiquétzal Ñáñez 012345678"


def label(model: type[models.Model]) -> str:
    return model._meta.label


def test_the_guard_sees_the_people() -> None:
    assert {"cases.Person", "cases.Household", "cases.Document", "cases.CovidTest"} <= set(map(label, MODELS))


@pytest.mark.parametrize("model", MODELS, ids=label)
class TestModelAboutPeople:
    def test_classes_each_field_once(self, model: type[models.Model]) -> None:
        classes = classes_of(model)
        assert not classes.unclassed, "say in personal_fields or open_fields what these are"
        assert not classes.in_both
        assert not classes.unknown, "no such field"

    def test_counts_what_is_encrypted_as_personal(self, model: type[models.Model]) -> None:
        assert {field.name for field in encrypted_fields(model)} <= classes_of(model).personal

    def test_encrypts_personal_text_and_dates(self, model: type[models.Model]) -> None:
        plain = [
            field.name
            for field in model._meta.local_concrete_fields
            if field.name in classes_of(model).personal
            and not isinstance(field, EncryptedField)
            and isinstance(field, models.CharField | models.TextField | models.DateField | models.JSONField)
            and not isinstance(field, models.DateTimeField)
            and not field.choices
        ]
        assert not plain, "use the fields of privacy.fields"

    def test_is_not_sorted_by_what_is_encrypted(self, model: type[models.Model]) -> None:
        secret = {field.name for field in encrypted_fields(model)}
        assert not secret & {str(name).lstrip("-") for name in model._meta.ordering}

    def test_does_not_print_people(self, model: type[models.Model]) -> None:
        instance = model(pk=7)
        for field in model._meta.local_concrete_fields:
            if field.name in classes_of(model).personal:
                setattr(instance, field.attname, date(1987, 6, 5) if isinstance(field, EncryptedDateField) else MARK)
        for shown in (str(instance), repr(instance)):
            assert MARK not in shown
            assert "1987" not in shown
