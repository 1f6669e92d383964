"""What rooms above have to say at the head of the reception board: one line and one button each.

A room above joins with `@board_fact`; the board knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.actors import Actor


@dataclass(frozen=True, slots=True)
class BoardFact:
    """A line for the lead of the board, and a button. `button` may be empty, then there is none."""

    text: str
    icon: str = ""
    button: str = ""
    url: str = ""


Source = Callable[[Actor, datetime], BoardFact | None]

_sources: list[Source] = []


def board_fact(source: Source) -> Source:
    """Have the decorated function asked for its fact whenever the board is shown: with who looks, and the moment.

    It may cost one query, and returns None where it has nothing to say to this actor.
    """
    _sources.append(source)
    return source


def facts_for(actor: Actor, now: datetime) -> list[BoardFact]:
    """What there is to say to `actor` at `now`, in the order in which the rooms joined."""
    return [fact for source in _sources if (fact := source(actor, now)) is not None]
