"""Who may do what with partner clients."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_manage_clients(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` administers."""
    if not actor.can(Capability.ADMINISTER):
        raise NotAllowed()
