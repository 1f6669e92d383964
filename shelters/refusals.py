"""What a plan could not give, in words: refusals are kept by their code."""

from django.utils.translation import gettext as _

from core.errors import DomainError, NotAllowed
from shelters import errors

OF_PLACES: tuple[type[DomainError], ...] = (
    errors.AlreadyPlaced,
    errors.AlreadyThere,
    errors.CapacityUnknown,
    errors.NobodyToPlace,
    errors.OverCapacity,
    errors.PlaceTaken,
    errors.ShelterClosed,
    errors.StayAlreadyEnded,
    errors.WrongUnit,
    NotAllowed,
)
WORDS = {each.code: each.message for each in OF_PLACES}


def words_of(code: str) -> str:
    """The refusal that `code` names, in the reader's language."""
    return str(WORDS.get(code) or _("Something changed meanwhile. Look at this family on its own."))
