"""Who may take reports out."""

from core.actors import Actor, Capability
from core.errors import NotAllowed
from places.models import Site


def check_can_report(actor: Actor, site: Site) -> None:
    """Raise NotAllowed unless `actor` reads the reports of `site`."""
    if not (actor.can(Capability.SEE_REPORTS) and actor.works_at(site.pk)):
        raise NotAllowed()
