"""How one secret lies in the database.

    version (1 byte, 1) | key id (2 bytes, big endian) | nonce (12 bytes, random) | AES-256-GCM ciphertext and tag

The associated data is the purpose, "app.model.field": bytes moved to another field do not open. The plain bytes are
padded to whole blocks of 16, so that a length does not tell "Ana" from "Eva María", nor an empty note from a short one.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag

from privacy import keyring as keyrings
from privacy.errors import CannotDecrypt, UnknownKey

VERSION = 1
HEADER_BYTES = 15
BLOCK_BYTES = 16
SHORTEST_SECRET = HEADER_BYTES + BLOCK_BYTES + 16


def encrypt(plain: bytes, purpose: str) -> bytes:
    """Encrypt with the active key. Raises KeyringMissing and its siblings."""
    keyring = keyrings.current()
    head = bytes((VERSION,)) + keyring.active.to_bytes(2, "big")
    nonce = os.urandom(12)
    padded = plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK_BYTES)
    return head + nonce + keyring.cipher(keyring.active, purpose).encrypt(nonce, padded, purpose.encode())


def decrypt(secret: bytes, purpose: str) -> bytes:
    """Open what `encrypt` made for the same purpose. Raises UnknownKey, CannotDecrypt."""
    key_id = key_id_of(secret, purpose)
    try:
        cipher = keyrings.current().cipher(key_id, purpose)
    except UnknownKey:  # another process may have added it a moment ago
        cipher = keyrings.current(fresh=True).cipher(key_id, purpose)
    try:
        padded = cipher.decrypt(secret[3:HEADER_BYTES], secret[HEADER_BYTES:], purpose.encode())
    except InvalidTag:
        raise CannotDecrypt(f"A stored value of {purpose} does not open: it was changed, or moved here.") from None
    return padded.rstrip(b"\x00")[:-1]


def key_id_of(secret: bytes, purpose: str) -> int:
    """The id of the key that a secret names. Raises CannotDecrypt for bytes that are no secret."""
    if len(secret) < SHORTEST_SECRET or secret[0] != VERSION:
        raise CannotDecrypt(f"A stored value of {purpose} is not in a known form: it was not written by this field.")
    return int.from_bytes(secret[1:3], "big")
