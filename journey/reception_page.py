"""The page of the reception board, put together: its lanes and filters as an address asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.urls import reverse

from cases.aid_kinds import aid_kinds
from core.actors import Actor
from journey import board as boards
from journey.board import ONLY_ICONS, Card, Lane, Only

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class ReceptionPage:
    """What the page shows, and the households whose names stand on it."""

    context: Mapping[str, Any]
    named: frozenset[UUID]


def reception_page(asked: QueryDict, *, actor: Actor, now: datetime) -> ReceptionPage:
    """The board as `asked`. Its version is read first: what changes meanwhile shows as news."""
    version = boards.version(actor)
    found, past = _found(asked, actor, now)
    chosen = [card for card in found if _passes(card, asked.get("only", ""), asked.get("over", ""), now)]
    lane = next((each for each in boards.lanes_open_to(actor) if each == asked.get("lane")), Lane.RECEIVED)
    lanes = boards.lanes(chosen, actor=actor, current=lane, start=_number(asked.get("from", "")))
    part = _part(asked, found, boards.total(found, actor=actor, past=past), past)
    context = {
        **_filters(asked, found, now),
        "asked": {"only": asked.get("only", ""), "over": asked.get("over", ""), "lane": lane, "past": past},
        "current": lane,
        "people": sum(card.size for card in chosen),
        "families": len(chosen),
        "back": address_of(asked),
        "incomplete": sum(bool(card.household.owed) for card in found),
        "lanes": [(each, address_of(asked, **{"lane": each.lane, "from": each.next_from})) for each in lanes],
        "part": part,
        "version": version,
        "aid_kinds": list(aid_kinds().values()),
        "look": uuid4(),
        "now": now,
        "nav": "reception",
    }
    return ReceptionPage(context, frozenset(card.household.uid for each in lanes for card in each.cards))


def address_of(asked: QueryDict, **changed: object) -> str:
    """The board as `asked`, with some of it `changed`; what is empty is left out."""
    query = QueryDict(mutable=True)
    for name in ("lane", "only", "over", "past", "from"):
        value = changed.get(name, asked.get(name, ""))
        if value:
            query[name] = str(value)
    return f"{reverse('journey:reception')}?{query.urlencode()}" if query else reverse("journey:reception")


def _found(asked: QueryDict, actor: Actor, now: datetime) -> tuple[Sequence[Card], int]:
    """The cards of the part asked for and how many stand before it; of the first where fewer wait than when the address was made."""
    past = _number(asked.get("past", ""))
    found = boards.cards(actor=actor, now=now, past=past)
    return (found, past) if found or not past else (boards.cards(actor=actor, now=now), 0)


def _filters(asked: QueryDict, found: Sequence[Card], now: datetime) -> dict[str, Any]:
    """The filters with how many each would leave, and the address that sets or lifts it."""
    return {
        "filters": [
            (each, ONLY_ICONS[each], sum(card.answers(each, now) for card in found), _toggled(asked, "only", each))
            for each in Only
        ],
        "crossings": [
            (str(key), name, count, _toggled(asked, "over", str(key)))
            for key, name, count in boards.crossings_of(found)
        ],
    }


def _part(asked: QueryDict, found: Sequence[Card], total: int, past: int) -> dict[str, Any] | None:
    """Which part of all who wait the board shows, with the addresses of the parts before and after; None where it shows all."""
    if total == len(found):
        return None
    last = past + len(found)
    before = max(past - boards.MOST_FAMILIES, 0)
    return {
        "first": past + 1,
        "last": last,
        "total": total,
        "before": address_of(asked, **{"past": before, "from": ""}) if past else "",
        "after": address_of(asked, **{"past": last, "from": ""}) if last < total else "",
    }


def _toggled(asked: QueryDict, name: str, value: str) -> str:
    """The address with a filter set, or taken away where it is set."""
    return address_of(asked, **{name: "" if asked.get(name) == value else value, "from": ""})


def _passes(card: Card, only: str, over: str, now: datetime) -> bool:
    is_wanted = only not in Only.values or card.answers(Only(only), now)
    came_over = not over.isdecimal() or (card.crossing is not None and str(card.crossing[0]) == over)
    return is_wanted and came_over


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
