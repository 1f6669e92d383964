"""Who may do what with shelters and places."""

from collections.abc import Iterable

from cases.models import Household
from cases.policies import works_with
from core.actors import Actor, Capability
from core.errors import NotAllowed
from places.models import Site
from shelters.models import Shelter


def check_can_open(actor: Actor, parent: Site) -> None:
    """Raise NotAllowed unless `actor` keeps shelters and works at the field site `parent`."""
    if not (actor.can(Capability.EDIT_SHELTERS) and actor.works_at(parent.pk)):
        raise NotAllowed()


def check_can_edit(actor: Actor, shelter: Shelter) -> None:
    """Raise NotAllowed unless `actor` may change capacity, rooms and blocks of `shelter`."""
    if not (actor.can(Capability.EDIT_SHELTERS) and actor.works_at(shelter.site_id)):
        raise NotAllowed()


def check_can_run(actor: Actor, shelters: Iterable[Shelter]) -> None:
    """Raise NotAllowed unless `actor` may say of all `shelters` who is in and who left."""
    runs = actor.can(Capability.RUN_SHELTER) or actor.can(Capability.PLACE)
    if not (runs and all(actor.works_at(shelter.site_id) for shelter in shelters)):
        raise NotAllowed()


def check_can_place(actor: Actor, household: Household, shelter: Shelter) -> None:
    """Raise NotAllowed unless `actor` may give `household` a place in `shelter`."""
    here = works_with(actor, household) and actor.works_at(shelter.site_id)
    if not (actor.can(Capability.PLACE) and here):
        raise NotAllowed()


def check_can_go_over(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may place beyond the capacity."""
    if not actor.can(Capability.OVER_CAPACITY):
        raise NotAllowed()


def check_can_say_safe(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may read and say which rooms are safe for LGBTQ+ people."""
    if not actor.can(Capability.SEE_NEEDS):
        raise NotAllowed()
