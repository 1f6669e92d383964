"""Secrets of second factors, as allauth keeps them: encrypted, so that a copy of the database lets nobody in who has a password too."""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from privacy import cipher, keyring

PURPOSE = "mfa.authenticator.data"
MARK = "sealed:"  # what was written before stands in clear until `reencrypt`
SECRETS = ("secret", "seed")  # of the codes of a phone; of recovery codes


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks before it writes a secret down, and when it has read one."""

    def encrypt(self, text: str) -> str:
        """`text` under the active key."""
        return MARK + b64encode(cipher.encrypt(text.encode(), PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again."""
        return (
            cipher.decrypt(_sealed(encrypted_text), PURPOSE).decode() if _is_sealed(encrypted_text) else encrypted_text
        )


def factors_by_key() -> Counter[int]:
    """How many secrets of factors each key id has."""
    return Counter(cipher.key_id_of(_sealed(text), PURPOSE) for _factor, _name, text in _secrets() if _is_sealed(text))


def seal_factors() -> int:
    """Bring the secrets of all factors under the active key, those in clear too; returns how many moved. One that was used meanwhile
    is left for the next time.
    """
    active, adapter, moved = keyring.current(fresh=True).active, SealingAdapter(), 0
    for factor, name, text in _secrets():
        if _is_sealed(text) and cipher.key_id_of(_sealed(text), PURPOSE) == active:
            continue
        anew = {**factor.data, name: adapter.encrypt(adapter.decrypt(text))}
        moved += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=anew)
    return moved


def _secrets() -> Iterator[tuple[Authenticator, str, str]]:
    for factor in Authenticator.objects.order_by("pk"):
        yield from ((factor, name, factor.data[name]) for name in SECRETS if name in factor.data)


def _is_sealed(text: str) -> bool:
    return text.startswith(MARK)


def _sealed(text: str) -> bytes:
    return b64decode(text.removeprefix(MARK))
