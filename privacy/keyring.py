"""The keyring: the keys of all identity fields, in one JSON file outside the database.

    {"version": 1, "active": 2, "keys": {"1": "<base64, 32 bytes>", "2": "..."}, "index_key": "<base64, 32 bytes>",
     "sealing": {"<id>": "<base64, RSA private key as PKCS #8>"}}

`keys` encrypt fields and rotate: new rows use the active one, old rows name theirs. `index_key` keys the blind index
and never rotates with them, or nobody would be found until every token was computed anew. `sealing` are the key pairs
to which tablets seal what they write without network (`privacy.sealing`), the newest last; a keyring from before
tablets has none and gets one when it is first asked for. Who loses this file loses everyone: see `docs/keys.md`.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.conf import settings

from privacy.errors import (
    KeyInUse,
    KeyringBroken,
    KeyringExposed,
    KeyringInTheWay,
    KeyringMissing,
    UnknownKey,
    UnknownSealingKey,
    WrongPassphrase,
)

KEY_BYTES = 32
LARGEST_KEY_ID = 0xFFFF
SEALING_BITS = 3072  # NIST SP 800-57: 128 bits of strength
RECHECK_SECONDS = 1.0
SHORTEST_PASSPHRASE = 12
BACKUP_FORMAT = "mpp-tracker-keyring-backup"
SCRYPT_COST = 2**17  # OWASP password storage cheat sheet: N=2^17, r=8, p=1 (128 MiB, under a second)
SCRYPT_COST_ALLOWED = 2**20


@dataclass(frozen=True)
class Keyring:
    """Keys by id, which of them is active, the key of the blind index, the key pairs of sealing. Its repr shows no key."""

    active: int
    keys: Mapping[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    sealing: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    _ciphers: dict[tuple[int, str], AESGCM] = field(default_factory=dict, repr=False, compare=False)
    _index_keys: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    _sealing_keys: dict[str, RSAPrivateKey] = field(default_factory=dict, repr=False, compare=False)

    def cipher(self, key_id: int, purpose: str) -> AESGCM:
        """The cipher of one key for one purpose ("app.model.field"). Raises UnknownKey."""
        cipher = self._ciphers.get((key_id, purpose))
        if cipher is None:
            key = self.keys.get(key_id)
            if key is None:
                raise UnknownKey(
                    f"Key {key_id} is not in the keyring {settings.KEYRING_FILE}: "
                    "restore the backup that holds it (manage.py keyring restore)."
                )
            cipher = self._ciphers[key_id, purpose] = AESGCM(_derive(key, f"field:{purpose}"))
        return cipher

    def index_key_for(self, purpose: str) -> bytes:
        """The blind index key of one kind of token, 32 bytes."""
        key = self._index_keys.get(purpose)
        if key is None:
            key = self._index_keys[purpose] = _derive(self.index_key, f"index:{purpose}")
        return key

    @property
    def newest_sealing_id(self) -> str:
        """The id of the key pair that tablets seal to from now on; empty where the keyring has none yet."""
        return next(reversed([*self.sealing]), "")

    def sealing_key(self, key_id: str) -> RSAPrivateKey:
        """The private key of one pair of sealing. Raises UnknownSealingKey."""
        key = self._sealing_keys.get(key_id)
        if key is None:
            if key_id not in self.sealing:
                raise UnknownSealingKey(f"Sealing key {key_id} is not in the keyring {settings.KEYRING_FILE}.")
            loaded = load_der_private_key(self.sealing[key_id], password=None)
            assert isinstance(loaded, RSAPrivateKey)
            key = self._sealing_keys[key_id] = loaded
        return key


@dataclass(frozen=True)
class _Seen:
    """A keyring as read, the mark of its file then, and when the two were last compared (monotonic seconds)."""

    mark: tuple[int, int, int]
    checked: float
    keyring: Keyring


_seen: dict[str, _Seen] = {}


def current(*, fresh: bool = False) -> Keyring:
    """The keyring of the settings, read again when its file changes (noticed within a second, at once if `fresh`).

    Raises KeyringMissing, KeyringExposed, KeyringBroken.
    """
    path, now = str(settings.KEYRING_FILE), time.monotonic()
    seen = _seen.get(path)
    if not fresh and seen is not None and now - seen.checked < RECHECK_SECONDS:
        return seen.keyring
    mark = _mark(Path(path))
    keyring = seen.keyring if seen is not None and seen.mark == mark else read(Path(path))
    _seen[path] = _Seen(mark, now, keyring)
    return keyring


def read(path: Path) -> Keyring:
    """Read a keyring file. Raises KeyringMissing, KeyringExposed, KeyringBroken."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except FileNotFoundError:
        raise _missing(path) from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyringExposed(f"Others can read the keyring {path}: chmod 600 {path}")
    return _from_json(content, f"The keyring {path}")


def create(path: Path) -> Keyring:
    """Make a new keyring with one key. Raises KeyringInTheWay where a file already stands."""
    keyring = Keyring(1, {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))
    write_new(path, _to_json(keyring))
    return keyring


def add_key(path: Path, *, activate: bool = True) -> int:
    """Add a fresh key and return its id. With `activate`, rows written from now on use it."""
    with _changing(path) as keyring:
        key_id = max(keyring.keys) + 1
        if key_id > LARGEST_KEY_ID:
            raise KeyringBroken(f"The keyring {path} has used up all key ids.")
        keys = {**keyring.keys, key_id: secrets.token_bytes(KEY_BYTES)}
        _overwrite(path, replace(keyring, keys=keys, active=key_id if activate else keyring.active))
    return key_id


def activate_key(path: Path, key_id: int) -> None:
    """Let rows written from now on use this key. Raises UnknownKey."""
    with _changing(path) as keyring:
        _check_holds(keyring, key_id, path)
        _overwrite(path, replace(keyring, active=key_id))


def retire_key(path: Path, key_id: int) -> None:
    """Drop a key for good. The caller has made sure that no row uses it. Raises UnknownKey, KeyInUse."""
    with _changing(path) as keyring:
        _check_holds(keyring, key_id, path)
        if key_id == keyring.active:
            raise KeyInUse(f"Key {key_id} is the active one: add another first (manage.py keyring add).")
        _overwrite(path, replace(keyring, keys={k: v for k, v in keyring.keys.items() if k != key_id}))


def add_sealing_key(path: Path) -> str:
    """Make a new key pair, let tablets seal to it from now on, and return its id. The older ones still open."""
    made = _new_sealing_key()
    with _changing(path) as keyring:
        _overwrite(path, replace(keyring, sealing={**keyring.sealing, **made}))
    return next(iter(made))


def ensure_sealing_key(path: Path) -> str:
    """The id of the newest key pair of sealing, made now where the keyring comes from before tablets."""
    with _changing(path) as keyring:
        if keyring.sealing:
            return keyring.newest_sealing_id
        made = _new_sealing_key()
        _overwrite(path, replace(keyring, sealing=made))
    return next(iter(made))


def retire_sealing_key(path: Path, key_id: str) -> None:
    """Drop a key pair of sealing for good: what is still sealed to it on a tablet opens only there, with its PIN.

    Raises UnknownSealingKey, KeyInUse.
    """
    with _changing(path) as keyring:
        if key_id not in keyring.sealing:
            raise UnknownSealingKey(
                f"Sealing key {key_id} is not in the keyring {path}; it holds {[*keyring.sealing]}."
            )
        if key_id == keyring.newest_sealing_id:
            raise KeyInUse(f"Tablets seal to {key_id} now: add another first (manage.py keyring add-sealing).")
        _overwrite(path, replace(keyring, sealing={k: v for k, v in keyring.sealing.items() if k != key_id}))


def public_part(key: RSAPrivateKey) -> bytes:
    """The public key of a pair as DER SubjectPublicKeyInfo, which browsers import."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def seal(keyring: Keyring, passphrase: str) -> bytes:
    """The keyring as a backup file that only the passphrase opens (scrypt, AES-256-GCM)."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    cipher = AESGCM(_stretch(passphrase, salt, SCRYPT_COST))
    content = {
        "format": BACKUP_FORMAT,
        "version": 1,
        "scrypt": {"n": SCRYPT_COST, "r": 8, "p": 1},
        "salt": _encode(salt),
        "nonce": _encode(nonce),
        "sealed": _encode(cipher.encrypt(nonce, _to_json(keyring), BACKUP_FORMAT.encode())),
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def unseal(backup: bytes, passphrase: str) -> Keyring:
    """Open a backup. Raises KeyringBroken, WrongPassphrase."""
    try:
        content = json.loads(backup)
        cost = int(content["scrypt"]["n"])
        known = content["format"] == BACKUP_FORMAT and content["version"] == 1
        if not known or not 2**10 <= cost <= SCRYPT_COST_ALLOWED:
            raise ValueError
        salt, nonce, sealed = (_decode(content[key]) for key in ("salt", "nonce", "sealed"))
    except (ValueError, KeyError, TypeError):
        raise KeyringBroken("This file is no keyring backup: take the file that `keyring backup` wrote.") from None
    try:
        opened = AESGCM(_stretch(passphrase, salt, cost)).decrypt(nonce, sealed, BACKUP_FORMAT.encode())
    except InvalidTag:
        raise WrongPassphrase("The passphrase is wrong, or the backup was changed: try another copy.") from None
    return _from_json(opened, "The backup")


def restore(path: Path, keyring: Keyring) -> None:
    """Write a keyring that came out of a backup. Raises KeyringInTheWay where a file already stands."""
    write_new(path, _to_json(keyring))


def write_new(path: Path, content: bytes) -> None:
    """Write a secret file (0600) that was not there before, whole or not at all. Raises KeyringInTheWay."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, content)
    try:
        os.link(draft, path)  # unlike a rename, refuses to replace
    except FileExistsError:
        raise KeyringInTheWay(f"{path} already exists: move it away first; nothing was written.") from None
    finally:
        draft.unlink()
    _sync_folder(path)


def _overwrite(path: Path, keyring: Keyring) -> None:
    os.replace(_draft(path, _to_json(keyring)), path)
    _sync_folder(path)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _changing(path: Path) -> Iterator[Keyring]:
    """Read the keyring while nobody else changes it; forget what this process had read."""
    if not path.parent.is_dir():
        raise _missing(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield read(path)
    finally:
        os.close(folder)
        _seen.pop(str(path), None)


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise _missing(path) from None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _missing(path: Path) -> KeyringMissing:
    return KeyringMissing(
        f"No keyring at {path}: manage.py keyring restore (from a backup) or manage.py keyring create."
    )


def _check_holds(keyring: Keyring, key_id: int, path: Path) -> None:
    if key_id not in keyring.keys:
        raise UnknownKey(f"Key {key_id} is not in the keyring {path}; it holds {sorted(keyring.keys)}.")


def _to_json(keyring: Keyring) -> bytes:
    content = {
        "version": 1,
        "active": keyring.active,
        "keys": {str(key_id): _encode(key) for key_id, key in sorted(keyring.keys.items())},
        "index_key": _encode(keyring.index_key),
        "sealing": {key_id: _encode(key) for key_id, key in keyring.sealing.items()},
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _from_json(content: bytes, what: str) -> Keyring:
    try:
        found = json.loads(content)
        keys = {int(key_id): _decode(key) for key_id, key in found["keys"].items()}
        sealing = {str(key_id): _decode(key) for key_id, key in found.get("sealing", {}).items()}
        keyring = Keyring(int(found["active"]), keys, _decode(found["index_key"]), sealing)
        sound = (
            found["version"] == 1
            and keyring.active in keys
            and all(0 < key_id <= LARGEST_KEY_ID for key_id in keys)
            and all(len(key) == KEY_BYTES for key in (*keys.values(), keyring.index_key))
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise KeyringBroken(f"{what} cannot be read: restore it from a backup (manage.py keyring restore).")
    return keyring


def _new_sealing_key() -> dict[str, bytes]:
    """A fresh key pair under its id, the first letters of its public key's fingerprint: two machines never share one."""
    key = generate_private_key(public_exponent=65537, key_size=SEALING_BITS)
    digest = Hash(SHA256())
    digest.update(public_part(key))
    return {digest.finalize().hex()[:16]: key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())}


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"mpp-tracker:" + purpose.encode()).derive(key)


def _stretch(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=8, p=1).derive(passphrase.encode())


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise ValueError from None
