"""The party that a household makes: what the rules of a room ask about, decrypted in memory."""

from collections.abc import Iterable
from datetime import datetime

from cases.models import Household, Person
from cases.states import Step
from places.zones import local
from shelters.rules import Party, party_of


def party_of_household(household: Household, people: Iterable[Person], at: datetime) -> Party:
    """Who `people` of `household` are at `at`, by the calendar of its site's city."""
    day = local(at, household.site.city.zone).date()
    return party_of(
        ((person.is_minor_on(day), person.sex) for person in people), is_isolated=household.step == Step.ISOLATED
    )
