"""Who may import sheets."""

from core.actors import Actor, Capability
from core.errors import NotAllowed


def check_can_import(actor: Actor, site_id: int) -> None:
    """Raise NotAllowed unless `actor` imports sheets and works at the site."""
    if not (actor.can(Capability.IMPORT_SHEETS) and actor.works_at(site_id)):
        raise NotAllowed()
