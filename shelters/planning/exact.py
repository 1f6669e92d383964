"""The thorough way: the same problem as a mixed-integer program, solved by HiGHS within a time.

A variable for each allowed pair of household and room, one for each household that stays without a place; what pairs of households
and full shelters cost is linear in a few more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

import highspy
import numpy as np

from shelters.planning.problem import Placed, Problem
from shelters.planning.weights import weight

MANY_PAIRS, TOO_MANY_PAIRS = 1500, 20_000
CHOICES, FIRST_CHOICES = 6, 12
CLOSE_ENOUGH = 0.0005  # of the cost: what is left to gain is less than a metre of road


@dataclass
class _Columns:
    """The program column by column, then row by row, as HiGHS takes it."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_integer: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)

    def add(self, cost: float, *, upper: float = 1.0, is_integer: bool = False) -> int:
        """A column from 0 to `upper`; its number."""
        self.cost.append(cost)
        self.upper.append(upper)
        self.is_integer.append(is_integer)
        return len(self.cost) - 1

    def row(self, low: float, high: float, parts: list[tuple[int, float]]) -> None:
        """`low` <= sum of the parts <= `high`."""
        self.rows.append((low, high, [column for column, _ in parts], [value for _, value in parts]))


def exact(problem: Problem, *, start: Placed, seconds: float) -> dict[int, int]:
    """The best plan that HiGHS finds in `seconds`, beginning from `start`; empty where it found none.

    HiGHS knows what is left to gain: it stops before the time is up once that is next to nothing. Of many pairs, only those that a
    plan in fractions of households finds worth having are looked at, and those of `start`.
    """
    began = perf_counter()
    if len(problem.costs) > MANY_PAIRS:
        problem = _worth_having(problem, start, seconds / 2)
    columns, x = _program(problem)
    left = max(0.1, seconds - (perf_counter() - began))
    solver = _solved(columns, {x[pair]: 1.0 for pair in start.items()}, left)
    values = _values(solver)
    return {group: room for (group, room), column in x.items() if values and values[column] > 0.5}


def _worth_having(problem: Problem, start: Placed, seconds: float) -> Problem:
    """The problem with each household's `CHOICES` best rooms by what they cost once everybody else is weighed too."""
    if len(problem.costs) > TOO_MANY_PAIRS:
        problem = _narrowed(problem, start, problem.costs, FIRST_CHOICES)
    columns, x = _program(problem)
    columns.is_integer = [False] * len(columns.is_integer)
    solver = _solved(columns, {}, seconds)
    if not _values(solver):
        return problem
    priced = solver.getSolution().col_dual
    return _narrowed(problem, start, {pair: priced[column] for pair, column in x.items()}, CHOICES)


def _narrowed(problem: Problem, start: Placed, prices: Mapping[tuple[int, int], float], most: int) -> Problem:
    kept: dict[tuple[int, int], int] = {}
    for group, rooms in problem.rooms_for.items():
        best = sorted(rooms, key=lambda room: (prices[group, room], room))[:most]
        if group in start and start[group] not in best:
            best.append(start[group])
        kept |= {(group, room): problem.costs[group, room] for room in best}
    return replace(problem, costs=kept)


def _program(problem: Problem) -> "tuple[_Columns, Vars]":
    columns = _Columns()
    x = {pair: columns.add(cost * problem.people_of[pair[0]], is_integer=True) for pair, cost in problem.costs.items()}
    _each_once(problem, columns, x)
    _within_places(problem, columns, x)
    _within_houses(problem, columns, x)
    _company(problem, columns, x)
    return columns, x


Vars = dict[tuple[int, int], int]


def _each_once(problem: Problem, columns: _Columns, x: Vars) -> None:
    for group in problem.groups:
        without = columns.add(problem.cost_unplaced(group))
        rooms = problem.rooms_for[group.key]
        columns.row(1, 1, [(without, 1.0), *((x[group.key, room], 1.0) for room in rooms)])


def _within_places(problem: Problem, columns: _Columns, x: Vars) -> None:
    guests: dict[int, list[tuple[int, float]]] = {room.key: [] for room in problem.rooms}
    for (group, room), column in x.items():
        guests[room].append((column, float(problem.taken_by(group, room))))
    for each in problem.rooms:
        columns.row(-highspy.kHighsInf, each.left, guests[each.key])


def _within_houses(problem: Problem, columns: _Columns, x: Vars) -> None:
    guests: dict[int, list[tuple[int, float]]] = {house.key: [] for house in problem.houses}
    for (group, room), column in x.items():
        guests[problem.house_of[room]].append((column, float(problem.taken_by(group, room))))
    for house in problem.houses:
        if guests[house.key]:
            columns.row(-highspy.kHighsInf, house.left, guests[house.key])
            beyond = columns.add(weight("crowded"), upper=highspy.kHighsInf)
            columns.row(-highspy.kHighsInf, problem.comfort_of(house), [*guests[house.key], (beyond, -1.0)])


def _company(problem: Problem, columns: _Columns, x: Vars) -> None:
    """Relatives in one shelter earn what parting them costs; those to be kept apart pay for sharing one."""
    for one, other in problem.together:
        for house in problem.houses:
            here, there = _in_house(problem, x, one, house.key), _in_house(problem, x, other, house.key)
            if here and there:
                both = columns.add(-weight("kin_parted"))
                columns.row(-highspy.kHighsInf, 0, [(both, 1.0), *((column, -1.0) for column in here)])
                columns.row(-highspy.kHighsInf, 0, [(both, 1.0), *((column, -1.0) for column in there)])
    for one, other in problem.apart:
        close = columns.add(weight("apart_together"))
        for house in problem.houses:
            here, there = _in_house(problem, x, one, house.key), _in_house(problem, x, other, house.key)
            if here and there:
                columns.row(-highspy.kHighsInf, 1, [(close, -1.0), *((column, 1.0) for column in [*here, *there])])


def _in_house(problem: Problem, x: Vars, group: int, house: int) -> list[int]:
    return [x[group, room] for room in problem.rooms_for.get(group, ()) if problem.house_of[room] == house]


def _solved(columns: _Columns, start: dict[int, float], seconds: float) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {
        "output_flag": False,
        "time_limit": seconds,
        "mip_rel_gap": CLOSE_ENOUGH,
        "threads": 1,
        "random_seed": 1,
    }.items():
        solver.setOptionValue(option, value)
    solver.passModel(_model(columns))
    if start:
        keys = np.array(sorted(start), dtype=np.int32)
        solver.setSolution(len(keys), keys, np.array([start[key] for key in sorted(start)]))
    solver.run()
    return solver


def _values(solver: highspy.Highs) -> list[float]:
    """What each column came to; empty where nothing was found."""
    found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return list(solver.getSolution().col_value) if found else []


def _model(columns: _Columns) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns.cost), len(columns.rows)
    lp.col_cost_ = np.array(columns.cost, dtype=np.double)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.array(columns.upper, dtype=np.double)
    integer, continuous = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [integer if each else continuous for each in columns.is_integer]
    lp.row_lower_ = np.array([row[0] for row in columns.rows], dtype=np.double)
    lp.row_upper_ = np.array([row[1] for row in columns.rows], dtype=np.double)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in columns.rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array([key for row in columns.rows for key in row[2]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([value for row in columns.rows for value in row[3]], dtype=np.double)
    return lp
