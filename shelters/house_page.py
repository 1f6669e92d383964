"""The page of a shelter, put together: its rooms with their guests, who is due and who came and went today, its rules in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Household
from core import look
from core.actors import Actor, Capability
from places import languages, zones
from shelters.board import bar_of, kind_word
from shelters.freshness import Basis, basis_of
from shelters.history import daily, drawn
from shelters.models import Hold, Observation, RollCall, Shelter, ShelterQuerySet, Transfer, Unit
from shelters.moves import State
from shelters.roster import Guests, Roster, roster_of
from shelters.rules import Kind, Places, Service, in_shelter

FAMILIES_PER_PAGE = 60
FEW_FAMILIES = 20
SERVICE_ICONS = {
    Service.SCHOOL: "school",
    Service.CLINIC: "medical-cross",
    Service.LEGAL: "gavel",
    Service.PSYCHOLOGY: "heart-handshake",
    Service.KITCHEN: "soup",
    Service.LAUNDRY: "wash-machine",
    Service.WIFI: "wifi",
}


@dataclass(frozen=True, slots=True)
class Room:
    """A room with its figures and those of its guests who stand on this page. `on_page` is another page that has the others."""

    unit: Unit
    figures: Places
    bar: look.Occupancy | None
    word: Promise
    guests: tuple[Guests, ...]
    on_page: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """A household, or people of a list without a file, who are to come. `code` is empty where it may not be told."""

    code: str
    household_uid: str
    transfer_uid: str
    people: int
    room: str
    until: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the house in words."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the public says of a shelter, newest first, and whether its sources differ."""

    observations: tuple[Observation, ...]

    @property
    def differs(self) -> bool:
        """Whether more than one capacity was said."""
        return len({said.capacity_said for said in self.observations if said.capacity_said}) > 1


@dataclass(frozen=True, slots=True)
class HousePage:
    """All that the page shows of the house: rooms and guests, what its figures rest on, its rules, its past and what is said of it."""

    rooms: tuple[Room, ...]
    page: Page[Guests]
    roster: Roster
    due: tuple[Due, ...]
    unlisted: int
    history: look.History
    bar: look.Occupancy | None
    basis: Basis
    rules: tuple[Rule, ...]
    said: Said
    is_open: bool
    today: date

    @property
    def households(self) -> list[UUID]:
        """Whom the page names."""
        named = [guests.household.uid for guests in (*self.page, *self.leaving, *self.unseen)]
        named += [passage.household.uid for passage in (*self.roster.came, *self.roster.left)]
        return named + [UUID(due.household_uid) for due in self.due if due.household_uid]

    @property
    def leaving(self) -> list[Guests]:
        """Those who are about to go to another shelter."""
        return [guests for guests in self.roster.guests if guests.going]

    @property
    def unseen(self) -> list[Guests]:
        """Those of whom some were not seen, and nobody knows where they are."""
        return [guests for guests in self.roster.guests if guests.unseen]

    @property
    def free_in_rooms(self) -> int:
        """How many places its rooms have free one by one where that is more than the house has; else nought."""
        free = sum(room.figures.free for room in self.rooms)
        return free if free > in_shelter(room.figures for room in self.rooms).free else 0

    @property
    def is_short(self) -> bool:
        """Whether all rooms can stand open on one screen or two."""
        return len(self.roster.guests) <= FEW_FAMILIES

    @property
    def is_quiet(self) -> bool:
        """Whether nobody came, went or is due today."""
        return not (self.due or self.roster.came or self.roster.left or self.leaving)


def with_what_is_due(shelters: ShelterQuerySet, *, actor: Actor, now: datetime) -> ShelterQuerySet:
    """`shelters` with who is due there, as values, and whether the roll is being called; nothing of households out of sight, or of who
    isolates before those who may not know.
    """
    in_sight = Household.objects.visible_to(actor).values("pk")
    told: dict[str, Any] = {
        "household": _if_seen("household__uid", in_sight),
        "prefix": _if_seen("household__prefix", in_sight),
        "number": _if_seen("household_id", in_sight),
    }
    holds = Hold.objects.standing_at(now).filter(unit__shelter=OuterRef("pk")).order_by("expires_at", "pk")
    asked = Transfer.objects.filter(to_shelter=OuterRef("pk"), state=State.REQUESTED).order_by("requested_at", "pk")
    if not (actor.can(Capability.SEE_HEALTH) or actor.can(Capability.RUN_SHELTER)):  # as `sleepers_told` says
        holds, asked = holds.exclude(unit__kind=Kind.ISOLATION), asked.exclude(to_unit__kind=Kind.ISOLATION)
    calling = RollCall.objects.open().filter(shelter=OuterRef("pk"))
    return shelters.annotate(
        holds_due=ArraySubquery(
            holds.values(
                row=JSONObject(
                    **told,
                    label="label",
                    transfer="transfer__uid",
                    state="transfer__state",
                    people="places",
                    room="unit__name",
                    until="expires_at",
                )
            )
        ),
        transfers_due=ArraySubquery(
            asked.values(
                row=JSONObject(
                    **told,
                    label=Value(""),
                    transfer="uid",
                    state="state",
                    people="people",
                    room=Value(""),
                    until="expires_at",
                )
            )
        ),
        is_called=Exists(calling),
    )


def house_page(house: Any, *, actor: Actor, now: datetime, number: str | None) -> HousePage:
    """The page `number` of `house`, fetched `with_figures` and `with_what_is_due`. Three queries."""
    zone = house.site.city.zone
    today = zones.local(now, zone).date()
    day_began = zones.day_begins(today, zone)
    roster = roster_of(house, actor=actor, day_began=day_began)
    pages = Paginator(roster.guests, FAMILIES_PER_PAGE)
    page = pages.get_page(number)
    units = Unit.objects.filter(shelter=house)
    return HousePage(
        rooms=tuple(_rooms(house, roster.guests, page, actor)),
        page=page,
        roster=roster,
        due=due_at(house),
        unlisted=house.figures.occupied - roster.people,
        history=drawn(daily(units, zone=zone, now=now)),
        bar=bar_of(house.figures),
        basis=basis_of(house, now),
        rules=tuple(_rules(house)),
        said=Said(tuple(reversed(house.observations.all()))),
        is_open=house.is_open_at(now),
        today=today,
    )


def _if_seen(field: str, in_sight: Any) -> Case:
    return Case(When(household__in=in_sight, then=F(field)), default=None)


def _rooms(house: Any, everybody: Sequence[Guests], page: Page[Guests], actor: Actor) -> Iterable[Room]:
    """Every room; the guests of this page in theirs, and where to find those of the others."""
    begins: dict[int, int] = {}
    for place, guests in zip(count(), everybody, strict=False):
        begins.setdefault(guests.unit.pk, place // FAMILIES_PER_PAGE + 1)
    here: dict[int, list[Guests]] = {}
    for guests in page:
        here.setdefault(guests.unit.pk, []).append(guests)
    for unit in house.units.all():
        shown = here.get(unit.pk, [])
        other = begins.get(unit.pk)
        yield Room(
            unit=unit,
            figures=unit.figures,
            bar=bar_of(unit.figures),
            word=kind_word(unit.kind, actor),
            guests=tuple(shown),
            on_page=other if other is not None and not shown else None,
        )


def due_at(house: Any) -> tuple[Due, ...]:
    """Who is to come to `house`, fetched `with_what_is_due`: transfers that nobody answered first, then what is held, the earliest end
    first.
    """
    return tuple(
        Due(
            code=Household(pk=row["number"], prefix=row["prefix"]).code if row["number"] else row["label"],
            household_uid=row["household"] or "",
            transfer_uid=row["transfer"] or "",
            people=row["people"],
            room=row["room"],
            until=datetime.fromisoformat(row["until"]) if row["until"] else None,
            state=row["state"] or "",
        )
        for row in (*house.transfers_due, *house.holds_due)
    )


def _rules(house: Shelter) -> Iterable[Rule]:
    """The rules of the house in words; what nobody noted is left out."""
    return (*_gate(house), *_stay(house), *_offers(house))


def _gate(house: Shelter) -> Iterable[Rule]:
    if house.gate_opens and house.gate_closes:
        words = {"opens": f"{house.gate_opens:%H:%M}", "closes": f"{house.gate_closes:%H:%M}"}
        yield Rule("door", _("The gate is open from %(opens)s to %(closes)s") % words)
    else:
        yield Rule("door", _("Hours of the gate not noted"))


def _stay(house: Shelter) -> Iterable[Rule]:
    if house.test_within_days is not None:
        words = ngettext("A test of the last day", "A test of the last %(n)d days", house.test_within_days)
        yield Rule("test-pipe", words % {"n": house.test_within_days})
    if house.min_stay_days is not None:
        words = ngettext("At least %(n)d day", "At least %(n)d days", house.min_stay_days)
        yield Rule("calendar-plus", words % {"n": house.min_stay_days})
    if house.max_stay_days is not None:
        words = ngettext("At most %(n)d day", "At most %(n)d days", house.max_stay_days)
        yield Rule("calendar-time", words % {"n": house.max_stay_days})
    if house.takes_pets is not None:
        yield Rule("paw", _("Pets may come along") if house.takes_pets else _("No pets"))


def _offers(house: Shelter) -> Iterable[Rule]:
    if house.languages:
        yield Rule("language", ", ".join(languages.autonym_of(code) for code in house.languages))
    for code in house.services:
        if code in Service.values:
            yield Rule(SERVICE_ICONS[Service(code)], str(Service(code).label))
