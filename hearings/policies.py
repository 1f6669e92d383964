"""Who may note and change hearings. What the state of a hearing allows stands with the deeds."""

from dataclasses import replace

from cases.models import Household
from cases.policies import works_with
from core.actors import Actor, ActorKind, Capability
from core.errors import NotAllowed
from hearings.models import CheckBatch, Telling
from places.models import Site

# The officer at the bridge copies the family's sheet; changing a hearing afterwards is the hearings office's work.
MAY_NOTE = (Capability.EDIT_HEARINGS, Capability.LOG_ARRIVAL)
# Who has the vehicles: the office, and the house in which they sleep.
MAY_ARRANGE = (Capability.EDIT_HEARINGS, Capability.RUN_SHELTER)
# Whoever meets the family tells it: the hearings office, reception and protection, the desk where it sleeps.
MAY_TELL = (Capability.EDIT_HEARINGS, Capability.EDIT_PEOPLE, Capability.RUN_SHELTER)

# Whoever may find out what became of them asks: the hearings office, reception at the bridge, protection.
MAY_FOLLOW_UP = (Capability.EDIT_HEARINGS, Capability.EDIT_PEOPLE)


def can_note(actor: Actor, household: Household) -> bool:
    """Whether `actor` may note a hearing of `household`."""
    return any(actor.can(capability) for capability in MAY_NOTE) and works_with(actor, household)


def can_change(actor: Actor, household: Household) -> bool:
    """Whether `actor` may change, cancel or verify a hearing of `household`."""
    return actor.can(Capability.EDIT_HEARINGS) and works_with(actor, household)


def can_tell(actor: Actor, household: Household) -> bool:
    """Whether `actor` may note that `household` was told of its hearing."""
    return any(actor.can(capability) for capability in MAY_TELL) and works_with(actor, household)


def can_follow_up(actor: Actor, household: Household) -> bool:
    """Whether `actor` may note whom it asked about `household`."""
    return any(actor.can(capability) for capability in MAY_FOLLOW_UP) and works_with(actor, household)


def check_can_follow_up(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_follow_up`."""
    if not can_follow_up(actor, household):
        raise NotAllowed()


def can_arrange(actor: Actor, household: Household) -> bool:
    """Whether `actor` may note how `household` gets to the bridge: the hearings office, or the desk where it sleeps."""
    return any(actor.can(capability) for capability in MAY_ARRANGE) and works_with(actor, household)


def check_can_arrange(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_arrange`."""
    if not can_arrange(actor, household):
        raise NotAllowed()


def check_can_note(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_note`."""
    if not can_note(actor, household):
        raise NotAllowed()


def check_can_change(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_change`."""
    if not can_change(actor, household):
        raise NotAllowed()


def check_can_tell(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_tell`."""
    if not can_tell(actor, household):
        raise NotAllowed()


def check_can_take_back(actor: Actor, telling: Telling) -> None:
    """Raise NotAllowed unless `telling` is `actor`'s own, or `actor` works in the hearings office, and with the household."""
    household = telling.hearing.household
    check_can_tell(actor, household)
    if telling.noted_by != actor.id and not can_change(actor, household):
        raise NotAllowed()


def check_can_postpone(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` works on hearings: those of its own sites are what a postponement of its may move."""
    if not actor.can(Capability.EDIT_HEARINGS):
        raise NotAllowed()


def can_give_list(actor: Actor, household: Household) -> bool:
    """Whether `actor` may give `household` a list of free legal help: whoever notes hearings or changes what is known of people."""
    meets = any(actor.can(capability) for capability in (*MAY_NOTE, Capability.EDIT_PEOPLE))
    return meets and works_with(actor, household)


def check_can_give_list(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_give_list`."""
    if not can_give_list(actor, household):
        raise NotAllowed()


def check_can_hand_out(actor: Actor, site: Site) -> None:
    """Raise NotAllowed unless `actor` works on hearings at `site`: then callers may be given lists."""
    if not (actor.can(Capability.EDIT_HEARINGS) and actor.works_at(site.pk)):
        raise NotAllowed()


def is_blind_caller(actor: Actor) -> bool:
    """Whether `actor` calls the line and sees nothing of people: what it hears cannot be led by what we believe."""
    return actor.can(Capability.CHECK_LINE) and not actor.can(Capability.SEE_PEOPLE)


def check_is_caller_of(actor: Actor, batch: CheckBatch) -> None:
    """Raise NotAllowed unless the list was handed to `actor`, who calls the line there."""
    is_theirs = actor.kind is ActorKind.STAFF and actor.id == str(batch.caller_id)
    if not (is_theirs and actor.can(Capability.CHECK_LINE) and actor.works_at(batch.site_id)):
        raise NotAllowed()


def may_confirm(actor: Actor) -> Actor:
    """`actor` with what a caller needs so that the answer of the line counts: the list that was handed to them stands for it."""
    return replace(actor, capabilities=actor.capabilities | {Capability.EDIT_HEARINGS})
