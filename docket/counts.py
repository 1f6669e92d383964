"""How much waits on each list of the hearings office: one query for all of them, for Today and for the strip on the office's pages."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import CharField, Count, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from core.look.parts import Text
from core.questions import question
from docket.checks import open_checks
from docket.conflicts import open_conflicts
from docket.not_reached import open_not_reached
from docket.outcomes import open_outcomes
from docket.policies import HOLDERS
from docket.postponements import open_postponements
from docket.zones import open_zones
from hearings.models import Hearing
from hearings.policies import MAY_FOLLOW_UP
from journey.replies import replies_for

Waiting = Callable[[Actor, datetime], QuerySet[Any]]


class Others(Protocol):
    """What else is counted in the same query, by its key: a function of a module, so that the question stays the same."""

    def __call__(self, *, actor: Actor, now: datetime) -> Mapping[str, QuerySet[Any]]:
        """What waits for `actor`; rows with a `what` of their own are counted by that."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A list of the office: `place` is the name of its address, open to who has one of `needs`.

    `waiting` is what a person must still do, None for a page without a count; one that is `seldom` stands in the strip only while
    something waits there.
    """

    key: str
    label: Text
    place: str
    needs: tuple[Capability, ...]
    waiting: Waiting | None = None
    seldom: bool = False


OFFICE = (Capability.EDIT_HEARINGS,)
WORKLISTS = (
    Worklist(
        "not_reached",
        _("Not reached"),
        "docket:not_reached",
        (Capability.SEE_PEOPLE,),
        open_not_reached,
    ),
    Worklist("outcomes", _("Outcomes missing"), "docket:outcomes", MAY_FOLLOW_UP, open_outcomes),
    Worklist("conflicts", _("Sources differ"), "docket:conflicts", OFFICE, open_conflicts),
    Worklist("checks", _("EOIR line"), "docket:checks", OFFICE, open_checks),
    Worklist(
        "replies",
        _("Replies"),
        "docket:replies",
        (Capability.SEND_MESSAGES,),
        lambda actor, now: replies_for(actor).open(),
    ),
    Worklist("postponements", _("Postponements"), "docket:postponements", OFFICE, open_postponements),
    Worklist("zones", _("Clocks changed"), "docket:zones", OFFICE, open_zones, seldom=True),
    Worklist("calendar", _("Calendar"), "docket:calendars", HOLDERS),
)


def lists_of(actor: Actor) -> list[Worklist]:
    """The lists that `actor` may open."""
    return [each for each in WORKLISTS if any(actor.can(capability) for capability in each.needs)]


def counts_of(*, actor: Actor, now: datetime, also: Sequence[Others] = ()) -> Counter[str]:
    """How much waits for `actor` on each list that it may open, by its key, and how much `also` does. One query."""
    counts = Counter({each.key: 0 for each in lists_of(actor) if each.waiting})
    if counts or also:
        counts.update({row["what"]: row["n"] for row in _counted_all(*also, actor=actor, now=now)})
    return counts


@question
def _counted_all(*also: Others, actor: Actor, now: datetime) -> QuerySet[Any, dict[str, Any]]:
    asked = {each.key: each.waiting(actor, now) for each in lists_of(actor) if each.waiting}
    for others in also:
        asked.update(others(actor=actor, now=now))
    counted = [_counted(what, rows) for what, rows in asked.items()]
    nothing: QuerySet[Any, Any] = Hearing.objects.none()
    return counted[0].union(*counted[1:], all=True) if counted else nothing


def _counted(what: str, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """One row with how many `rows` there are, or one for each `what` of theirs; none where there is nothing."""
    named = rows if "what" in rows.query.annotations else rows.annotate(what=Value(what, output_field=CharField()))
    counted: QuerySet[Any, dict[str, Any]] = named.order_by().values("what").annotate(n=Count("pk")).values("what", "n")
    return counted
