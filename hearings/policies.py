"""Who may note and change hearings. What the state of a hearing allows stands with the deeds."""

from cases.models import Household
from cases.policies import works_with
from core.actors import Actor, Capability
from core.errors import NotAllowed

# The officer at the bridge copies the family's sheet; changing a hearing afterwards is the hearings office's work.
MAY_NOTE = (Capability.EDIT_HEARINGS, Capability.LOG_ARRIVAL)


def can_note(actor: Actor, household: Household) -> bool:
    """Whether `actor` may note a hearing of `household`."""
    return any(actor.can(capability) for capability in MAY_NOTE) and works_with(actor, household)


def can_change(actor: Actor, household: Household) -> bool:
    """Whether `actor` may change, cancel or verify a hearing of `household`."""
    return actor.can(Capability.EDIT_HEARINGS) and works_with(actor, household)


def check_can_note(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_note`."""
    if not can_note(actor, household):
        raise NotAllowed()


def check_can_change(actor: Actor, household: Household) -> None:
    """Raise NotAllowed unless `can_change`."""
    if not can_change(actor, household):
        raise NotAllowed()
