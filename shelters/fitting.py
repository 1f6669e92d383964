"""Whether a household could sleep in a room at all, asked alike before it is held and before it is given."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.models import Household, Person
from shelters.errors import ShelterClosed, WrongUnit
from shelters.models import Unit
from shelters.parties import party_of_household
from shelters.rules import mismatch


def locked_unit(unit: Unit, at: datetime) -> Unit:
    """The unit, locked first and counted after: what is read with the lock may be older than it."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return Unit.objects.with_figures(at).select_related("shelter__site").get(pk=unit.pk)


def locked_units(keys: Iterable[int]) -> list[Unit]:
    """The units of `keys` with their shelters and sites, locked in the order of their keys."""
    units = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(keys))
    return list(units.select_related("shelter__site").order_by("pk"))


def check_unit(unit: Unit, household: Household, people: Sequence[Person], at: datetime) -> None:
    """Raise ShelterClosed or WrongUnit where `people` of `household` could never sleep in `unit`, as `locked_unit` gives it."""
    if not unit.shelter.is_open_at(at) or unit.is_closed_for_works:
        raise ShelterClosed()
    broken = mismatch(unit.kind, party_of_household(household, people, at))
    if broken:
        raise WrongUnit(broken.label)
