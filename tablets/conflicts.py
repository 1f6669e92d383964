"""What waits for a decision, in words: what stands, what a tablet brought, who said so and when."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import CharField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event, EventType
from cases.kinds import paper_kind
from cases.models import CovidTest, Household, Person
from cases.names import family_name
from core.actors import Actor
from core.look import month_day
from places import zones
from tablets.facts import facts_of, standing_value, steps_of
from tablets.models import Conflict, Fact

MOST = 60

# The events that say who noted what stands.
TELLING = {
    Fact.RESULT: (EventType.TEST_RESULTED, EventType.TEST_CORRECTED),
    Fact.DOCUMENTED: (EventType.DOCUMENT_GIVEN, EventType.DOCUMENT_CORRECTED),
    Fact.ISOLATED: (EventType.STEP_TAKEN,),
    Fact.PLACED: (EventType.STEP_TAKEN,),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One of the two: what it says, who said it, and when on the clock of the site."""

    choice: Conflict.Choice
    says: str
    who: str
    when: str

    @property
    def icon(self) -> str:
        """Where it was said."""
        return "building-community" if self.choice == Conflict.Choice.STANDS else "device-tablet"


@dataclass(frozen=True, slots=True)
class Row:
    """One conflict, to be decided."""

    conflict: Conflict
    title: str
    name: str
    words: tuple[Word, Word]
    stands: Any

    @property
    def asks_reason(self) -> bool:
        """Whether choosing what was brought corrects a result, which wants its reason."""
        return self.conflict.fact == Fact.RESULT and bool(self.stands)

    @property
    def seen(self) -> str:
        """What stands, as the form sends it back."""
        return json.dumps(self.stands)


@dataclass(frozen=True, slots=True)
class Waiting:
    """All conflicts of one household."""

    household: Household
    title: str
    rows: list[Row]


def waiting_for(*, actor: Actor) -> list[Waiting]:
    """The open conflicts that `actor` may see, by the household in which their people stand now, at most `MOST`. Six queries."""
    accounts = User.objects.annotate(key=Cast("pk", CharField()))
    names = {
        f"{role}_name": Subquery(accounts.filter(key=OuterRef(f"delivery__{role}")).values("name"))
        for role in ("author", "deliverer")
    }
    found = list(
        Conflict.objects.visible_to(actor)
        .open()
        .annotate(**names)
        .select_related("delivery", "person__household__site__city")
        .prefetch_related(
            "person__documents", "person__tests", Prefetch("person__household__people", Person.objects.in_order())
        )
        .order_by("person__household", "pk")[:MOST]
    )
    households = [conflict.person.household for conflict in found]
    steps = steps_of(households)
    events = list(
        Event.objects.filter(
            household__in={household.uid for household in households},
            type__in={event for types in TELLING.values() for event in types},
        ).order_by("-occurred_at", "-pk")
    )
    rows = [_row(conflict, steps, events) for conflict in found]
    by_household = groupby(rows, key=lambda row: row.conflict.person.household)
    return [Waiting(each, family_name(list(each.people.all())), list(those)) for each, those in by_household]


def _row(conflict: Conflict, steps: Mapping[int, Any], events: Iterable[Event]) -> Row:
    person, delivery = conflict.person, conflict.delivery
    zone = person.household.site.city.zone
    stands = standing_value(conflict, person, facts_of(person, person.household, steps))
    told = next((event for event in events if _tells(event, conflict, person)), None)
    standing = Word(
        Conflict.Choice.STANDS,
        value_words(conflict.fact, stands, zone),
        told.actor_name if told else "",
        _moment(told.occurred_at, zone) if told else "",
    )
    brought = Word(
        Conflict.Choice.BROUGHT,
        value_words(conflict.fact, conflict.brought_value, zone),
        _who_brought(conflict),
        _moment(delivery.occurred_at, zone),
    )
    return Row(conflict, _title(conflict), person.full_name or _("Name not known"), (standing, brought), stands)


def _who_brought(conflict: Conflict) -> str:
    """Who delivered it is certain, for they were signed in; that somebody else wrote it is what the tablet says."""
    told, delivery = [], conflict.delivery
    author: str | None = conflict.author_name  # type: ignore[attr-defined]
    if author and delivery.author != delivery.deliverer:
        told.append(_("%(name)s, as the tablet says") % {"name": author})
    if deliverer := conflict.deliverer_name:  # type: ignore[attr-defined]
        told.append(_("delivered by %(name)s") % {"name": deliverer})
    return " · ".join(told) or _("a tablet")


def _tells(event: Event, conflict: Conflict, person: Person) -> bool:
    """Whether `event` noted what stands, as far as the log can tell."""
    if event.household != person.household.uid or event.type not in TELLING.get(Fact(conflict.fact), ()):
        return False
    if conflict.fact == Fact.RESULT:
        return event.subject_id in {test.pk for test in person.tests.all()}
    if conflict.fact == Fact.DOCUMENTED:
        return bool(event.facts.get("kind") == conflict.brought_value["kind"])
    return event.facts.get("step") in (Fact.ISOLATED, Fact.PLACED)


def _title(conflict: Conflict) -> str:
    if conflict.fact == Fact.DOCUMENTED:
        return paper_kind(conflict.brought_value["kind"]).short
    if conflict.fact in (Fact.ISOLATED, Fact.PLACED):
        return _("Where they sleep")
    return str(Fact(conflict.fact).label)


def value_words(fact: str, value: Any, zone: str) -> str:
    """A fact's value as people say it."""
    if not value:
        return _("Nothing noted")
    if fact == Fact.RESULT:
        return str(CovidTest.Result(value).label)
    if fact == Fact.DOCUMENTED:
        return _paper_words(value)
    if fact == Fact.TESTED:
        taken_at = parse_datetime(value["taken_at"])
        return _moment(taken_at, zone) if taken_at else ""
    return str(Fact(value).label) if isinstance(value, str) else str(Fact(fact).label)


def _paper_words(value: Mapping[str, Any]) -> str:
    given = _("given on %(day)s") % {"day": _day(value["issued_on"])}
    if not value.get("valid_until"):
        return given
    ends = _("valid until %(day)s") % {"day": _day(value["valid_until"])}
    return f"{given}, {ends}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{month_day(day)} {day.year}"


def _moment(moment: datetime, zone: str) -> str:
    local = zones.local(moment, zone)
    return f"{month_day(local.date())}, {local:%H:%M}"
