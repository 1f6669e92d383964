"""Both ways, side by side, and the better plan kept."""

from dataclasses import dataclass

from shelters.planning.exact import exact
from shelters.planning.greedy import greedy
from shelters.planning.problem import Problem, Worth, is_allowed, worth_of

SECONDS = 8.0
SMALL, SMALL_SECONDS = 60, 0.3  # a bus is planned while the page loads


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan kept, whether it is the thorough one, and what either came to."""

    placed: dict[int, int]
    is_thorough: bool
    plain: Worth
    thorough: Worth | None


def choose(problem: Problem, *, seconds: float | None = None) -> Choice:
    """Plan `problem` in at most about `seconds` (by its size unless told). Deterministic as far as the time allows."""
    limit = seconds if seconds is not None else (SMALL_SECONDS if len(problem.groups) <= SMALL else SECONDS)
    plain = greedy(problem)
    plain_worth = worth_of(problem, plain)
    found = exact(problem, start=plain, seconds=limit) if problem.costs else {}
    if not found or not is_allowed(problem, found):
        return Choice(plain, False, plain_worth, None)
    worth = worth_of(problem, found)
    if worth.cost < plain_worth.cost:
        return Choice(found, True, plain_worth, worth)
    return Choice(plain, False, plain_worth, worth)
