"""Places that are kept, in words."""

from dataclasses import dataclass
from datetime import datetime

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

    @property
    def renewals_left(self) -> int:
        """How often it can still be renewed."""
        return HOLD_RENEWALS - self.hold.renewals


def rows_of(shelter: Shelter, *, actor: Actor, now: datetime) -> list[Row]:
    """The holds that stand at `shelter`, the first to run out first. Three queries."""
    standing = Hold.objects.standing_at(now).filter(unit__shelter=shelter)
    holds = list(standing.select_related("unit", "household", "transfer").order_by("expires_at", "pk"))
    seen = Household.objects.visible_to(actor).filter(pk__in={each.household_id for each in holds if each.household_id})
    names = {one.pk: family_name(list(one.people.all())) for one in seen.prefetch_related("people")}
    return [_row(hold, names, actor) for hold in holds]


def candidates(shelter: Shelter, *, actor: Actor) -> list[tuple[Household, str]]:
    """Households of the shelter's city that wait for a place, the last to come first, with what they are called. Two queries."""
    if not actor.can(Capability.PLACE):
        return []
    waiting = Household.objects.visible_to(actor).at_reception().filter(site=shelter.site.parent, guest_site=None)
    newest = waiting.select_related("site__city").prefetch_related("people").order_by("-arrived_at", "-pk")[:OFFERED]
    return [(household, family_name(list(household.people.all()))) for household in newest]


def _row(hold: Hold, names: dict[int, str], actor: Actor) -> Row:
    name = names.get(hold.household_id, "") if hold.household_id else ""
    may_renew = hold.transfer_id is None and hold.renewals < HOLD_RENEWALS
    return Row(hold, name, str(kind_word(hold.unit.kind, actor)), may_renew)
