"""Who may do what with shelters and places."""

from collections.abc import Iterable

from cases.models import Household
from cases.policies import works_with
from core.actors import Actor, Capability
from core.errors import NotAllowed
from places.models import Site
from shelters.models import Hold, Shelter, Transfer


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


def reason_to_go_over(actor: Actor, said: str) -> str:
    """The reason that `said` names, empty where it names none. Raises NotAllowed where `actor` may not go over the capacity."""
    reason = said.strip() if any(each.isalnum() for each in said) else ""
    if reason:
        check_can_go_over(actor)
    return reason


def check_can_move(actor: Actor, household: Household, origins: Iterable[Shelter], shelter: Shelter) -> None:
    """Raise NotAllowed unless `actor` may move `household` from its room to one of `shelter`: its own desk, from room to room."""
    if set(origins) == {shelter}:
        check_can_run(actor, [shelter])
    else:
        check_can_run(actor, origins)
        check_can_place(actor, household, shelter)


def check_can_transfer(actor: Actor, household: Household, origin: Shelter) -> None:
    """Raise NotAllowed unless `actor` may ask that `household` goes on from `origin`: the other shelter answers for itself."""
    if not (actor.can(Capability.PLACE) and works_with(actor, household) and actor.works_at(origin.site_id)):
        raise NotAllowed()


def check_can_call_off(actor: Actor, transfer: Transfer) -> None:
    """Raise NotAllowed unless `actor` runs either shelter of `transfer`."""
    try:
        check_can_run(actor, [transfer.from_shelter])
    except NotAllowed:
        check_can_run(actor, [transfer.to_shelter])


def check_can_release(actor: Actor, hold: Hold) -> None:
    """Raise NotAllowed unless `actor` may give back what `hold` keeps: who places the household, or who runs the shelter."""
    if hold.household is not None and not actor.can(Capability.RUN_SHELTER):
        check_can_place(actor, hold.household, hold.unit.shelter)
    else:
        check_can_run(actor, [hold.unit.shelter])


def check_can_say_safe(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may read and say which rooms are safe for LGBTQ+ people."""
    if not actor.can(Capability.SEE_NEEDS):
        raise NotAllowed()


def check_can_plan(actor: Actor, site: Site) -> None:
    """Raise NotAllowed unless `actor` places people and works at the field site `site`."""
    if not (actor.can(Capability.PLACE) and actor.works_at(site.pk)):
        raise NotAllowed()
