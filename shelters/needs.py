"""What is looked for on the board and the map: a room that takes so many people, of a kind, in a house with such rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.actors import Actor, Capability
from places import languages
from places.models import Crossing
from shelters.rules import Kind, Party, RoomRules, broken_rules
from shelters.tonight import House, Room

MOST_PEOPLE = 99
# A room for one kind only is not met by a room for everyone.
ALONE = (Kind.ISOLATION, Kind.MINORS)


@dataclass(frozen=True, slots=True)
class Need:
    """Empty asks for nothing. `people` is how many want to sleep together where nobody knows who they are, `party` who they
    are where somebody does. `safe` is asked by those who may see needs. `near` only says where from distances are told.
    """

    kind: str = ""
    people: int = 0
    ramp: bool = False
    pets: bool = False
    safe: bool = False
    language: str = ""
    near: Crossing | None = None
    party: Party | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything is that a room can answer."""
        return bool(self.kind or self.people or self.ramp or self.pets or self.safe or self.language or self.party)

    @property
    def heads(self) -> int:
        """How many places are needed together."""
        return self.party.people if self.party else self.people or 1

    def takes(self, room: Room, house: House) -> bool:
        """Whether the kind of `room` and the rules of its `house` answer it, full or not. What nobody noted is not promised."""
        if self.party is not None:
            return not broken_rules(_rules_of(room, house), self.party)
        if (self.ramp and not room.is_accessible) or (self.pets and not house.takes_pets):
            return False
        if self.safe and not room.is_lgbtq_safe:
            return False
        if self.language and self.language not in house.languages:
            return False
        return room.kind in self._kinds

    def fits(self, room: Room, house: House) -> bool:
        """Whether there is room in it for all of them, and in the house: who is over in another room needs its free places."""
        return (
            min(room.places.free, house.places.free) >= self.heads
            and not room.is_closed_for_works
            and self.takes(room, house)
        )

    @property
    def _kinds(self) -> tuple[str, ...]:
        """The kinds of rooms that may be meant: several people of whom nothing is known want to stay together."""
        if self.kind:
            return (self.kind,) if self.kind in ALONE else (self.kind, Kind.MIXED)
        if self.people > 1:
            return (Kind.FAMILY, Kind.MIXED)
        if self.people:
            return (Kind.WOMEN, Kind.MEN, Kind.MIXED)
        return tuple(kind for kind in Kind.values if kind not in ALONE)

    def query(self, city: str, **changed: Any) -> str:
        """The address of it with something changed: `query("JZ", ramp=False)`."""
        facts: dict[str, Any] = {
            "city": city,
            "people": self.people,
            "kind": self.kind,
            "ramp": self.ramp,
            "pets": self.pets,
            "safe": self.safe,
            "lang": self.language,
            "near": self.near.pk if self.near else "",
        }
        said = {name: "1" if value is True else str(value) for name, value in (facts | changed).items() if value}
        return urlencode(said)


def _rules_of(room: Room, house: House) -> RoomRules:
    return RoomRules(
        kind=room.kind,
        is_accessible=room.is_accessible,
        is_lgbtq_safe=room.is_lgbtq_safe,
        takes_pets=house.takes_pets,
        test_within_days=house.test_within_days,
        min_stay_days=house.min_stay_days,
    )


def need_named(asked: Mapping[str, str], *, actor: Actor) -> Need:
    """The need that an address names. What it cannot name, or may not by this actor, is as if it were not said. One query
    where a bridge is named.
    """
    kind, people, language = asked.get("kind", ""), asked.get("people", ""), asked.get("lang", "")
    return Need(
        kind=kind if kind in kinds_open_to(actor) else "",
        people=min(int(people), MOST_PEOPLE) if people.isdecimal() and len(people) < 4 else 0,
        ramp=asked.get("ramp") == "1",
        pets=asked.get("pets") == "1",
        safe=asked.get("safe") == "1" and actor.can(Capability.SEE_NEEDS),
        language=language if language in languages.LANGUAGES else "",
        near=_crossing(asked.get("near", "")),
    )


def kinds_open_to(actor: Actor) -> list[Kind]:
    """The kinds that `actor` may look for: isolation says what somebody has."""
    kinds = [Kind.FAMILY, Kind.WOMEN, Kind.MEN, Kind.MINORS]
    return [*kinds, Kind.ISOLATION] if actor.can(Capability.SEE_HEALTH) else kinds


def _crossing(key: str) -> Crossing | None:
    if not (key.isdecimal() and len(key) < 10):
        return None
    return Crossing.objects.select_related("city").filter(pk=int(key)).first()
