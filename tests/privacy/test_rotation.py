"""Rotation, backup and restore as the commands do them, on the real database."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Person
from privacy import keyring, rotation
from privacy.cipher import key_id_of
from privacy.rotation import models_with_secrets, reencrypt, rows_by_key
from tests.factories.cases import PersonFactory


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def key_ids() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT given_names FROM cases_person")
        return {key_id_of(bytes(found), "") for (found,) in cursor.fetchall()}


@pytest.mark.django_db
class TestReencrypt:
    def test_moves_every_row_to_the_active_key(self, keyring_file: Path) -> None:
        people = [PersonFactory(given_names=f"Juana {letter}", birth_date=None) for letter in "ABCDE"]
        run("keyring", "add")
        said = run("reencrypt", "--batch", "2")
        assert "cases.Person: 5 rows moved to key 2" in said
        assert "Juana" not in said
        assert set(rows_by_key()) == {2}
        run("keyring", "retire", "1")
        assert [Person.objects.get(pk=person.pk).given_names for person in people] == [f"Juana {c}" for c in "ABCDE"]

    def test_does_nothing_the_second_time(self, keyring_file: Path) -> None:
        PersonFactory()
        keyring.add_key(keyring_file)
        assert (reencrypt(Person), reencrypt(Person)) == (1, 0)

    def test_goes_on_where_it_was_stopped(self, keyring_file: Path) -> None:
        for _ in range(3):
            PersonFactory()
        keyring.add_key(keyring_file)

        def stop(moved: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            reencrypt(Person, batch=2, progress=stop)
        assert key_ids() == {1, 2}
        assert reencrypt(Person, batch=2) == 1
        assert key_ids() == {2}

    def test_lets_an_edit_made_meanwhile_stand(self, keyring_file: Path) -> None:
        person = PersonFactory(given_names="Juana")
        keyring.add_key(keyring_file)
        (rows,) = rotation._batches(Person, 10)
        Person.objects.filter(pk=person.pk).update(given_names="Inés")
        assert not rotation._move(Person, rows[0])
        person.refresh_from_db()
        assert person.given_names == "Inés"
        assert reencrypt(Person) == 1  # its other fields, which nobody edited
        assert set(rows_by_key()) == {2}

    def test_knows_every_model_with_secrets(self) -> None:
        assert {"cases.Person", "cases.Document"} <= {model._meta.label for model in models_with_secrets()}


@pytest.mark.django_db
class TestKeyringCommand:
    @pytest.fixture
    def passphrase(self, tmp_path: Path) -> str:
        path = tmp_path / "passphrase"
        path.write_text("caballo correcto batería grapa\n")
        return str(path)

    def test_brings_a_lost_keyring_back(self, keyring_file: Path, tmp_path: Path, passphrase: str) -> None:
        person = PersonFactory(given_names="Juana")
        backup = str(tmp_path / "keyring.backup")
        run("keyring", "backup", backup, "--passphrase-file", passphrase)
        with pytest.raises(CommandError, match="already exists"):
            run("keyring", "backup", backup, "--passphrase-file", passphrase)
        with pytest.raises(CommandError, match="already exists"):
            run("keyring", "restore", backup, "--passphrase-file", passphrase)
        keyring_file.unlink()
        keyring._seen.clear()
        with pytest.raises(CommandError, match="No keyring at"):
            run("keyring", "check")
        run("keyring", "restore", backup, "--passphrase-file", passphrase)
        person.refresh_from_db()
        assert person.given_names == "Juana"
        assert "key 1: active" in run("keyring", "check")

    def test_check_names_a_key_that_rows_need_and_the_keyring_lacks(self, keyring_file: Path) -> None:
        PersonFactory()
        keyring_file.rename(keyring_file.with_suffix(".old"))
        run("keyring", "create")
        keyring.add_key(keyring_file)
        keyring.retire_key(keyring_file, 1)
        with pytest.raises(CommandError, match=r"Keys \[1\] are missing"):
            run("keyring", "check")

    def test_refuses_to_retire_a_key_in_use(self, keyring_file: Path) -> None:
        PersonFactory()
        run("keyring", "add")
        with pytest.raises(CommandError, match="values still use key 1"):
            run("keyring", "retire", "1")

    def test_adds_a_key_for_later(self, keyring_file: Path) -> None:
        run("keyring", "add", "--inactive")
        assert keyring.read(keyring_file).active == 1
        run("keyring", "activate", "2")
        assert keyring.read(keyring_file).active == 2

    def test_makes_and_retires_keys_of_tablets(self, keyring_file: Path) -> None:
        run("keyring", "add-sealing")
        (old,) = keyring.read(keyring_file).sealing
        with pytest.raises(CommandError, match="add-sealing"):
            run("keyring", "retire-sealing", old)
        run("keyring", "add-sealing")
        assert f"sealing key {old}: held" in run("keyring", "check")
        run("keyring", "retire-sealing", old)
        assert old not in run("keyring", "check")

    def test_backs_up_a_keyring_from_before_tablets_with_their_first_key(
        self, keyring_file: Path, tmp_path: Path, passphrase: str
    ) -> None:
        assert not keyring.read(keyring_file).sealing
        run("keyring", "backup", str(tmp_path / "backup"), "--passphrase-file", passphrase)
        keyring_file.unlink()
        run("keyring", "restore", str(tmp_path / "backup"), "--passphrase-file", passphrase)
        assert len(keyring.read(keyring_file).sealing) == 1

    def test_refuses_a_short_passphrase(self, keyring_file: Path, tmp_path: Path) -> None:
        (tmp_path / "short").write_text("corta\n")
        with pytest.raises(CommandError, match="12 characters"):
            run("keyring", "backup", str(tmp_path / "backup"), "--passphrase-file", str(tmp_path / "short"))
        assert not (tmp_path / "backup").exists()

    def test_refuses_to_replace_a_keyring(self, keyring_file: Path) -> None:
        with pytest.raises(CommandError, match="already exists"):
            run("keyring", "create")
