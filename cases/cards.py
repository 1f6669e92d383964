"""What stands on a card, and which household it opens (docs/adr/cards.md). Reads only; the deeds are `actions.cards`."""

import re
import secrets

from django.utils.translation import gettext_lazy as _

from cases.models import Card, Household, HouseholdQuerySet
from core.actors import Actor
from core.errors import DomainError

# Crockford's 32 signs: no I, L, O or U, so that nothing is misread and no word is spelt.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 10
CHECK_LENGTH = 2
LABEL = "CARD"  # not what this programme is: that somebody is in it is confidential

# The largest prime below 32 x 32: any one sign that is wrong, and any two neighbours that are swapped, change the remainder.
_MODULUS = 1021
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class NotACard(DomainError):
    """What was scanned or typed has not the shape of a card's code."""

    code = "not_a_card"
    message = _("This is not the code of a card. It has twelve signs, in three groups of four.")
    http_status = 422


class WrongCheck(DomainError):
    """The check signs do not follow from the rest."""

    code = "wrong_check"
    message = _("One sign of the code is wrong. Compare it with the card and write it again.")
    http_status = 422


class CardUnknown(DomainError):
    """No such card; one that opens a household elsewhere looks the same."""

    code = "card_unknown"
    message = _("No family here has this card. Find them by name or case code.")
    http_status = 404


class CardVoid(DomainError):
    """The card was lost, replaced, or its household left."""

    code = "card_void"
    message = _("This card no longer counts. Ask who they are, and print another.")


def new_token() -> str:
    """Ten random signs: fifty bits, which say nothing of anybody."""
    return "".join(secrets.choice(ALPHABET) for _place in range(TOKEN_LENGTH))


def check_of(token: str) -> str:
    """The two check signs of `token`."""
    number = 0
    for sign in token:
        number = (number * len(ALPHABET) + ALPHABET.index(sign)) % _MODULUS
    high, low = divmod(number, len(ALPHABET))
    return ALPHABET[high] + ALPHABET[low]


def code_of(token: str) -> str:
    """What is printed for people to type: token and check in groups of four."""
    whole = token + check_of(token)
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def payload_of(token: str) -> str:
    """What the QR code holds: no address, no name, nothing that a stranger's phone could open."""
    return f"{LABEL}:{token}{check_of(token)}"


def looks_like_card(text: str) -> bool:
    """Whether `text` has the shape of a card's code, scanned or typed."""
    return len(_signs(text)) == TOKEN_LENGTH + CHECK_LENGTH and set(_signs(text)) <= set(ALPHABET)


def token_in(text: str) -> str:
    """The token in what was scanned or typed, however it was grouped. Raises NotACard, WrongCheck."""
    if not looks_like_card(text):
        raise NotACard()
    signs = _signs(text)
    token, check = signs[:TOKEN_LENGTH], signs[TOKEN_LENGTH:]
    if check_of(token) != check:
        raise WrongCheck()
    return token


def household_by_card(text: str, *, actor: Actor, also: HouseholdQuerySet | None = None) -> Household:
    """The household whose card was scanned or typed, or the one that it joined since; one of `also` where a room above expects it.

    Raises NotACard, WrongCheck, CardUnknown (also for a card of a household that `actor` may not know of), CardVoid.
    """
    card = Card.objects.filter(token=token_in(text)).first()
    if card is None:
        raise CardUnknown()
    stands_as = Household.with_merged.filter(pk=card.household_id).stands_as()
    visible = Household.objects.visible_to(actor).select_related("site__city")
    household = visible.filter(pk__in=stands_as).first()
    if household is None and also is not None:
        household = also.select_related("site__city").filter(pk__in=stands_as).first()
    if household is None:
        raise CardUnknown()
    if card.voided_at is not None:
        raise CardVoid()
    return household


def household_of(text: str, actor: Actor) -> Household | None:
    """As `household_by_card`, for those who only ask whether it is one: None for everything else."""
    try:
        return household_by_card(text, actor=actor)
    except DomainError:
        return None


def _signs(text: str) -> str:
    bare = re.sub(r"[\s\-–·.]", "", text.strip().upper())
    return bare.removeprefix(f"{LABEL}:").removeprefix(f"{LABEL}Ñ").translate(_READ_AS)
