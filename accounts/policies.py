"""Who may open accounts and grant roles."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_administer(actor: Actor) -> None:
    """Only administrators and the system itself. Raises NotAllowed."""
    if not actor.can(Capability.ADMINISTER):
        raise NotAllowed()
