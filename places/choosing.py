"""Which site and which day a page is about, as its address names them."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actors import Actor
from core.inputs import EARLIEST_YEAR, LATEST_YEAR
from places import zones
from places.models import Site


def field_sites(actor: Actor) -> list[Site]:
    """The field sites that `actor` works at, with their cities, by name."""
    return list(Site.objects.of(actor).field().active().select_related("city").order_by("name"))


def site_named(sites: Sequence[Site], code: str) -> Site | None:
    """The one of `sites` with `code`, the first where none is named; None for one that is not among them."""
    return next((site for site in sites if code in ("", site.code)), None)


def day_named(text: str, *, site: Site, now: datetime) -> date:
    """The day that `text` names (ISO 8601), else today on the clocks of `site`. A year far from anybody's life is none."""
    today = zones.local(now, site.city.zone).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST_YEAR < day.year < LATEST_YEAR else today
