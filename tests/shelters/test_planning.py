"""Plans for many: never a family split, never a hard rule broken, and as good as trying everything on small cases."""

from collections.abc import Callable
from itertools import product
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.bench.plans import town
from shelters.planning.choosing import choose
from shelters.planning.exact import exact
from shelters.planning.greedy import greedy
from shelters.planning.problem import Group, House, Problem, Room, is_allowed, worth_of
from shelters.planning.weights import weight, weights


def problem_of(
    groups: list[tuple[int, int]],
    rooms: list[tuple[int, int]],
    *,
    costs: dict[tuple[int, int], int] | None = None,
    pinned: dict[int, int] | None = None,
    together: set[tuple[int, int]] = frozenset(),
    apart: set[tuple[int, int]] = frozenset(),
    house_left: dict[int, int] | None = None,
) -> Problem:
    """Households as (people, urgency), rooms as (shelter, places left); every pair allowed at no cost unless said."""
    pins = pinned or {}
    allowed = {
        (group, room): (costs or {}).get((group, room), 0)
        for group, room in product(range(len(groups)), range(len(rooms)))
        if pins.get(group, room) == room and (costs is None or (group, room) in costs)
    }
    houses = {house: sum(left for of, left in rooms if of == house) for house, _ in rooms}
    return Problem(
        groups=tuple(Group(key, people, urgency, key in pins) for key, (people, urgency) in enumerate(groups)),
        rooms=tuple(Room(key, house, left) for key, (house, left) in enumerate(rooms)),
        houses=tuple(House(key, 0, places, (house_left or {}).get(key, places)) for key, places in houses.items()),
        costs=allowed,
        together=frozenset(together),
        apart=frozenset(apart),
    )


def best_of_all(problem: Problem) -> float:
    """The least cost there is, by trying every plan."""
    choices = [[None, *problem.rooms_for[group.key]] for group in problem.groups]
    plans = (
        {group.key: room for group, room in zip(problem.groups, chosen, strict=True) if room is not None}
        for chosen in product(*choices)
    )
    return min(worth_of(problem, plan).cost for plan in plans if is_allowed(problem, plan))


@st.composite
def problems(draw: Callable[..., object], most_groups: int = 5, most_rooms: int = 4) -> Problem:
    groups = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), min_size=1, max_size=most_groups))
    rooms = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=most_rooms))
    pairs = list(product(range(len(groups)), range(len(rooms))))
    allowed = draw(st.lists(st.sampled_from(pairs), unique=True))
    costs = {pair: draw(st.integers(0, 60)) for pair in allowed}
    keys = range(len(groups))
    pinned = draw(st.dictionaries(st.sampled_from(keys), st.integers(0, len(rooms) - 1), max_size=2))
    couples = [(one, other) for one in keys for other in keys if one < other]
    pick = st.sets(st.sampled_from(couples), max_size=2) if couples else st.just(set())
    together = draw(pick)
    apart = draw(pick) - together
    left = draw(st.dictionaries(st.integers(0, 2), st.integers(0, 9), max_size=1))
    return problem_of(groups, rooms, costs=costs, pinned=pinned, together=together, apart=apart, house_left=left)


class TestPlans:
    @given(problem=problems())
    @settings(max_examples=150, deadline=None)
    def test_break_no_hard_rule_no_pin_and_no_capacity(self, problem: Problem) -> None:
        plain = greedy(problem)
        for placed in (plain, exact(problem, start=plain, seconds=2.0), choose(problem).placed):
            assert is_allowed(problem, placed)

    @given(problem=problems())
    @settings(max_examples=150, deadline=None)
    def test_are_as_good_as_trying_everything(self, problem: Problem) -> None:
        placed = choose(problem, seconds=5.0).placed
        best = best_of_all(problem)
        assert worth_of(problem, placed).cost <= best + max(0.2, best * 0.0006)

    @given(problem=problems(most_groups=9, most_rooms=6))
    @settings(max_examples=60, deadline=None)
    def test_are_never_worse_than_the_plain_one(self, problem: Problem) -> None:
        choice = choose(problem, seconds=1.0)
        assert worth_of(problem, choice.placed).cost <= choice.plain.cost


class TestChoose:
    def test_finds_what_the_plain_way_misses(self) -> None:
        problem = problem_of(
            [(3, 0), (2, 0), (2, 0)], [(0, 4), (1, 3)], costs={(0, 0): 0, (0, 1): 9, (1, 0): 0, (2, 0): 0}
        )
        choice = choose(problem)
        assert (choice.plain.unplaced, choice.is_thorough, choice.placed) == (0, False, {0: 1, 1: 0, 2: 0}) or (
            choice.is_thorough and len(choice.placed) == 3
        )

    def test_places_the_urgent_where_not_all_fit(self) -> None:
        problem = problem_of([(2, 0), (2, 3)], [(0, 2)])
        assert choose(problem).placed == {1: 0}

    def test_keeps_a_pin_though_it_costs(self) -> None:
        problem = problem_of(
            [(2, 0), (2, 0)], [(0, 2), (1, 2)], costs=dict.fromkeys(product(range(2), range(2)), 50), pinned={0: 1}
        )
        assert choose(problem).placed == {0: 1, 1: 0}

    def test_brings_relatives_together_and_keeps_others_apart(self) -> None:
        rooms = [(0, 2), (0, 2), (1, 2), (1, 2)]
        related = choose(problem_of([(2, 0), (2, 0)], rooms, together={(0, 1)})).placed
        parted = choose(problem_of([(2, 0), (2, 0)], rooms, apart={(0, 1)})).placed
        assert rooms[related[0]][0] == rooms[related[1]][0]
        assert rooms[parted[0]][0] != rooms[parted[1]][0]

    def test_spreads_the_load_before_a_house_is_full(self) -> None:
        problem = problem_of([(1, 0)] * 10, [(0, 10), (1, 10)])
        used = list(choose(problem).placed.values())
        assert max(used.count(0), used.count(1)) <= 9

    def test_leaves_the_places_that_a_crowded_room_of_the_house_needs(self) -> None:
        assert choose(problem_of([(3, 0)], [(0, 9)], house_left={0: 2})).placed == {}

    def test_says_nothing_can_be_done_where_no_room_suits(self) -> None:
        choice = choose(problem_of([(2, 0)], [(0, 9)], costs={}))
        assert (choice.placed, choice.plain.unplaced, choice.thorough) == ({}, 1, None)


class TestWeights:
    def test_one_person_more_in_a_bed_outweighs_what_any_place_costs(self) -> None:
        soft = [points for code, points in weights().items() if code not in ("unplaced", "urgent", "apart_together")]
        assert weight("unplaced") > sum(soft)


class TestTime:
    @pytest.mark.parametrize(("households", "seconds"), [(60, 0.5), (300, 10.0)])
    def test_a_bus_takes_half_a_second_and_a_shelter_ten(self, households: int, seconds: float) -> None:
        problem = town(households)
        choose(problem_of([(1, 0)], [(0, 1)]))  # what is loaded once
        began = perf_counter()
        choice = choose(problem)
        assert perf_counter() - began < seconds
        assert choice.thorough is not None
