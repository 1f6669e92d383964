"""The keyring file: made, changed, backed up and restored without ever being lost or shown."""

import json
import stat
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from privacy import keyring
from privacy.cipher import decrypt, encrypt
from privacy.errors import (
    KeyInUse,
    KeyringBroken,
    KeyringExposed,
    KeyringInTheWay,
    KeyringMissing,
    UnknownKey,
    WrongPassphrase,
)

PASSPHRASE = "caballo correcto batería grapa"


class TestCreate:
    def test_lets_only_its_owner_read_the_file(self, keyring_file: Path) -> None:
        assert stat.S_IMODE(keyring_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(keyring_file.parent.stat().st_mode) == 0o700

    def test_refuses_to_replace_a_keyring(self, keyring_file: Path) -> None:
        before = keyring_file.read_bytes()
        with pytest.raises(KeyringInTheWay, match="already exists"):
            keyring.create(keyring_file)
        assert keyring_file.read_bytes() == before
        assert [path.name for path in keyring_file.parent.iterdir()] == [keyring_file.name]

    def test_never_shows_a_key(self, keyring_file: Path) -> None:
        shown = repr(keyring.current())
        content = json.loads(keyring_file.read_bytes())
        assert content["index_key"] not in shown
        assert str(keyring.current().index_key) not in shown
        assert str(keyring.current().keys[1]) not in shown


class TestCurrent:
    def test_says_how_to_mend_a_missing_file(self, settings: Settings, tmp_path: Path) -> None:
        settings.KEYRING_FILE = tmp_path / "nowhere.json"
        with pytest.raises(KeyringMissing, match="keyring restore"):
            keyring.current()

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_refuses_a_file_that_others_can_read(self, keyring_file: Path, mode: int) -> None:
        keyring_file.chmod(mode)
        with pytest.raises(KeyringExposed, match="chmod 600"):
            keyring.current()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b"not json",
            b'{"version": 1, "active": 1, "keys": {}, "index_key": ""}',
            b'{"version": 1, "active": 1, "keys": {"1": "c2hvcnQ="}, "index_key": "c2hvcnQ="}',
            b'{"version": 9}',
        ],
    )
    def test_refuses_a_broken_file_without_repeating_it(self, keyring_file: Path, content: bytes) -> None:
        keyring_file.write_bytes(content)
        with pytest.raises(KeyringBroken) as caught:
            keyring.current()
        assert "c2hvcnQ" not in str(caught.value)

    def test_notices_a_changed_file(self, keyring_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keyring, "RECHECK_SECONDS", 0)
        first = keyring.current()
        keyring.add_key(keyring_file)
        assert (first.active, keyring.current().active) == (1, 2)


class TestRotation:
    def test_reads_old_values_and_writes_new_ones_with_the_new_key(self, keyring_file: Path) -> None:
        old = encrypt(b"Juana", "cases.person.given_names")
        assert keyring.add_key(keyring_file) == 2
        new = encrypt(b"Juana", "cases.person.given_names")
        assert (old[1:3], new[1:3]) == (b"\x00\x01", b"\x00\x02")
        assert decrypt(old, "cases.person.given_names") == decrypt(new, "cases.person.given_names") == b"Juana"

    def test_keeps_the_index_key(self, keyring_file: Path) -> None:
        before = keyring.current().index_key
        keyring.add_key(keyring_file)
        assert keyring.current().index_key == before

    def test_waits_with_a_key_until_it_is_activated(self, keyring_file: Path) -> None:
        keyring.add_key(keyring_file, activate=False)
        assert keyring.current().active == 1
        keyring.activate_key(keyring_file, 2)
        assert keyring.current().active == 2

    def test_refuses_to_retire_the_active_key(self, keyring_file: Path) -> None:
        with pytest.raises(KeyInUse):
            keyring.retire_key(keyring_file, 1)

    def test_refuses_a_key_it_does_not_hold(self, keyring_file: Path) -> None:
        for deed in (keyring.activate_key, keyring.retire_key):
            with pytest.raises(UnknownKey):
                deed(keyring_file, 7)

    def test_names_the_lost_key_and_the_mend(self, keyring_file: Path) -> None:
        secret = encrypt(b"Juana", "cases.person.given_names")
        keyring.add_key(keyring_file)
        keyring.retire_key(keyring_file, 1)
        with pytest.raises(UnknownKey, match=r"Key 1 is not in the keyring .* restore the backup"):
            decrypt(secret, "cases.person.given_names")

    def test_finds_a_key_that_another_process_added_this_moment(self, keyring_file: Path) -> None:
        keyring.current()
        seen = dict(keyring._seen)
        keyring.add_key(keyring_file)
        secret = encrypt(b"Juana", "cases.person.given_names")
        keyring._seen.update(seen)  # as in a process that looked at the file less than a second ago
        assert decrypt(secret, "cases.person.given_names") == b"Juana"


class TestBackup:
    def test_comes_back_with_the_passphrase(self, keyring_file: Path) -> None:
        keyring.add_key(keyring_file)
        before = keyring.read(keyring_file)
        backup = keyring.seal(before, PASSPHRASE)
        keyring_file.unlink()
        keyring.restore(keyring_file, keyring.unseal(backup, PASSPHRASE))
        assert keyring.read(keyring_file) == before
        assert stat.S_IMODE(keyring_file.stat().st_mode) == 0o600

    def test_shows_no_key(self, keyring_file: Path) -> None:
        backup = keyring.seal(keyring.current(), PASSPHRASE)
        content = json.loads(keyring_file.read_bytes())
        for key in (*content["keys"].values(), content["index_key"]):
            assert key.encode() not in backup

    def test_refuses_another_passphrase(self, keyring_file: Path) -> None:
        backup = keyring.seal(keyring.current(), PASSPHRASE)
        with pytest.raises(WrongPassphrase):
            keyring.unseal(backup, PASSPHRASE + " ")

    def test_refuses_a_changed_or_foreign_file(self, keyring_file: Path) -> None:
        backup = json.loads(keyring.seal(keyring.current(), PASSPHRASE))
        first = backup["sealed"][0]
        changed = backup | {"sealed": ("B" if first == "A" else "A") + backup["sealed"][1:]}
        with pytest.raises(WrongPassphrase):
            keyring.unseal(json.dumps(changed).encode(), PASSPHRASE)
        greedy = backup | {"scrypt": {"n": 2**30, "r": 8, "p": 1}}
        for other in (b"", b"[]", keyring_file.read_bytes(), json.dumps(greedy).encode()):
            with pytest.raises(KeyringBroken, match="no keyring backup"):
                keyring.unseal(other, PASSPHRASE)

    def test_refuses_to_replace_a_keyring(self, keyring_file: Path) -> None:
        with pytest.raises(KeyringInTheWay):
            keyring.restore(keyring_file, keyring.current())
