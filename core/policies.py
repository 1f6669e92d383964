"""Who may do what belongs to no room."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_administer(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` is an administrator or the system itself."""
    if not actor.can(Capability.ADMINISTER):
        raise NotAllowed()
