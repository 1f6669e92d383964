"""Who may have a calendar of a site, which follows them to calendars outside the house."""

from core.actors import Actor, Capability
from core.errors import NotAllowed
from docket.models import CalendarFeed
from places.models import Site, SiteKind

Kind = CalendarFeed.Kind

# What each calendar holds is the work of those who have one of these.
MAY_HOLD: dict[str, tuple[Capability, ...]] = {
    Kind.OFFICE: (Capability.EDIT_HEARINGS,),
    Kind.BRIDGE: (Capability.EDIT_HEARINGS, Capability.LOG_ARRIVAL),
    Kind.SHELTER: (Capability.RUN_SHELTER,),
}
HOLDERS = tuple(dict.fromkeys(each for many in MAY_HOLD.values() for each in many))


def can_hold(actor: Actor, kind: str, site: Site) -> bool:
    """Whether `actor` may have a calendar of `kind` for `site`: a shelter's for a shelter, the others for a field site."""
    is_of_shelter = kind == Kind.SHELTER
    fits = (site.kind == SiteKind.SHELTER) == is_of_shelter
    works = site.pk in actor.site_ids  # one who works everywhere oversees, and sees no hearings
    return fits and works and any(actor.can(capability) for capability in MAY_HOLD.get(kind, ()))


def check_can_hold(actor: Actor, kind: str, site: Site) -> None:
    """Raise NotAllowed unless `can_hold`."""
    if not can_hold(actor, kind, site):
        raise NotAllowed()
