"""The board by city: what is free tonight, whether the figure can be trusted, and who still waits for a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.models import Household, HouseholdQuerySet, Person, PersonQuerySet
from cases.names import family_name
from core import look
from core.actors import Actor, Capability
from core.questions import question
from places.zones import local
from shelters.models import Shelter
from shelters.needs import Need
from shelters.rules import Kind, Places, free_by_kind, in_city, in_shelter
from shelters.tonight import FieldSite, House, house_of
from shelters.waiting_since import with_waiting_since

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
    return _word_of(kind, sees_health=actor.can(Capability.SEE_HEALTH))


def _word_of(kind: str, *, sees_health: bool) -> Promise:
    return RESERVED if kind == Kind.ISOLATION and not sees_health else KIND_WORDS[kind]


@dataclass(frozen=True, slots=True)
class FreeOfKind:
    """Free places of one kind; a zero is information and stays."""

    word: Promise
    free: int
    is_hit: bool


class Facts(NamedTuple):
    """What the line of a shelter shows, but for the age of its count. Nothing of it is personal or changes by itself, so a
    line is drawn once for all who may see as much.
    """

    pk: int
    uid: str
    name: str
    operator: str
    rooms: tuple[tuple[str, Places], ...]
    hits: frozenset[str]
    is_open: bool
    closes_on: date | None
    has_ramp: bool
    takes_pets: bool
    sees_health: bool
    is_dim: bool

    @property
    def places(self) -> Places:
        """The figures of the shelter."""
        return in_shelter(places for _kind, places in self.rooms)

    @property
    def bar(self) -> look.Occupancy | None:
        """The bar to scale; none where nobody has said the capacity."""
        return bar_of(self.places)

    @property
    def kinds(self) -> tuple[FreeOfKind, ...]:
        """Its free places by kind, with those that answer the need."""
        free = free_by_kind(self.rooms)
        return tuple(
            FreeOfKind(_word_of(kind, sees_health=self.sees_health), places, kind in self.hits)
            for kind, places in free.items()
        )

    @property
    def words(self) -> str:
        """Who runs it, and what not every house offers."""
        offers = [_("ramp")] * self.has_ramp + [_("takes pets")] * self.takes_pets
        return " · ".join([str(Shelter.Operator(self.operator).label), *offers])

    @property
    def state(self) -> look.Pill | None:
        """That it is closed or closes soon."""
        if not self.is_open:
            return look.Pill("warn", "building-off", _("Closed, %(people)d to move") % {"people": self.places.occupied})
        if self.closes_on is not None:
            day = look.short_day_of_year(self.closes_on)
            return look.Pill("warn", "building-off", _("Closes on %(day)s") % {"day": day})
        return None


@dataclass(frozen=True)
class Line:
    """One shelter on the board, and what of it answers the need."""

    house: House
    need: Need
    actor: Actor
    is_open: bool

    @property
    def places(self) -> Places:
        """The figures of the shelter."""
        return self.house.places

    @cached_property
    def hits(self) -> frozenset[str]:
        """The kinds of its rooms that answer the need."""
        house, need = self.house, self.need
        return frozenset(room.kind for room in house.rooms if need.fits(room, house)) if need.is_asked else frozenset()

    @cached_property
    def fits(self) -> bool:
        """Whether it is open and answers the need."""
        return self.is_open and (not self.need.is_asked or bool(self.hits))

    @property
    def facts(self) -> Facts:
        """What is drawn of it."""
        house = self.house
        return Facts(
            pk=house.pk,
            uid=str(house.uid),
            name=house.name,
            operator=house.operator,
            rooms=tuple((room.kind, room.places) for room in house.rooms),
            hits=self.hits,
            is_open=self.is_open,
            closes_on=local(house.closed_at, house.site.zone).date() if house.closed_at else None,
            has_ramp=any(room.is_accessible for room in house.rooms),
            takes_pets=bool(house.takes_pets),
            sees_health=self.actor.can(Capability.SEE_HEALTH),
            is_dim=not self.fits,
        )


Order = Mapping[int, int]


@dataclass(frozen=True)
class City:
    """A field site and what its shelters have free. `order` says where a shelter stood that somebody is reading."""

    site: FieldSite
    lines: tuple[Line, ...]
    order: Order

    @cached_property
    def places(self) -> Places:
        """The figures of all its shelters."""
        return in_city(line.places for line in self.lines)

    @cached_property
    def bar(self) -> look.Occupancy | None:
        """All its shelters in one bar."""
        return bar_of(self.places)

    @cached_property
    def kinds(self) -> list[FreeOfKind]:
        """Free places of the city by kind."""
        free: dict[str, int] = {}
        for line in self.lines:
            for kind, places in line.house.free_by_kind.items():
                free[kind] = free.get(kind, 0) + places
        actor = self.lines[0].actor
        return [FreeOfKind(kind_word(kind, actor), free[kind], False) for kind in Kind.values if kind in free]

    @cached_property
    def fitting(self) -> list[Line]:
        """Shelters that answer the need: those that ever confirmed their count first, then by free places."""
        return sorted((line for line in self.lines if line.fits), key=self._place)

    @cached_property
    def others(self) -> list[Line]:
        """The other shelters, in the same order."""
        return sorted((line for line in self.lines if not line.fits), key=self._place)

    @property
    def listed(self) -> str:
        """The shelters in the order in which they are shown, for the next time they are asked for."""
        return ".".join(str(line.house.pk) for line in (*self.fitting, *self.others))

    def _place(self, line: Line) -> tuple[int, bool, int, str]:
        house = line.house
        return self.order.get(house.pk, len(self.order)), house.counted_at is None, -line.places.free, house.name

    @property
    def query(self) -> str:
        """The address of the board of this city with the same need."""
        return self.lines[0].need.query(self.site.code)

    @property
    def unconfirmed(self) -> int:
        """How many of its shelters never confirmed their count: their free places rest on nothing but what was said."""
        return sum(line.house.counted_at is None for line in self.lines)

    @property
    def over(self) -> int:
        """How many of its shelters are over their capacity."""
        return sum(line.places.over > 0 for line in self.lines)

    @property
    def uncounted(self) -> int:
        """In how many of its shelters nobody knows the capacity of a room."""
        return sum(line.places.unknown > 0 for line in self.lines)


@dataclass(frozen=True)
class Frontier:
    """All cities together."""

    cities: tuple[City, ...]

    @cached_property
    def places(self) -> Places:
        """The figures of all shelters."""
        return in_city(city.places for city in self.cities)

    @property
    def shelters(self) -> int:
        """How many shelters there are."""
        return sum(len(city.lines) for city in self.cities)

    @property
    def unconfirmed(self) -> int:
        """How many of them never confirmed their count."""
        return sum(city.unconfirmed for city in self.cities)

    @property
    def over(self) -> int:
        """How many of them are over their capacity."""
        return sum(city.over for city in self.cities)

    @property
    def uncounted(self) -> int:
        """In how many of them nobody knows the capacity of a room."""
        return sum(city.uncounted for city in self.cities)


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
    """The shelters `actor` sees that are open at `now` or still have guests, as objects with their units. Two queries."""
    counted = Shelter.objects.visible_to(actor).with_figures(now).order_by("site__parent__name", "name")
    return [shelter for shelter in counted if shelter.is_open_at(now) or shelter.figures.occupied]


def cities(
    shelters: Iterable[House | Shelter], *, need: Need, actor: Actor, now: datetime, order: Order | None = None
) -> list[City]:
    """`shelters` by the field site of their city, in their order."""
    by_site: dict[FieldSite, list[Line]] = {}
    for shelter in shelters:
        house = shelter if isinstance(shelter, House) else house_of(shelter)
        by_site.setdefault(house.site, []).append(Line(house, need, actor, house.is_open_at(now)))
    return [City(site, tuple(lines), order or {}) for site, lines in by_site.items()]


def city_named(cities: Sequence[City], code: str) -> City | None:
    """The city with `code`, or the first. One that the actor does not see is as if it were not said."""
    return next((city for city in cities if city.site.code == code), cities[0] if cities else None)


def order_named(text: str) -> Order:
    """The order of shelters that `City.listed` wrote; anything else says none."""
    keys = text.split(".")
    return {int(key): place for place, key in enumerate(keys) if key.isdecimal() and len(key) < 10}


class InLine(NamedTuple):
    """A household that waits for a place, and its people."""

    household: Household
    people: Sequence[Person]

    @property
    def name(self) -> str:
        """What staff call it."""
        return family_name(self.people)


def waiting(*, actor: Actor, site: FieldSite) -> list[InLine]:
    """Households at `site` that sleep nowhere yet, the longest wait first, with the names of their people. Two queries."""
    here = replace(actor, site_ids=frozenset({site.pk})) if actor.works_at(site.pk) and not actor.everywhere else actor
    households = _waiting(actor=here, site=site.pk)
    named = _named(households=[household.pk for household in households])
    people = {key: tuple(those) for key, those in groupby(named, key=lambda person: person.household_id)}
    return [InLine(household, people.get(household.pk, ())) for household in households]


@question
def _waiting(*, actor: Actor, site: int) -> HouseholdQuerySet:
    waits = Household.objects.visible_to(actor).at_reception().filter(site=site, guest_site__isnull=True)
    return with_waiting_since(waits).only("uid", "prefix")[: WAITING_SHOWN + 1]


@question
def _named(*, households: Sequence[int]) -> PersonQuerySet:
    people = Person.objects.filter(household__any_of=households).in_order()
    return people.only("household", "position", "given_names", "surnames")
