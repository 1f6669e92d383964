"""What can go wrong with keys and secrets. Each message names the mend; none carries a secret."""

from __future__ import annotations


class KeyringError(Exception):
    """Something is wrong with the keyring: an operator must act, a person at a desk cannot."""


class KeyringMissing(KeyringError):
    """No keyring file stands where the settings say."""


class KeyringExposed(KeyringError):
    """Others than the owner can read the keyring file."""


class KeyringBroken(KeyringError):
    """The keyring file or its backup cannot be read as one."""


class KeyringInTheWay(KeyringError):
    """A keyring already stands where a new one would go."""


class KeyInUse(KeyringError):
    """The key is active or rows are still encrypted with it."""


class WrongPassphrase(KeyringError):
    """The backup does not open with this passphrase, or was changed."""


class UnknownKey(KeyringError):
    """A row names a key that the keyring does not hold."""


class UnknownSealingKey(UnknownKey):
    """Something was sealed to a key pair that the keyring does not hold, or holds no more."""


class CannotUnseal(Exception):
    """What a tablet sealed does not open: changed on its way, taken from another entry, or in no known form."""


class CannotDecrypt(Exception):
    """Stored bytes are no secret of this field: tampered with, moved from another field, or not ours."""
