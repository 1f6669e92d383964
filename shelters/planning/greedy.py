"""The plain way: one household after another, each where it costs least just then."""

from collections import Counter
from collections.abc import Mapping

from shelters.planning.problem import Group, Problem
from shelters.planning.weights import weight


def greedy(problem: Problem) -> dict[int, int]:
    """Place households in order: pinned, urgent, those with fewest rooms to choose from, biggest. No household is looked at twice."""
    desk = _Desk(problem)
    for group in sorted(problem.groups, key=lambda group: _turn(problem, group)):
        desk.place(group)
    return desk.placed


def _turn(problem: Problem, group: Group) -> tuple[bool, int, int, int, int]:
    return (
        not group.is_pinned,
        -group.urgency,
        min(5, len(problem.rooms_for[group.key])),
        -group.people,
        group.key,
    )


class _Desk:
    """What is left while households are placed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.placed: dict[int, int] = {}
        self._left = {room.key: room.left for room in problem.rooms}
        self._houses = {house.key: house for house in problem.houses}
        self._come: Counter[int] = Counter()
        self._friends, self._foes = _by_group(problem.together), _by_group(problem.apart)

    def place(self, group: Group) -> None:
        """Give `group` the room that costs least now, if one has places for all of them."""
        rooms = [room for room in self.problem.rooms_for[group.key] if self._fits(group, room)]
        if not rooms:
            return
        best = min(rooms, key=lambda room: (self._cost(group, room), -self._left[room], room))
        self.placed[group.key] = best
        taken = self.problem.taken_by(group.key, best)
        self._left[best] -= taken
        self._come[self.problem.house_of[best]] += taken

    def _fits(self, group: Group, room: int) -> bool:
        house = self.problem.house_of[room]
        return min(self._left[room], self._houses[house].left - self._come[house]) >= self.problem.taken_by(
            group.key, room
        )

    def _cost(self, group: Group, room: int) -> float:
        house = self.problem.house_of[room]
        return (
            self.problem.costs[group.key, room] * group.people
            + self._crowding(house, self.problem.taken_by(group.key, room))
            - weight("kin_parted") * self._known_here(self._friends.get(group.key, ()), house)
            + weight("apart_together") * self._known_here(self._foes.get(group.key, ()), house)
        )

    def _crowding(self, house: int, people: int) -> float:
        comfort = self.problem.comfort_of(self._houses[house]) - self._come[house]
        return weight("crowded") * (max(0.0, people - comfort) - max(0.0, -comfort))

    def _known_here(self, others: tuple[int, ...], house: int) -> int:
        return sum(1 for other in others if self.problem.house_of.get(self.placed.get(other, -1)) == house)


def _by_group(pairs: frozenset[tuple[int, int]]) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for one, other in pairs:
        found[one] = (*found.get(one, ()), other)
        found[other] = (*found.get(other, ()), one)
    return found
