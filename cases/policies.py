"""Who may do what with households and people."""

from cases.models import Household, Tap
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


def can_edit(actor: Actor, household: Household) -> bool:
    """Whether `actor` may change what is known of `household`."""
    return actor.can(Capability.EDIT_PEOPLE) and works_with(actor, household)


def check_can_edit(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_edit`."""
    if not can_edit(actor, household):
        raise NotAllowed()


def can_reopen(actor: Actor, household: Household) -> bool:
    """Whether `actor` may open the closed case of `household` again."""
    may = actor.can(Capability.EDIT_HEARINGS) or actor.can(Capability.EDIT_PEOPLE)
    return may and works_with(actor, household)


def check_can_reopen(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_reopen`."""
    if not can_reopen(actor, household):
        raise NotAllowed()


def check_can_say_who_is_there(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `actor` may say who of `household` is missing or back: who changes it, or runs where it sleeps."""
    runs = actor.can(Capability.RUN_SHELTER) and works_with(actor, household)
    if not (runs or can_edit(actor, household)):
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


def can_note_needs(actor: Actor, household: Household) -> bool:
    """Whether `actor` may say what `household` needs of a place."""
    return actor.can(Capability.SEE_NEEDS) and works_with(actor, household)


def check_can_note_needs(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_note_needs`."""
    if not can_note_needs(actor, household):
        raise NotAllowed()


def check_can_take_back(actor: Actor, tap: Tap) -> None:
    """Raise NotAllowed unless `tap` is `actor`'s own, or `actor` decides for others there, and may change the household."""
    check_can_edit(actor, tap.household)
    is_own = (tap.actor_kind, tap.actor_id) == (actor.kind, actor.id)
    if not (is_own or actor.can(Capability.PLACE)):
        raise NotAllowed()


def check_can_merge(actor: Actor, given_up: Household) -> None:
    """Raise NotAllowed unless `actor` may change people and works with the file that it gives up; the door showed both.

    Who was only let in to read a file elsewhere may lead the own one to it, and never take that one over.
    """
    if not (actor.can(Capability.EDIT_PEOPLE) and works_with(actor, given_up)):
        raise NotAllowed()


def check_can_compare(actor: Actor, one: Household, other: Household) -> None:
    """Raise NotAllowed unless `actor` may change people and works with one of the two; the door showed both."""
    if not (actor.can(Capability.EDIT_PEOPLE) and (works_with(actor, one) or works_with(actor, other))):
        raise NotAllowed()


def check_can_ask(actor: Actor, site: Site) -> None:
    """Raise NotAllowed unless `actor` works with people at `site`."""
    if not (actor.can(Capability.SEE_PEOPLE) and actor.works_at(site.pk)):
        raise NotAllowed()


def check_can_decide_access(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `actor` decides for the site that holds `household` who else may see it."""
    if not (actor.can(Capability.DECIDE_ACCESS) and actor.works_at(household.site_id)):
        raise NotAllowed()
