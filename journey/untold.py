"""The guests of a shelter whom nobody has told of their hearing: its desk is a way to them too (docs/adr/not-reached.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core.actors import Actor
from core.look import ClockFace, short_weekday
from hearings.clocks import two_clocks
from hearings.models import Hearing
from hearings.policies import can_tell
from journey.families import families_of_hearings
from journey.reached import not_reached
from places.models import City
from shelters.models import Shelter, Stay
from shelters.roster import sleepers_told

MOST = 40


@dataclass(frozen=True, slots=True)
class Guest:
    """A family that sleeps there: as the desk calls it, its room, and when it must be where, or no longer must (`is_off`)."""

    hearing: Hearing
    called: str
    room: str
    day: str
    bridge: ClockFace
    sleeper: ClockFace | None
    place: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Untold:
    """Those whom the desk can tell, whoever has the least time left first; `look` makes each tap of this page its own."""

    guests: Sequence[Guest]
    look: UUID


def untold_guests(shelter: Shelter, *, actor: Actor, now: datetime) -> Untold:
    """The guests of `shelter` whom nobody told, if `actor` may note that it told them. Three queries."""
    sleepers = sleepers_told(Stay.objects.open().filter(unit__shelter=shelter), actor)
    hearings = not_reached(Hearing.objects.visible_to(actor).filter(household__in=sleepers.values("household")), now)
    drawn = hearings.for_clocks(with_sources=False).select_related("household__site__city")
    found = [hearing for hearing in drawn[:MOST] if can_tell(actor, hearing.household)]
    families = families_of_hearings(reversed(found), now=now, actor=actor)
    guests = [
        _guest(
            hearing, called=family.called_out, room=family.sleep.unit if family.sleep else "", city=shelter.site.city
        )
        for hearing in found
        for family in [families[hearing.household_id]]
    ]
    return Untold(guests, uuid4())


def _guest(hearing: Hearing, *, called: str, room: str, city: City) -> Guest:
    clocks, crossing = two_clocks(hearing, sleeps_in=city, with_sources=False), hearing.report_crossing
    return Guest(
        hearing=hearing,
        called=called,
        room=room,
        day=short_weekday(hearing.report_on or hearing.court_on),
        bridge=clocks.bridge,
        sleeper=clocks.sleeper,
        place=(crossing.also_called or crossing.name) if crossing else "",
        is_off=hearing.is_off,
    )
