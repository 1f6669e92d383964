"""Where a household that already sleeps somewhere could sleep instead: the room beside, another shelter, a room for isolation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.models import Household, Person
from cases.names import family_name
from core.actors import Actor, Capability
from places.models import Crossing
from shelters.models import LeavingReason, Shelter, Stay, Transfer, Unit
from shelters.parties import party_of_household
from shelters.ranking import Option, rank
from shelters.rules import Kind, Party

MOST = 12


@dataclass(frozen=True, slots=True)
class Whither:
    """A room that takes them. In their own shelter they just move; another one is asked, or a coordinator decides for it."""

    option: Option
    is_same_house: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """A household, where it sleeps, and where else it could."""

    household: Household
    people: Sequence[Person]
    party: Party
    sleeps: Sequence[Stay]
    under_way: Transfer | None
    rooms: Sequence[Whither]
    may_decide: bool

    @property
    def name(self) -> str:
        """What staff call them."""
        return family_name(list(self.people))

    @property
    def shelter(self) -> Shelter | None:
        """Where they sleep, None where nowhere or in two."""
        houses = {stay.unit.shelter for stay in self.sleeps}
        return houses.pop() if len(houses) == 1 else None

    @property
    def must_isolate(self) -> bool:
        """Whether they isolate and do not sleep where those who do."""
        return self.party.is_isolated and any(stay.unit.kind != Kind.ISOLATION for stay in self.sleeps)


def moving_of(household: Household, *, near: Crossing | None = None, actor: Actor, now: datetime) -> Moving:
    """Where `household`, read with its city, people and isolation, sleeps and could sleep instead: the rooms of its city that take it."""
    people = list(household.people.all())
    party = party_of_household(household, people, now)
    sleeps = list(Stay.objects.open().filter(household=household).select_related("unit__shelter__site__city", "bed"))
    here = {stay.unit_id for stay in sleeps}
    cities = {stay.unit.shelter.site.parent_id for stay in sleeps}
    houses = Shelter.objects.visible_to(actor).open_at(now).filter(site__parent__in=cities).with_figures(now)
    ranking = rank(houses, party=party, near=near, at=now)
    own = {stay.unit.shelter_id for stay in sleeps}
    rooms = [Whither(option, option.shelter.pk in own) for option in ranking.fitting if option.unit.pk not in here]
    rooms.sort(key=lambda whither: not whither.is_same_house)
    transfer = Transfer.objects.open().filter(household=household).select_related("to_shelter").first()
    return Moving(household, people, party, sleeps, transfer, rooms[:MOST], actor.can(Capability.PLACE))


def reason_of(moving: Moving, unit: Unit) -> LeavingReason:
    """Why their stays end when they move to `unit`."""
    if moving.must_isolate and unit.kind == Kind.ISOLATION:
        return LeavingReason.ISOLATION
    return LeavingReason.ROOM if moving.shelter == unit.shelter else LeavingReason.TRANSFERRED
