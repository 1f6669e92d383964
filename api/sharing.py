"""What a partner may see of people: the agreed fields of the agreed people and nothing else."""

from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from api.authentication import Caller
from api.scopes import Scope
from cases.finding import Found
from cases.models import Arrival, Household, HouseholdQuerySet, Person
from core.actors import Actor


class FoundHousehold(TypedDict):
    """A person who may be the one asked for, in its household."""

    person: UUID
    likeness: float
    household: Household


def shows_names(caller: Caller) -> bool:
    """Whether the caller's token opens names."""
    return Scope.IDENTITY_READ in caller.scopes


def households(actor: Actor, *, with_names: bool) -> HouseholdQuerySet:
    """The households that `actor` may see, with their people; names are read only `with_names`. Two queries."""
    fields = [
        "uid",
        "household_id",
        "position",
        "relation",
        "nationality",
        *(("given_names", "surnames", "sex") if with_names else ()),
    ]
    people = Prefetch("people", Person.objects.in_order().only(*fields))
    return Household.objects.visible_to(actor).select_related("site").prefetch_related(people)


def arrivals() -> "Prefetch[str, QuerySet[Arrival], str]":
    """The arrivals of a household with their crossings, oldest first. One query."""
    return Prefetch("arrivals", Arrival.objects.select_related("crossing__port", "site").order_by("occurred_at", "pk"))


def with_households(found: Sequence[Found], actor: Actor) -> list[FoundHousehold]:
    """Each person found with its household as partners see it, in the same order. Two queries."""
    shared = households(actor, with_names=True).in_bulk([each.person.household_id for each in found])
    return [
        {"person": each.person.uid, "likeness": each.likeness, "household": shared[each.person.household_id]}
        for each in found
        if each.person.household_id in shared
    ]
