"""What a client sent under an id of its own, and what it may still know of it, may it read households or not."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.models import Receipt
from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from privacy import keyring
from shelters.models import Stay, StayQuerySet, Unit


class SentOtherwise(DomainError):
    """What was sent before under this id said something else: one of the two got lost or was written over."""

    code = "sent_otherwise"
    message = _(
        "Something else was received before under this id, and it stands. Nothing was changed; send what is new under an id of its own."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What was sent: its kind, the id that its sender made, and the digest of its body."""

    kind: Receipt.Kind
    uid: UUID
    digest: bytes


def known(*, letter: Letter, actor: Actor) -> Receipt | None:
    """The receipt of what `actor` sent before under the id of `letter`, or None. Raises SentOtherwise for another body."""
    receipt = Receipt.objects.visible_to(actor).of(letter.kind, letter.uid)
    if receipt and not hmac.compare_digest(bytes(receipt.digest), letter.digest):
        raise SentOtherwise()
    return receipt


class Logged(TypedDict):
    """An arrival's client-made id and its household."""

    uid: UUID
    household: Household


class Placing(TypedDict):
    """A household's places in a room, from when to when."""

    uid: UUID
    household: Household
    room: Unit
    people: int
    beds: list[str]
    begins_at: datetime
    ends_at: datetime | None


def digest_of(body: Any) -> bytes:
    """A keyed hash of what a body says, in whatever order it says it: names and birth dates may stand in it."""
    plain = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return hmac.digest(keyring.current().index_key_for("api.receipt"), plain, hashlib.sha256)


def logged(receipt: Receipt) -> Logged:
    """What was answered when the family was logged, word for word, whatever its file is now. One query."""
    return {"uid": receipt.uid, "household": _household_of(receipt)}


def stays_of(receipt: Receipt, actor: Actor) -> StayQuerySet:
    """The stays that began under `receipt`, of the people of whom its client may still know.

    Those are whoever is in the household that it named, may that still be read or not, or in one by now that `actor` may see: people
    who were parted off for their protection are not.
    """
    known = Q(household__uid=str(receipt.household)) | Q(household__in=Household.objects.visible_to(actor))
    begun = Stay.objects.filter(known, pk__in=receipt.stays)
    return begun.select_related("household", "unit__shelter", "bed").order_by("person_id")


def placing(receipt: Receipt, actor: Actor) -> Placing | None:
    """What began under `receipt`, as it stands, or None where nobody is left of whom `actor` may know. Two queries.

    It has ended when nobody of them sleeps there any more.
    """
    stays = list(stays_of(receipt, actor))
    if not stays:
        return None
    ends = [each.ends_at for each in stays]
    return {
        "uid": receipt.uid,
        "household": _household_of(receipt),
        "room": stays[0].unit,
        "people": len(stays),
        "beds": [each.bed.label for each in stays if each.bed],
        "begins_at": stays[0].begins_at,
        "ends_at": None if None in ends else max(filter(None, ends)),
    }


def _household_of(receipt: Receipt) -> Household:
    """The household as its client knows it: under the uid and the code that were answered, also when its file was merged since."""
    return Household.with_merged.only("uid", "prefix").get(uid=str(receipt.household))
