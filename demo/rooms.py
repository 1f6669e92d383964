"""Which room a household is given: whole families, rooms that suit them, some houses beyond their capacity with a reason."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from demo.stories import HouseholdStory
from shelters.models import Shelter
from shelters.rules import mismatch, party_of

OVER_CAPACITY = "Noche de frío; no queda lugar para esta familia en la ciudad"
OVER_UP_TO, OVER_AT_LEAST = 1.12, 2
OVER_CHANCE = 0.35


@dataclass(slots=True)
class RoomLeft:
    """A unit, its places, and how many of them are taken; `beds` are the keys of those nobody sleeps in."""

    unit: int
    shelter: int
    site: int
    kind: str
    places: int
    taken: int
    may_go_over: bool
    beds: list[int] = field(default_factory=list)

    @property
    def free(self) -> int:
        """Places left, below zero when over."""
        return self.places - self.taken

    @property
    def most(self) -> int:
        """How many sleep here when it is crowded."""
        return max(int(self.places * OVER_UP_TO), self.places + OVER_AT_LEAST)


@dataclass(frozen=True, slots=True)
class Given:
    """The room chosen, beds for some of the people, and whether it is now beyond its capacity."""

    room: RoomLeft
    beds: tuple[int, ...]
    is_over: bool


class Rooms:
    """The demo's rooms by field site, counted once and kept in step with what is given."""

    def __init__(self, moment: datetime) -> None:
        self._by_site: dict[str, list[RoomLeft]] = {}
        shelters = Shelter.objects.filter(site__code__contains="-DEMO").with_figures(moment).order_by("pk")
        for shelter in shelters:
            assert shelter.site.parent is not None
            here = self._by_site.setdefault(shelter.site.parent.code, [])
            may_go_over = shelter.site.code.endswith(("-DEMO2", "-DEMO5"))
            for unit in shelter.units.all():
                beds = list(
                    unit.beds.exclude(stays__ends_at__isnull=True, stays__isnull=False).values_list("pk", flat=True)
                )
                taken = unit.people_in + unit.places_held + unit.places_blocked
                places = unit.capacity_places or 0
                here.append(RoomLeft(unit.pk, shelter.pk, shelter.site_id, unit.kind, places, taken, may_go_over, beds))

    def give(self, story: HouseholdStory, rng: Random) -> Given | None:
        """A room for the household, or None where no house can take it."""
        party = party_of((person.is_minor, person.sex) for person in story.people)
        fitting = [room for room in self._by_site.get(story.site, ()) if mismatch(room.kind, party) is None]
        people = len(story.people)
        free = [room for room in fitting if room.free >= people]
        crowded = [room for room in fitting if room.may_go_over and room.free < people <= room.most - room.taken]
        if crowded and (not free or rng.random() < OVER_CHANCE):
            return self._take(rng.choice(crowded), people, is_over=True)
        if not free:
            return None
        return self._take(rng.choices(free, [room.free for room in free])[0], people, is_over=False)

    def hold(self, story: HouseholdStory, rng: Random) -> RoomLeft | None:
        """A room in which places for the household can be held, or None."""
        party = party_of((person.is_minor, person.sex) for person in story.people)
        people = len(story.people)
        free = [r for r in self._by_site.get(story.site, ()) if r.free >= people and mismatch(r.kind, party) is None]
        if not free:
            return None
        room = rng.choice(free)
        room.taken += people
        return room

    def any_of(self, site: str, rng: Random) -> RoomLeft:
        """A room in which somebody slept long ago."""
        return rng.choice(self._by_site[site])

    def _take(self, room: RoomLeft, people: int, *, is_over: bool) -> Given:
        room.taken += people
        beds, room.beds = tuple(room.beds[:people]), room.beds[people:]
        return Given(room, beds, is_over)
