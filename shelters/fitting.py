"""Whether a household could sleep in a room at all, asked alike before it is held and before it is given."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.models import Household, Person
from core.actors import Actor, Capability
from shelters.coming import what_comes
from shelters.errors import ShelterClosed, WrongUnit
from shelters.models import Unit
from shelters.parties import party_of_household
from shelters.rules import Party, RoomRules, broken_rules


def locked_unit(unit: Unit, at: datetime) -> Unit:
    """The unit, locked first and counted after: what is read with the lock may be older than it."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return Unit.objects.with_figures(at).select_related("shelter__site").get(pk=unit.pk)


def locked_units(keys: Iterable[int]) -> list[Unit]:
    """The units of `keys` with their shelters and sites, locked in the order of their keys."""
    units = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(keys))
    return list(units.select_related("shelter__site").order_by("pk"))


def rules_of(unit: Unit, at: datetime) -> RoomRules:
    """What `unit` (read with its figures and its shelter) asks of whoever sleeps there at `at`."""
    shelter = unit.shelter
    return RoomRules(
        kind=unit.kind,
        is_open=shelter.is_open_at(at),
        is_closed_for_works=unit.is_closed_for_works,
        is_accessible=unit.is_accessible,
        is_lgbtq_safe=unit.is_lgbtq_safe,
        takes_pets=shelter.takes_pets,
        test_within_days=shelter.test_within_days,
        min_stay_days=shelter.min_stay_days,
    )


def party_asked(rules: RoomRules, household: Household, people: Sequence[Person], at: datetime) -> Party:
    """Who `people` of `household` are to a house; what it asks about tests and nights is looked up only where it asks."""
    coming = what_comes([household.pk], at).get(household.pk) if rules.min_stay_days is not None else None
    return party_of_household(
        household,
        people,
        at,
        tested_at={} if rules.test_within_days is None else None,
        leaves_at=coming.leaves_at if coming else None,
    )


def check_unit(unit: Unit, household: Household, people: Sequence[Person], actor: Actor, at: datetime) -> None:
    """Raise ShelterClosed or WrongUnit where `people` of `household` could never sleep in `unit`, as `locked_unit` gives it.

    An `actor` who may not see needs gets one answer for every rule: which one it is could tell what they need.
    """
    rules = rules_of(unit, at)
    if not rules.is_open or rules.is_closed_for_works:
        raise ShelterClosed()
    broken = broken_rules(rules, party_asked(rules, household, people, at))
    if broken:
        raise WrongUnit(broken[0].label) if actor.can(Capability.SEE_NEEDS) else WrongUnit()
