"""Who sleeps in a shelter: decrypted and sorted in memory, since nothing encrypted is sorted in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from cases.models import Household
from cases.names import family_name
from core.actors import Actor
from places.rules import folded
from shelters.board import RESERVED
from shelters.models import Shelter, Stay
from shelters.rules import Kind


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
        where=" · ".join(rooms_of(stays)),
        since=min(stay.begins_at for stay in stays),
        over_capacity_reason=next((stay.over_capacity_reason for stay in stays if stay.over_capacity_reason), ""),
    )


def rooms_of(stays: Sequence[Stay], *, word: Promise | None = None) -> Iterable[str]:
    """Each room once, with its beds: "Cuarto 7 (01, 02)". With a `word`, rooms for isolation go by it."""
    for unit in dict.fromkeys(stay.unit for stay in stays):
        beds = [stay.bed.label for stay in stays if stay.unit == unit and stay.bed]
        name = str(word) if word is not None and unit.kind == Kind.ISOLATION else unit.name
        yield f"{name} ({', '.join(beds)})" if beds else name


def rooms_told(stays: Sequence[Stay]) -> Iterable[str]:
    """As `rooms_of`, for paper: it can be lost, so no room says that somebody isolates."""
    return rooms_of(stays, word=RESERVED)
