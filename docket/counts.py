"""How much waits on each list of the hearings office: one query for all of them, for Today and for the strip on the office's pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from core.look.parts import Text
from docket.not_reached import open_not_reached
from journey.replies import replies_for

Waiting = Callable[[Actor, datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Worklist:
    """A list of the office: `place` is the name of its address, `waiting` what a person must still do; None for one without a count."""

    key: str
    icon: str
    label: Text
    place: str
    needs: Capability
    waiting: Waiting | None = None


WORKLISTS = (
    Worklist(
        "not_reached",
        "phone-off",
        _("Not reached"),
        "docket:not_reached",
        Capability.SEE_PEOPLE,
        open_not_reached,
    ),
    Worklist(
        "replies",
        "message",
        _("Replies"),
        "journey:replies",
        Capability.SEND_MESSAGES,
        lambda actor, now: replies_for(actor).open(),
    ),
)


def lists_of(actor: Actor) -> list[Worklist]:
    """The lists that `actor` may open."""
    return [each for each in WORKLISTS if actor.can(each.needs)]


def counts_of(*, actor: Actor, now: datetime, also: Mapping[str, QuerySet[Any]] | None = None) -> dict[str, int]:
    """How much waits for `actor` on each list that it may open, by its key, and how many `also` there are. One query."""
    asked = {**waiting_of(actor, now), **(also or {})}
    counted = [_counted(what, rows) for what, rows in asked.items()]
    found = {row["what"]: row["n"] for row in counted[0].union(*counted[1:], all=True)} if counted else {}
    return {what: found.get(what, 0) for what in asked}


def waiting_of(actor: Actor, now: datetime) -> dict[str, QuerySet[Any]]:
    """What waits for `actor` on each list that it may open, by its key."""
    return {each.key: each.waiting(actor, now) for each in lists_of(actor) if each.waiting}


def _counted(what: str, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """One row with how many `rows` there are; none where there is nothing."""
    named = rows.order_by().values(what=Value(what, output_field=CharField()))
    counted: QuerySet[Any, dict[str, Any]] = named.annotate(n=Count("pk")).values("what", "n")
    return counted
