"""Whether those who leave find the gate of their shelter open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from journey.families import Family
from journey.rules import Way
from places import zones
from shelters.models import GateOpening
from shelters.rules import gate_is_open


@dataclass(frozen=True, slots=True)
class Passage:
    """The gate of a shelter at the hour at which somebody leaves, by its own clock.

    `open` by its hours, `opened` by somebody at `opened_at`, `shut` until it opens at `opens`, or nobody noted its hours (`unknown`).
    """

    state: Literal["open", "opened", "shut", "unknown"]
    leaves: time
    shelter: str
    city: str
    opens: time | None = None
    opened_at: time | None = None


def passage_at(
    leave_at: datetime,
    *,
    opens: time | None,
    closes: time | None,
    openings: Sequence[datetime],
    shelter: str,
    city: str,
    zone: str,
) -> Passage:
    """The gate that opens and closes at these hours of `zone`, with the hours at which somebody opens it besides."""
    leaves = zones.local(leave_at, zone).time()
    if opens and closes and gate_is_open(opens, closes, leaves):
        return Passage("open", leaves, shelter, city, opens)
    for opening in openings:
        if GateOpening(opens_at=opening).serves(leave_at):
            return Passage("opened", leaves, shelter, city, opens, zones.local(opening, zone).time())
    return Passage("shut" if opens and closes else "unknown", leaves, shelter, city, opens)


def passages_of(family: Family, way: Way) -> list[Passage]:
    """The gates of the shelters in which the family sleeps, the worst first."""
    found = {}
    for member in family.members:
        sleep = member.sleep
        if sleep is not None and sleep.shelter_id not in found:
            found[sleep.shelter_id] = passage_at(
                way.leave_at,
                opens=sleep.gate_opens,
                closes=sleep.gate_closes,
                openings=member.openings,
                shelter=sleep.shelter,
                city=sleep.city.name,
                zone=sleep.city.zone,
            )
    return sorted(found.values(), key=lambda passage: ("shut", "unknown", "opened", "open").index(passage.state))
