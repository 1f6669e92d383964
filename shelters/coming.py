"""Where a household must be next: dates are kept in a room beside this one, so a room above tells it here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from places.models import Crossing


@dataclass(frozen=True, slots=True)
class Coming:
    """The bridge (with its city) of the next appointment, and when people must leave for it; either may be unknown."""

    crossing: Crossing | None
    leaves_at: datetime | None


Source = Callable[[Sequence[int], datetime], Mapping[int, Coming]]

_sources: list[Source] = []


def tells_what_comes(source: Source) -> Source:
    """Have the decorated function asked where households (by key) must be next after a moment; in a constant number of queries."""
    _sources.append(source)
    return source


def what_comes(households: Sequence[int], at: datetime) -> dict[int, Coming]:
    """Where `households` must be next, by key; without those of whom nobody knows."""
    found: dict[int, Coming] = {}
    for source in _sources:
        found |= source(households, at)
    return found
