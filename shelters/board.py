"""The board by city: what is free tonight, whether the figure can be trusted, and who still waits for a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.models import Household
from core import look
from core.actors import Actor, Capability
from places.models import Site
from shelters.models import Shelter, Unit
from shelters.rules import Kind, Party, Places, in_city, mismatch

WAITING_SHOWN = 8

# For whom a free place is, beside its number.
KIND_WORDS: dict[str, Promise] = {
    Kind.FAMILY: pgettext_lazy("place for", "family"),
    Kind.WOMEN: pgettext_lazy("place for", "women"),
    Kind.MEN: pgettext_lazy("place for", "men"),
    Kind.MIXED: pgettext_lazy("place for", "anyone"),
    Kind.MINORS: pgettext_lazy("place for", "minors alone"),
    Kind.ISOLATION: pgettext_lazy("place for", "isolation"),
}
KIND_ICONS = {
    Kind.FAMILY: "users",
    Kind.WOMEN: "gender-female",
    Kind.MEN: "user",
    Kind.MIXED: "users-group",
    Kind.MINORS: "mood-kid",
    Kind.ISOLATION: "virus",
}
RESERVED = gettext_lazy("reserved")


def kind_word(kind: str, actor: Actor) -> Promise:
    """For whom a place is. Isolation says what somebody has, so only those who may see health read that word."""
    if kind == Kind.ISOLATION and not actor.can(Capability.SEE_HEALTH):
        return RESERVED
    return KIND_WORDS[kind]


@dataclass(frozen=True, slots=True)
class Need:
    """What is looked for: a kind of room, a ramp, or room for a whole family. Empty asks for nothing."""

    kind: str = ""
    ramp: bool = False
    party: Party | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything is."""
        return bool(self.kind or self.ramp or self.party)

    def takes(self, unit: Unit) -> bool:
        """Whether the kind and the access of `unit` answer it, full or not."""
        if self.ramp and not unit.is_accessible:
            return False
        if self.party is not None:
            return mismatch(unit.kind, self.party) is None
        if not self.kind:
            return unit.kind != Kind.ISOLATION
        return unit.kind == self.kind or (unit.kind == Kind.MIXED and self.kind != Kind.ISOLATION)

    def fits(self, unit: Unit) -> bool:
        """Whether there is room in it for all of them."""
        return self.takes(unit) and unit.figures.free >= (self.party.people if self.party else 1)


@dataclass(frozen=True, slots=True)
class FreeOfKind:
    """Free places of one kind; a zero is information and stays."""

    word: Promise
    free: int
    is_hit: bool


@dataclass(frozen=True)
class Line:
    """One shelter on the board. What only the city in sight shows is worked out when it is shown."""

    shelter: Shelter
    places: Places
    need: Need
    actor: Actor
    is_open: bool

    @cached_property
    def bar(self) -> look.Occupancy | None:
        """The bar to scale; none where nobody has said the capacity."""
        return bar_of(self.places)

    @cached_property
    def words(self) -> str:
        """Who runs it and for whom its rooms are."""
        operator = str(self.shelter.get_operator_display()).lower()
        return " · ".join([operator, *(str(kind.word) for kind in self.kinds)])

    @cached_property
    def kinds(self) -> tuple[FreeOfKind, ...]:
        """Its free places by kind, with those that answer the need."""
        hits = {unit.kind for unit in self.shelter.units.all() if self.need.is_asked and self.need.fits(unit)}
        free = self.shelter.free_by_kind.items()
        return tuple(FreeOfKind(kind_word(kind, self.actor), places, kind in hits) for kind, places in free)

    @cached_property
    def state(self) -> look.Pill | None:
        """That it is closed or closes soon."""
        return _state(self.shelter, is_open=self.is_open)

    @cached_property
    def fits(self) -> bool:
        """Whether it is open and answers the need."""
        return self.is_open and (
            not self.need.is_asked or any(self.need.fits(unit) for unit in self.shelter.units.all())
        )


@dataclass(frozen=True)
class City:
    """A field site and what its shelters have free."""

    site: Site
    lines: tuple[Line, ...]

    @property
    def zone(self) -> str:
        """The zone of its clocks."""
        return self.lines[0].shelter.site.city.zone

    @cached_property
    def places(self) -> Places:
        """The figures of all its shelters."""
        return in_city(line.places for line in self.lines)

    @property
    def fitting(self) -> list[Line]:
        """Shelters that answer the need: those that ever confirmed their count first, then by free places."""
        return sorted((line for line in self.lines if line.fits), key=_most_free_first)

    @property
    def others(self) -> list[Line]:
        """The other shelters, in the same order."""
        return sorted((line for line in self.lines if not line.fits), key=_most_free_first)

    @property
    def unconfirmed(self) -> int:
        """How many of its shelters never confirmed their count: their free places rest on nothing but what was said."""
        return sum(line.shelter.counted_at is None for line in self.lines)

    @property
    def over(self) -> int:
        """How many of its shelters are over their capacity."""
        return sum(line.places.over > 0 for line in self.lines)

    @property
    def uncounted(self) -> int:
        """In how many of its shelters nobody knows the capacity of a room."""
        return sum(line.places.unknown > 0 for line in self.lines)


def bar_of(places: Places) -> look.Occupancy | None:
    """The bar of `places`, or None for an unknown capacity."""
    if places.capacity is None:
        return None
    return look.Occupancy(
        capacity=places.capacity,
        occupied=places.occupied,
        held=places.held,
        blocked=places.blocked,
        free=places.free,
        over=places.over,
    )


def shelters_tonight(*, actor: Actor, now: datetime) -> list[Shelter]:
    """The shelters `actor` sees that are open at `now` or still have guests, counted. Two queries."""
    counted = Shelter.objects.visible_to(actor).with_figures(now).order_by("site__parent__name", "name")
    return [shelter for shelter in counted if shelter.is_open_at(now) or shelter.figures.occupied]


def cities(shelters: Iterable[Shelter], *, need: Need, actor: Actor, now: datetime) -> list[City]:
    """`shelters` by the field site of their city, in its order."""
    by_site: dict[int, tuple[Site, list[Line]]] = {}
    for shelter in shelters:
        site = shelter.site.parent or shelter.site
        by_site.setdefault(site.pk, (site, []))[1].append(_line(shelter, need, actor, now))
    return [City(site, tuple(lines)) for site, lines in by_site.values()]


def waiting(*, actor: Actor, site: Site) -> list[Household]:
    """Households at `site` that sleep nowhere yet, the longest wait first, with their people. Two queries."""
    return list(
        Household.objects.visible_to(actor)
        .at_reception()
        .filter(site=site, guest_site__isnull=True)
        .select_related("site__city")
        .prefetch_related("people")
        .order_by("arrived_at", "pk")[: WAITING_SHOWN + 1]
    )


def _most_free_first(line: Line) -> tuple[bool, int, str]:
    return line.shelter.counted_at is None, -line.places.free, line.shelter.name


def _line(shelter: Shelter, need: Need, actor: Actor, now: datetime) -> Line:
    return Line(shelter=shelter, places=shelter.figures, need=need, actor=actor, is_open=shelter.is_open_at(now))


def _state(shelter: Shelter, *, is_open: bool) -> look.Pill | None:
    if not is_open:
        return look.Pill("warn", "building-off", _("Closed, %(people)d to move") % {"people": shelter.figures.occupied})
    if shelter.closed_at is not None:
        day = shelter.closed_at.date()
        return look.Pill("warn", "building-off", _("Closes on %(day)s") % {"day": look.short_day_of_year(day)})
    return None
