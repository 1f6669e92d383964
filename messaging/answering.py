"""Who may deal with what people write back."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_answer(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` speaks with people by message."""
    if not actor.can(Capability.SEND_MESSAGES):
        raise NotAllowed()
