"""Who may do what with announced lists."""

from core.actors import Actor, ActorKind, Capability
from core.errors import NotAllowed


def check_can_compare(actor: Actor, site_id: int) -> None:
    """Raise NotAllowed unless `actor` receives people at the site: brings its lists in and says who of them came."""
    receives = actor.can(Capability.LOG_ARRIVAL) and actor.kind is not ActorKind.PARTNER
    if not (receives and actor.works_at(site_id)):
        raise NotAllowed()
