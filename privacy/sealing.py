"""Opening what tablets sealed while nobody could reach the server.

A tablet encrypts each entry with a key of its own (AES-256-GCM) and wraps that key to the newest public key of the
keyring (RSA-OAEP, SHA-256), so that it can write without being able to read:

    {"key_id": "<id>", "wrapped": "<base64>", "iv": "<base64, 12 bytes>", "data": "<base64, ciphertext and tag>"}

The associated data names the entry: an envelope put under another entry's id does not open. Nothing here is logged.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from privacy import keyring as keyrings
from privacy.errors import CannotUnseal, KeyringError, UnknownSealingKey

IV_BYTES = 12


def public_key() -> tuple[str, bytes]:
    """The id and the public key (DER SubjectPublicKeyInfo) that tablets seal to now; the first is made when asked for.

    Raises KeyringMissing and its siblings.
    """
    keyring = keyrings.current()
    if not keyring.sealing:
        _make_the_first()
        keyring = keyrings.current(fresh=True)
    key_id = keyring.newest_sealing_id
    return key_id, keyrings.public_part(keyring.sealing_key(key_id))


def open_sealed(envelope: Mapping[str, Any], aad: bytes) -> bytes:
    """The plain bytes of an envelope made for `aad`. Raises UnknownSealingKey, CannotUnseal."""
    key_id, wrapped, iv, content = _parts(envelope)
    try:
        private = keyrings.current().sealing_key(key_id)
    except UnknownSealingKey:  # another process may have made it a moment ago
        private = keyrings.current(fresh=True).sealing_key(key_id)
    try:
        key = private.decrypt(wrapped, OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None))
        return AESGCM(key).decrypt(iv, content, aad)
    except (InvalidTag, ValueError):
        raise CannotUnseal() from None


def _make_the_first() -> None:
    try:
        keyrings.ensure_sealing_key(Path(settings.KEYRING_FILE))
    except OSError:  # a secret mounted for reading only
        raise KeyringError(
            f"The keyring {settings.KEYRING_FILE} has no key for tablets and cannot be written here: "
            "run manage.py keyring add-sealing where it can, and bring the file here."
        ) from None


def _parts(envelope: Mapping[str, Any]) -> tuple[str, bytes, bytes, bytes]:
    """What an envelope is made of. Raises CannotUnseal for one in no known form."""
    try:
        key_id = envelope["key_id"]
        wrapped, iv, content = (base64.b64decode(envelope[part], validate=True) for part in ("wrapped", "iv", "data"))
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise CannotUnseal() from None
    if not isinstance(key_id, str) or len(iv) != IV_BYTES:
        raise CannotUnseal()
    return key_id, wrapped, iv, content
