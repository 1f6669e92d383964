"""Encrypted fields: plain in Python, sealed in the database, and of no use anywhere else."""

from datetime import date

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.models import Person
from privacy.cipher import HEADER_BYTES, decrypt, encrypt
from privacy.errors import CannotDecrypt
from privacy.fields import EncryptedDateField, EncryptedTextField, encrypted_fields
from tests.factories.cases import PersonFactory

PURPOSE = "cases.person.given_names"


def stored(person: Person, column: str) -> bytes | None:
    """The bytes that lie in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM cases_person WHERE id = %s", [person.pk])
        (found,) = cursor.fetchone()
    return None if found is None else bytes(found)


class TestEncrypt:
    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(plain=st.binary(max_size=200), purpose=st.text(min_size=1, max_size=40))
    def test_comes_back(self, plain: bytes, purpose: str) -> None:
        assert decrypt(encrypt(plain, purpose), purpose) == plain

    def test_is_never_twice_the_same(self) -> None:
        assert encrypt(b"Juana", PURPOSE) != encrypt(b"Juana", PURPOSE)

    def test_hides_the_length_of_a_name(self) -> None:
        assert len({len(encrypt(name.encode(), PURPOSE)) for name in ("", "Ana", "Juan Carlos", "María Elena")}) == 1

    def test_does_not_open_in_another_field(self) -> None:
        with pytest.raises(CannotDecrypt):
            decrypt(encrypt(b"Juana", PURPOSE), "cases.person.surnames")

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(position=st.integers(min_value=3, max_value=HEADER_BYTES + 31), flip=st.integers(1, 255))
    def test_does_not_open_when_a_byte_was_changed(self, position: int, flip: int) -> None:
        secret = bytearray(encrypt(b"Juana", PURPOSE))
        secret[position] ^= flip
        with pytest.raises(CannotDecrypt):
            decrypt(bytes(secret), PURPOSE)

    @given(st.binary(max_size=60).filter(lambda found: found[:1] != b"\x01"))
    def test_says_so_when_bytes_are_no_secret(self, content: bytes) -> None:
        with pytest.raises(CannotDecrypt, match="not in a known form"):
            decrypt(content, PURPOSE)

    def test_failing_tells_the_field_and_nothing_else(self) -> None:
        secret = encrypt("Juana Inés".encode(), PURPOSE)
        with pytest.raises(CannotDecrypt) as caught:
            decrypt(secret, "cases.person.notes")
        assert "cases.person.notes" in str(caught.value)
        assert "Juana" not in repr(caught.value)
        assert caught.value.__suppress_context__


@pytest.mark.django_db
class TestEncryptedField:
    @pytest.fixture
    def person(self) -> Person:
        return PersonFactory(given_names="Juana Inés", surnames="Asbaje", birth_date=date(1990, 11, 12), notes="")

    def test_is_plain_in_python_and_sealed_in_the_database(self, person: Person) -> None:
        person.refresh_from_db()
        assert (person.given_names, person.birth_date, person.notes) == ("Juana Inés", date(1990, 11, 12), "")
        for column in ("given_names", "birth_date", "notes"):
            found = stored(person, column)
            assert found is not None
            assert b"Juana" not in found
            assert b"1990" not in found

    def test_keeps_null(self, person: Person) -> None:
        Person.objects.filter(pk=person.pk).update(birth_date=None)
        person.refresh_from_db()
        assert person.birth_date is None
        assert stored(person, "birth_date") is None
        assert list(Person.objects.filter(birth_date__isnull=True)) == [person]

    def test_can_be_written_in_bulk(self, person: Person) -> None:
        person.given_names, person.birth_date = "Inés", date(1651, 11, 12)
        Person.objects.bulk_update([person], ["given_names", "birth_date"])
        person.refresh_from_db()
        assert (person.given_names, person.birth_date) == ("Inés", date(1651, 11, 12))
        copy = Person(household=person.household, position=9, relation="child", given_names="Ana", surnames="Asbaje")
        (made,) = Person.objects.bulk_create([copy])
        assert Person.objects.values_list("given_names", flat=True).get(pk=made.pk) == "Ana"

    def test_writes_new_bytes_at_every_save(self, person: Person) -> None:
        before = stored(person, "given_names")
        person.save()
        assert stored(person, "given_names") != before

    @pytest.mark.parametrize("lookup", ["exact", "icontains", "in", "gt", "year", "startswith"])
    def test_refuses_to_be_filtered(self, lookup: str) -> None:
        for name in ("given_names", "birth_date"):
            with pytest.raises(FieldError, match="find people through privacy"):
                str(Person.objects.filter(**{f"{name}__{lookup}": "1990"}).query)

    def test_bytes_moved_to_another_column_do_not_open(self, person: Person) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_person SET surnames = given_names WHERE id = %s", [person.pk])
        with pytest.raises(CannotDecrypt, match=r"cases\.person\.surnames"):
            person.refresh_from_db()

    def test_is_not_written_into_a_fixture(self, person: Person) -> None:
        for name in ("given_names", "birth_date"):
            with pytest.raises(FieldError, match="fixture"):
                Person._meta.get_field(name).value_to_string(person)

    def test_is_told_from_open_fields(self) -> None:
        names = {field.name for field in encrypted_fields(Person)}
        assert {"given_names", "surnames", "a_number", "birth_date", "phone", "notes"} <= names
        assert "household" not in names


class TestForms:
    def test_text_takes_no_more_than_its_longest(self) -> None:
        field = EncryptedTextField(max_length=5).formfield()
        assert field.clean(" Ana ") == "Ana"
        with pytest.raises(ValidationError):
            field.clean("Demasiado")

    def test_a_date_is_read_as_one(self) -> None:
        assert EncryptedDateField().formfield().clean("2019-12-08") == date(2019, 12, 8)
        assert EncryptedDateField().to_python("2019-12-08") == date(2019, 12, 8)
        for wrong in ("8 December", "2019-13-01", 7):
            with pytest.raises(ValidationError):
                EncryptedDateField().to_python(wrong)


class TestPurpose:
    def test_is_app_model_field(self) -> None:
        assert Person._meta.get_field("given_names").purpose == "cases.person.given_names"

    def test_outlives_a_rename(self) -> None:
        field = EncryptedTextField(purpose="cases.person.old_name")
        field.set_attributes_from_name("name")
        assert field.purpose == "cases.person.old_name"
        _, path, args, kwargs = field.deconstruct()
        assert (path, args, kwargs) == ("privacy.fields.EncryptedTextField", [], {"purpose": "cases.person.old_name"})

    def test_an_index_on_it_is_refused(self) -> None:
        field = EncryptedTextField(db_index=True)
        field.set_attributes_from_name("name")
        field.model = type("Nobody", (), {"_meta": Person._meta})
        assert "privacy.E001" in [found.id for found in field.check() if isinstance(field, models.Field)]
