"""Envelopes of tablets: only the keyring opens them, only for the entry that they were made for."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from privacy import keyring
from privacy.errors import CannotUnseal, KeyInUse, KeyringError, UnknownSealingKey
from privacy.sealing import open_sealed, public_key
from tests.factories.tablets import sealed

PASSPHRASE = "caballo correcto batería grapa"


class TestPublicKey:
    def test_is_made_when_first_asked_for_and_stays(self, keyring_file: Path) -> None:
        assert not keyring.current().sealing
        first = public_key()
        assert public_key() == first
        assert stat.S_IMODE(keyring_file.stat().st_mode) == 0o600
        key = load_der_public_key(first[1])
        assert isinstance(key, RSAPublicKey)
        assert key.key_size == 3072

    def test_leaves_the_other_keys_alone(self, keyring_file: Path) -> None:
        before = keyring.read(keyring_file)
        public_key()
        after = keyring.read(keyring_file)
        assert (after.keys, after.index_key, after.active) == (before.keys, before.index_key, before.active)

    def test_is_the_newest_after_a_rotation(self, keyring_file: Path) -> None:
        old = public_key()[0]
        new = keyring.add_sealing_key(keyring_file)
        assert public_key()[0] == new != old

    def test_says_what_to_do_where_the_file_cannot_be_written(
        self, keyring_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path) -> str:
            raise PermissionError

        monkeypatch.setattr(keyring, "ensure_sealing_key", refuse)
        with pytest.raises(KeyringError, match="keyring add-sealing"):
            public_key()


class TestOpenSealed:
    def test_opens_what_a_browser_sealed(self, keyring_file: Path) -> None:
        envelope = sealed({"name": "Xóchitl"}, uid="1", kind="arrival")
        assert json.loads(open_sealed(envelope, b"1|arrival")) == {"name": "Xóchitl"}

    def test_opens_with_an_older_key(self, keyring_file: Path) -> None:
        envelope = sealed("old", uid="1", kind="arrival")
        keyring.add_sealing_key(keyring_file)
        assert open_sealed(envelope, b"1|arrival") == b'"old"'

    @pytest.mark.parametrize("aad", [b"2|arrival", b"1|step", b""])
    def test_opens_for_nothing_else(self, keyring_file: Path, aad: bytes) -> None:
        with pytest.raises(CannotUnseal):
            open_sealed(sealed("x", uid="1", kind="arrival"), aad)

    def test_names_a_key_that_is_gone(self, keyring_file: Path) -> None:
        envelope = sealed("x", uid="1", kind="arrival")
        old = public_key()[0]
        keyring.add_sealing_key(keyring_file)
        keyring.retire_sealing_key(keyring_file, old)
        with pytest.raises(UnknownSealingKey, match=old):
            open_sealed(envelope, b"1|arrival")

    def test_finds_a_key_that_another_process_made_this_moment(self, keyring_file: Path) -> None:
        public_key()
        seen = dict(keyring._seen)
        keyring.add_sealing_key(keyring_file)
        envelope = sealed("x", uid="1", kind="arrival")
        keyring._seen.update(seen)
        assert open_sealed(envelope, b"1|arrival") == b'"x"'


class TestSealingKeys:
    def test_the_one_in_use_is_not_retired(self, keyring_file: Path) -> None:
        with pytest.raises(KeyInUse):
            keyring.retire_sealing_key(keyring_file, public_key()[0])
        with pytest.raises(UnknownSealingKey):
            keyring.retire_sealing_key(keyring_file, "0" * 16)

    def test_come_back_with_the_backup(self, keyring_file: Path) -> None:
        key_id, _key = public_key()
        keyring.add_sealing_key(keyring_file)
        before = keyring.read(keyring_file)
        backup = keyring.seal(before, PASSPHRASE)
        keyring_file.unlink()
        keyring.restore(keyring_file, keyring.unseal(backup, PASSPHRASE))
        assert keyring.read(keyring_file) == before
        assert [*keyring.read(keyring_file).sealing] == [*before.sealing]
        assert key_id in before.sealing

    def test_are_not_shown(self, keyring_file: Path) -> None:
        public_key()
        assert str(next(iter(keyring.current().sealing.values()))) not in repr(keyring.current())

    def test_a_keyring_from_before_tablets_still_opens(self, keyring_file: Path) -> None:
        content = json.loads(keyring_file.read_bytes())
        del content["sealing"]
        keyring_file.write_text(json.dumps(content))
        assert keyring.read(keyring_file).sealing == {}
