"""Who may change what the places are."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_load(actor: Actor) -> None:
    """Only administrators and the loader change reference data. Raises NotAllowed."""
    if not actor.can(Capability.ADMINISTER):
        raise NotAllowed()
