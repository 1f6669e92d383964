"""Places that are kept, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.models import Household
from cases.names import family_name
from core.actors import Actor, Capability
from shelters.board import kind_word
from shelters.models import Hold, Shelter
from shelters.rules import HOLD_RENEWALS

OFFERED = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One hold. `name` is empty where the household may not be seen, and where there is none."""

    hold: Hold
    name: str
    kind: str
    may_renew: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The holds of a shelter, and households that wait for a place, the last to come first: one of them may be who came."""

    rows: list[Row]
    waiting: list[tuple[Household, str]]

    @property
    def households(self) -> list[Household]:
        """Whose names stand on the page."""
        named = [row.hold.household for row in self.rows if row.name and row.hold.household]
        return [*named, *(household for household, _name in self.waiting)]


def kept_at(shelter: Shelter, *, actor: Actor, now: datetime) -> Kept:
    """What is kept at `shelter`, the first to run out first, and who may take up what stands under a number. Three queries."""
    standing = Hold.objects.standing_at(now).filter(unit__shelter=shelter)
    holds = list(standing.select_related("unit", "household", "transfer").order_by("expires_at", "pk"))
    offers = actor.can(Capability.PLACE) and any(hold.label for hold in holds)
    theirs = Q(pk__in={hold.household_id for hold in holds if hold.household_id})
    waits = Household.objects.at_reception().filter(site=shelter.site.parent, guest_site=None).order_by("-arrived_at")
    asked = theirs | Q(pk__in=waits.values("pk")[:OFFERED]) if offers else theirs
    seen = Household.objects.visible_to(actor).filter(asked).prefetch_related("people").order_by("-arrived_at", "-pk")
    names = {one.pk: (one, family_name(list(one.people.all()))) for one in seen}
    held_for = {hold.household_id for hold in holds}
    rows = [_row(hold, names.get(hold.household_id or 0, (None, ""))[1], actor) for hold in holds]
    return Kept(rows, [told for key, told in names.items() if key not in held_for])


def _row(hold: Hold, name: str, actor: Actor) -> Row:
    may_renew = hold.transfer_id is None and hold.renewals < HOLD_RENEWALS
    return Row(hold, name, str(kind_word(hold.unit.kind, actor)), may_renew)
