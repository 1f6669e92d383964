"""Households and rooms in plain numbers, and what a plan for them is worth."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shelters.planning.weights import COMFORTABLE, weight

Placed = Mapping[int, int]  # household -> room


@dataclass(frozen=True, slots=True)
class Group:
    """A household: its key, how many they are, how urgent (0 is usual), and whether somebody said where it sleeps."""

    key: int
    people: int
    urgency: int = 0
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room: its key, that of its shelter, and the places left for this plan."""

    key: int
    house: int
    left: int


@dataclass(frozen=True, slots=True)
class House:
    """A shelter: its key, how many sleep or are promised there already, its places, and how many may come (`left`)."""

    key: int
    taken: int
    places: int
    left: int


@dataclass(frozen=True)
class Problem:
    """`costs` holds the pairs (household, room) that break no hard rule and no pin, in points a person.

    `together` are pairs of households with relatives in one another, `apart` those that were parted for protection. `held` are places
    that a room keeps for a household: they are nobody else's, and are not among those left.
    """

    groups: tuple[Group, ...]
    rooms: tuple[Room, ...]
    houses: tuple[House, ...]
    costs: Mapping[tuple[int, int], int]
    together: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    apart: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    held: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @cached_property
    def house_of(self) -> dict[int, int]:
        """The shelter of each room."""
        return {room.key: room.house for room in self.rooms}

    @cached_property
    def people_of(self) -> dict[int, int]:
        """How many each household is."""
        return {group.key: group.people for group in self.groups}

    @cached_property
    def rooms_for(self) -> dict[int, list[int]]:
        """The rooms that a household could have, by household."""
        found: dict[int, list[int]] = {group.key: [] for group in self.groups}
        for group, room in self.costs:
            found[group].append(room)
        return found

    def taken_by(self, group: int, room: int) -> int:
        """How many of the places left in `room` a household takes, those held for it aside."""
        return self.people_of[group] - self.held.get((group, room), 0)

    def comfort_of(self, house: House) -> float:
        """How many more people a shelter takes before it is crowded."""
        return max(0.0, house.places * COMFORTABLE - house.taken)

    def cost_unplaced(self, group: Group) -> int:
        """What it costs to leave a household without a place. One that was pinned is left last."""
        pinned = 100 if group.is_pinned else 1
        return (group.people * weight("unplaced") + group.urgency * weight("urgent")) * pinned


@dataclass(frozen=True, slots=True)
class Worth:
    """What a plan comes to: the less `cost` the better; `points` is the part of it that is not about who stays without."""

    households: int
    people: int
    unplaced: int
    unplaced_people: int
    points: float
    cost: float


def worth_of(problem: Problem, placed: Placed) -> Worth:
    """Weigh a plan; the one measure for every way of making one."""
    left = [group for group in problem.groups if group.key not in placed]
    points = sum(problem.costs[pair] * problem.people_of[pair[0]] for pair in placed.items())
    total = points + _crowded(problem, placed) + _company(problem, placed)
    missing = sum(problem.cost_unplaced(group) for group in left)
    return Worth(
        households=len(placed),
        people=sum(problem.people_of[key] for key in placed),
        unplaced=len(left),
        unplaced_people=sum(group.people for group in left),
        points=round(total, 1),
        cost=round(total + missing, 1),
    )


def is_allowed(problem: Problem, placed: Placed) -> bool:
    """Whether a plan breaks no hard rule, no pin, and no room's places."""
    used: Counter[int] = Counter()
    for group, room in placed.items():
        used[room] += problem.taken_by(group, room)
    come = come_to(problem, placed)
    fits = all(used[room.key] <= room.left for room in problem.rooms)
    fits = fits and all(come[house.key] <= house.left for house in problem.houses)
    return fits and all(pair in problem.costs for pair in placed.items())


def come_to(problem: Problem, placed: Placed) -> Counter[int]:
    """How many of the places left in each shelter are taken."""
    come: Counter[int] = Counter()
    for group, room in placed.items():
        come[problem.house_of[room]] += problem.taken_by(group, room)
    return come


def _crowded(problem: Problem, placed: Placed) -> float:
    come = come_to(problem, placed)
    return weight("crowded") * sum(max(0.0, come[house.key] - problem.comfort_of(house)) for house in problem.houses)


def _company(problem: Problem, placed: Placed) -> float:
    house = {group: problem.house_of[room] for group, room in placed.items()}
    parted = sum(1 for one, other in problem.together if house.get(one) != house.get(other, -1))
    close = sum(1 for one, other in problem.apart if one in house and house.get(one) == house.get(other))
    return parted * weight("kin_parted") + close * weight("apart_together")
