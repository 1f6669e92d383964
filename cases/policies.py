"""Who may do what with households and people."""

from cases.models import Household
from cases.states import Step
from core.actors import Actor, Capability
from core.errors import NotAllowed
from places.models import Site


def works_with(actor: Actor, household: Household) -> bool:
    """Whether `actor` works where `household` is held or where it sleeps."""
    return actor.works_at(household.site_id) or (
        household.guest_site_id is not None and actor.works_at(household.guest_site_id)
    )


def step_told(actor: Actor, household: Household) -> Step:
    """Where `household` stands, as far as `actor` may be told: isolation is health, and is told as documented."""
    step = Step(household.step)
    return Step.DOCUMENTED if step == Step.ISOLATED and not actor.can(Capability.SEE_HEALTH) else step


def check_can_log_arrival(actor: Actor, site: Site) -> None:
    """Raise NotAllowed unless `actor` logs arrivals and works at `site`."""
    if not (actor.can(Capability.LOG_ARRIVAL) and actor.works_at(site.pk)):
        raise NotAllowed()


def check_can_edit(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `actor` may change what is known of `household`."""
    if not (actor.can(Capability.EDIT_PEOPLE) and works_with(actor, household)):
        raise NotAllowed()


def check_can_host(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `actor` may say where `household` sleeps: who places it, or who runs the shelter it leaves."""
    places = actor.can(Capability.PLACE) or actor.can(Capability.RUN_SHELTER)
    if not (places and works_with(actor, household)):
        raise NotAllowed()


def check_can_note_health(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `actor` may note tests of `household`."""
    if not (actor.can(Capability.SEE_HEALTH) and works_with(actor, household)):
        raise NotAllowed()
