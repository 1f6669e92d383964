"""The party that a household makes: what it is called, and what the rules of a room ask about, decrypted in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

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


def family_name(people: Sequence[Person]) -> str:
    """What a household is called on lists: by its head's surnames, a person alone by their name."""
    if not people:
        return _("Nobody noted yet")
    head = people[0]
    if len(people) == 1:
        return head.full_name or _("Name not known")
    return _("Family %(surnames)s") % {"surnames": head.surnames} if head.surnames else _("Family, name not known")
