"""Where a household that already sleeps somewhere could sleep instead: the room beside, another shelter, a room for isolation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from cases.models import Household
from core.actors import Actor, Capability
from shelters.models import LeavingReason, Shelter, Stay, Transfer, Unit
from shelters.ranking import Option, Refusal, no_room_words, rank
from shelters.rules import Kind, Party
from shelters.seekers import Seeker, seekers_of

MOST = 12


@dataclass(frozen=True, slots=True)
class Whither:
    """A room that takes them. In their own shelter they just move; another one is asked, or a coordinator decides for it."""

    option: Option
    is_same_house: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """A household, the rooms in which it sleeps, where else it could, and the transfer that is under way for it."""

    seeker: Seeker
    sleeps: Sequence[Unit]
    under_way: UUID | None
    rooms: Sequence[Whither]
    over: Sequence[Whither]
    refused: Sequence[Refusal]
    no_room: str
    may_decide: bool

    @property
    def household(self) -> Household:
        """Whom it is about."""
        return self.seeker.household

    @property
    def shelter(self) -> Shelter | None:
        """Where they sleep, None where nowhere or in two."""
        houses = {unit.shelter for unit in self.sleeps}
        return houses.pop() if len(houses) == 1 else None

    @property
    def must_isolate(self) -> bool:
        """Whether they isolate and do not sleep where those who do."""
        return self.seeker.party.is_isolated and any(unit.kind != Kind.ISOLATION for unit in self.sleeps)


def moving_of(uid: UUID, *, actor: Actor, now: datetime) -> Moving | None:
    """The household of `uid` that `actor` may see, and the rooms of its city that would take it whole. Seven queries at most."""
    own = OuterRef("pk")
    seen: Any = Household.objects.visible_to(actor).filter(uid=uid)
    sleeping = Stay.objects.open().filter(household=own).order_by().values("unit").distinct()
    under_way = Transfer.objects.open().filter(household=own).values("uid")[:1]
    asked = seen.annotate(sleeping_in=ArraySubquery(sleeping), under_way=Subquery(under_way))
    seeker: Any = next(iter(seekers_of(asked, at=now)), None)
    if seeker is None:
        return None
    here = set(seeker.household.sleeping_in)
    cities = Shelter.objects.filter(units__in=here).values("site__parent")
    houses = list(Shelter.objects.visible_to(actor).filter(site__parent__in=cities).with_figures(now))
    sleeps = [unit for house in houses for unit in house.units.all() if unit.pk in here]
    ranking = rank(houses, **_asked_before(actor, seeker), actor=actor, at=now)
    houses_of_theirs = {unit.shelter_id for unit in sleeps}

    def elsewhere(options: Iterable[Option]) -> list[Whither]:
        rooms = [Whither(one, one.shelter.pk in houses_of_theirs) for one in options if one.unit.pk not in here]
        return sorted(rooms, key=lambda whither: not whither.is_same_house)[:MOST]

    goes_over = actor.can(Capability.OVER_CAPACITY)
    return Moving(
        seeker,
        sleeps,
        seeker.household.under_way,
        elsewhere(ranking.fitting),
        elsewhere(ranking.over) if goes_over else (),
        [refused for refused in ranking.refused if refused.shelter.is_open_at(now)],
        no_room_words(ranking, party=seeker.party, may_go_over=goes_over, other_cities=False),
        actor.can(Capability.PLACE),
    )


def _asked_before(actor: Actor, seeker: Seeker) -> dict[str, Any]:
    """What rooms are ranked by before `actor`: who may not see needs finds no room left out, and none put first, for their sake.

    The deed asks every rule, and answers alike whichever stands against it.
    """
    if actor.can(Capability.SEE_NEEDS):
        return {"party": seeker.party, "wishes": seeker.wishes}
    return {
        "party": party_before(actor, seeker.party),
        "wishes": replace(seeker.wishes, needs=frozenset(), apart=frozenset()),
    }


def party_before(actor: Actor, party: Party) -> Party:
    """`party` as `actor` may know it: without what it needs or was tested for where that is not theirs to see."""
    return party if actor.can(Capability.SEE_NEEDS) else replace(party, needs=frozenset(), tested_days=0)


def reason_of(moving: Moving, unit: Unit) -> LeavingReason:
    """Why their stays end when they move to `unit`."""
    if moving.must_isolate and unit.kind == Kind.ISOLATION:
        return LeavingReason.ISOLATION
    return LeavingReason.ROOM if moving.shelter == unit.shelter else LeavingReason.TRANSFERRED
