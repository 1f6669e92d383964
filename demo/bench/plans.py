"""How long a plan for many takes: towns of invented households and rooms, solved as a worker does, in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from time import perf_counter

from shelters.planning.choosing import Choice, choose
from shelters.planning.problem import Group, House, Problem, Room

SIZES = (1, 1, 2, 3, 3, 4, 5, 6)
# Households, and the seconds that a plan for so many may take; for the last one it is only shown.
TOWNS: tuple[tuple[int, float | None], ...] = ((60, 0.5), (300, 10.0), (750, None))


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that was measured: both ways side by side."""

    households: int
    seconds: float
    most: float | None
    choice: Choice

    @property
    def keeps(self) -> bool:
        """Whether it was in time."""
        return self.most is None or self.seconds < self.most

    @property
    def words(self) -> str:
        """People placed and points against their rooms, the plain way and the one kept."""
        plain = self.choice.plain
        kept = self.choice.thorough if self.choice.is_thorough and self.choice.thorough else plain
        target = "shown" if self.most is None else f"< {self.most} s"
        return f"{kept.people} people ({plain.people} plain), {kept.points:.0f} points ({plain.points:.0f}); {target}"


def plan_towns() -> Iterator[Planned]:
    """Plan towns of growing size, after one that loads the solver."""
    choose(town(3))
    for households, most in TOWNS:
        problem = town(households)
        began = perf_counter()
        choice = choose(problem)
        yield Planned(households, perf_counter() - began, most, choice)


def town(households: int, seed: int = 7) -> Problem:
    """A town with about as many places as people, in rooms and shelters of the usual sizes; each pair allowed in seven of ten."""
    rng = Random(seed)
    groups = [Group(key, rng.choice(SIZES), rng.choice((0, 0, 0, 1, 3))) for key in range(households)]
    rooms = _rooms(sum(group.people for group in groups), rng)
    pairs = (pair for pair in product(range(households), range(len(rooms))) if rng.random() < 0.7)
    return Problem(
        groups=tuple(groups),
        rooms=tuple(rooms),
        houses=tuple(_houses(rooms)),
        costs={pair: rng.randint(0, 70) for pair in pairs},
        together=frozenset((key, key + 1) for key in range(0, households - 1, 12)),
    )


def _rooms(people: int, rng: Random) -> list[Room]:
    rooms: list[Room] = []
    house = 0
    while sum(room.left for room in rooms) < people * 1.05:
        rooms += [Room(len(rooms) + place, house, rng.randint(4, 30)) for place in range(rng.randint(2, 5))]
        house += 1
    return rooms


def _houses(rooms: list[Room]) -> Iterator[House]:
    for key in sorted({room.house for room in rooms}):
        places = sum(room.left for room in rooms if room.house == key)
        yield House(key, 0, places, places)
