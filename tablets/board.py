"""The households at reception as a tablet takes them along, to be read and worked without network."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from cases.kinds import paper_kinds, test_kinds
from cases.models import CovidTest, Household, Person
from cases.names import family_name
from cases.policies import step_told, works_with
from core.actors import Actor, Capability
from tablets.facts import facts_of, steps_of, told_to

# Far beyond any real day (280 people over one bridge).
MOST_FAMILIES = 300
UNTOLD = ("a_number", "phone", "email", "notes")


def board_of(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """Those who have waited longest at reception, the longest first, with what is known of each person. Six queries."""
    people = Person.objects.in_order().defer(*UNTOLD).prefetch_related("documents", "tests")
    waiting = Household.objects.visible_to(actor).at_reception().select_related("site__city")
    oldest = waiting.prefetch_related(Prefetch("people", people)).order_by("step_at", "pk")[:MOST_FAMILIES]
    households = [
        household for household in oldest if works_with(actor, household)
    ]  # who was let in elsewhere only reads
    steps = steps_of(households)
    return {
        "now": now.isoformat(),
        "households": [_household(household, steps, actor, now) for household in households],
        "kinds": _kinds(actor),
    }


def _household(household: Household, steps: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    people, step = list(household.people.all()), step_told(actor, household)
    today = household.day_at(now)
    return {
        "uid": str(household.uid),
        "code": household.code,
        "name": family_name(people),
        "language": household.language,
        "step": step.value,
        "step_name": str(step.label),
        "since": household.step_at.isoformat(),
        "people": [
            {
                "uid": str(person.uid),
                "name": person.full_name,
                "age": person.age_on(today),
                "facts": told_to(actor, facts_of(person, household, steps)),
            }
            for person in people
        ],
    }


def _kinds(actor: Actor) -> dict[str, list[list[Any]]]:
    """What can be noted, named in the reader's language; the usual ones first."""
    found: dict[str, list[list[Any]]] = {
        "documents": [[kind.code, kind.label, kind.valid_days] for kind in paper_kinds().values()]
    }
    if actor.can(Capability.SEE_HEALTH):
        found["tests"] = [[kind.code, kind.short] for kind in test_kinds().values()]
        found["results"] = [[result.value, str(result.label)] for result in CovidTest.Result]
    return found
