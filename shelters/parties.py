"""The party that a household makes: what the rules of a room ask about, decrypted in memory."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from cases.models import Household, HouseholdQuerySet, Isolation, Person
from cases.states import Step
from places.zones import local
from shelters.rules import Party, party_of


def party_of_household(household: Household, people: Iterable[Person], at: datetime) -> Party:
    """Who `people` of `household` are at `at`, by the calendar of its site's city."""
    day = local(at, household.site.city.zone).date()
    return party_of(((person.is_minor_on(day), person.sex) for person in people), is_isolated=_is_isolated(household))


def with_isolation(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with whether they isolate, so that `party_of_household` need not ask."""
    isolation = Isolation.objects.open().filter(household=OuterRef("pk"))
    return households.annotate(is_isolating=Exists(isolation))


def _is_isolated(household: Household) -> bool:
    """Whether it isolates, also while it sleeps where those who isolate do and so stands as placed."""
    known: bool | None = getattr(household, "is_isolating", None)
    if household.step == Step.ISOLATED or known is not None:
        return household.step == Step.ISOLATED or bool(known)
    return Isolation.objects.open().filter(household=household).exists()
