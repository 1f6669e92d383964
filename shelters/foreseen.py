"""Who will need a place and who will be out: announced arrivals and dates are kept in rooms above and beside, which tell it here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.actors import Actor

What = Literal["arrivals", "departures"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, of which field site, and for which days of its calendar: `first` to `last`, both included."""

    actor: Actor
    site: int
    first: date
    last: date


Source = Callable[[Asked], Mapping[date, int] | None]

_sources: dict[What, Source] = {}


def foresees(what: What) -> Callable[[Source], Source]:
    """Have the decorated function asked how many people come, or leave for a date, on each day: one query, or None where the
    actor is not told.
    """

    def join(source: Source) -> Source:
        _sources[what] = source
        return source

    return join


def foreseen(what: What, asked: Asked) -> Mapping[date, int] | None:
    """How many people by day; None where nobody knows or this actor is not told."""
    source = _sources.get(what)
    return source(asked) if source else None
