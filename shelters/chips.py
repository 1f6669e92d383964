"""The chips over the board: each is a link that turns one need on or off and keeps the rest."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor, Capability
from core.look import Text
from places import languages
from places.models import Crossing
from places.rules import kilometres
from shelters.board import KIND_ICONS, City
from shelters.needs import Need, kinds_open_to


@dataclass(frozen=True, slots=True)
class Chip:
    """A need: pressed or not, and the address that changes it."""

    word: Text
    icon: str
    query: str
    is_on: bool


def toggles_of(need: Need, city: str, *, actor: Actor) -> list[Chip]:
    """What is asked for most, at hand."""
    kinds = [
        Chip(kind.label, KIND_ICONS[kind], need.query(city, kind="" if need.kind == kind else kind), need.kind == kind)
        for kind in kinds_open_to(actor)
    ]
    ramp = Chip(_("With ramp"), "disabled", need.query(city, ramp=not need.ramp), need.ramp)
    pets = Chip(_("With pets"), "paw", need.query(city, pets=not need.pets), need.pets)
    safe = Chip(_("Safe for LGBTQ+ people"), "shield-check", need.query(city, safe=not need.safe), need.safe)
    return [*kinds, ramp, pets, *([safe] if actor.can(Capability.SEE_NEEDS) else [])]


def chips_of(need: Need, city: str, shown: City | None) -> list[Chip]:
    """What else is asked for, each to be taken back with one tap."""
    chips = []
    if need.people:
        people = ngettext("%(n)d person together", "%(n)d people together", need.people) % {"n": need.people}
        chips.append(Chip(people, "users", need.query(city, people=0), True))
    if need.language:
        spoken = _("%(language)s is spoken") % {"language": languages.name_of(need.language)}
        chips.append(Chip(spoken, "language", need.query(city, lang=""), True))
    if need.near:
        chips.append(Chip(_near(need.near, shown), "map-pin", need.query(city, near=""), True))
    return chips


def _near(crossing: Crossing, shown: City | None) -> str:
    """How far the city in sight is from the bridge; shelters have no coordinates of their own yet."""
    words = {"crossing": crossing.label}
    latitude, longitude = crossing.city.latitude, crossing.city.longitude
    if shown is None or shown.site.city == crossing.city_id or not (shown.site.point and latitude and longitude):
        return _("Near %(crossing)s") % words
    km = kilometres(shown.site.point, (float(latitude), float(longitude)))
    return _("%(km)d km from %(crossing)s") % {**words, "km": round(km)}
