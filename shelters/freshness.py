"""What a figure of a shelter rests on and how old that is: said beside every figure, in the same words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shelters.models import Shelter

# A count from before the night says nothing of the morning.
OLD_AFTER = timedelta(hours=12)
# Nobody is asked to count while the house sleeps.
ASK_FROM_HOUR = 8

NEVER: Promise = _("counted from stays, never confirmed")
WORDS: dict[str, Promise] = {
    Shelter.CountBasis.CONFIRMED: _("counted from stays, confirmed there"),
    Shelter.CountBasis.ROLL_CALL: _("counted from stays, roll call"),
    Shelter.CountBasis.REPORTED: _("counted from stays, headcount reported"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the occupancy of a shelter rests on. `at` is when somebody there last counted, None for never.

    `off` is by how many people that count differs from the stays and nobody has settled it: 3 more were found, or 2 fewer
    (negative).
    """

    words: Promise
    at: datetime | None
    is_old: bool
    off: int = 0

    @property
    def difference(self) -> str:
        """The difference in words, empty where there is none."""
        if not self.off:
            return ""
        told = (
            ngettext("%(n)d person more was counted", "%(n)d people more were counted", self.off)
            if self.off > 0
            else ngettext("%(n)d person fewer was counted", "%(n)d people fewer were counted", -self.off)
        )
        return told % {"n": abs(self.off)}


def basis_of(shelter: Shelter, now: datetime) -> Basis:
    """What the figures of `shelter` rest on at `now`. No query."""
    return basis(shelter.counted_at, shelter.counted_basis, shelter.count_off, now)


def basis(counted_at: datetime | None, counted_basis: str, off: int, now: datetime) -> Basis:
    """The same from plain values, for lists that read no models."""
    if counted_at is None:
        return Basis(NEVER, None, is_old=True)
    return Basis(WORDS.get(counted_basis, NEVER), counted_at, now - counted_at > OLD_AFTER, off)
