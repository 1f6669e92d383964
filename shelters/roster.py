"""Who sleeps in a shelter: decrypted and sorted in memory, since nothing encrypted is sorted in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.models import Household
from cases.names import family_name
from core.actors import Actor
from places.rules import folded
from shelters.models import Shelter, Stay


@dataclass(frozen=True, slots=True)
class Guests:
    """The people of one household who sleep in a shelter, by the name that its desk calls them by."""

    household: Household
    name: str
    people: int
    where: str
    since: datetime
    over_capacity_reason: str


def guests_of(shelter: Shelter, *, actor: Actor) -> list[Guests]:
    """The households with open stays in `shelter` that `actor` may see, by name. One query."""
    stays = (
        Stay.objects.open()
        .filter(unit__shelter=shelter)
        .visible_to(actor)
        .select_related("person", "household", "unit", "bed")
        .order_by("household_id", "person__position", "person_id")
    )
    together: dict[int, list[Stay]] = {}
    for stay in stays:
        together.setdefault(stay.household_id, []).append(stay)
    return sorted((_guests(listed) for listed in together.values()), key=lambda guests: folded(guests.name))


def _guests(stays: list[Stay]) -> Guests:
    return Guests(
        household=stays[0].household,
        name=family_name([stay.person for stay in stays]),
        people=len(stays),
        where=" · ".join(_wheres(stays)),
        since=min(stay.begins_at for stay in stays),
        over_capacity_reason=next((stay.over_capacity_reason for stay in stays if stay.over_capacity_reason), ""),
    )


def _wheres(stays: list[Stay]) -> Iterable[str]:
    """Each room once, with its beds: "Cuarto 7 (01, 02)"."""
    for unit in dict.fromkeys(stay.unit for stay in stays):
        beds = [stay.bed.label for stay in stays if stay.unit == unit and stay.bed]
        yield f"{unit.name} ({', '.join(beds)})" if beds else unit.name
