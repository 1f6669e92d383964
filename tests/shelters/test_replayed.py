"""Deeds at random on the real database, and each figure that any page shows against a recount by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.kin import note_found, note_missing
from cases.models import Household, Person
from core.actors import Actor
from shelters import history, rules
from shelters.actions import (
    assign_place,
    block_places,
    end_stays,
    hold_places,
    release_hold,
    set_capacity,
    unblock_places,
)
from shelters.errors import AlreadyPlaced, CapacityUnknown, OverCapacity, StayAlreadyEnded
from shelters.models import Block, Capacity, Hold, LeavingReason, Shelter, Unit
from shelters.past import at_moment
from shelters.rules import Places
from shelters.tonight import houses_tonight
from tests.factories.cases import HouseholdFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import CapacityFactory, ShelterFactory, UncountedUnitFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
BEGINS = datetime(2021, 12, 8, 14, 0, tzinfo=UTC)
HELD_FOR = timedelta(hours=2)
ZONE = "America/Ciudad_Juarez"
# Rooms by shelter with the places that somebody said they have; families by how many they are.
ROOMS = ((4, None), (3,))
FAMILIES = (1, 2, 3, 2, 4)

rooms = st.integers(0, 2)
families = st.integers(0, len(FAMILIES) - 1)
counts = st.integers(0, 5)
deeds = st.lists(
    st.tuples(
        st.integers(1, 400),  # minutes since the one before
        st.one_of(
            st.tuples(st.just("place"), families, rooms, st.booleans()),
            st.tuples(st.just("end"), families, st.sampled_from([LeavingReason.LEFT, LeavingReason.MISTAKE])),
            st.tuples(st.just("hold"), families, rooms),
            st.tuples(st.just("release"), families),
            st.tuples(st.just("block"), rooms, counts, st.integers(0, 900)),
            st.tuples(st.just("unblock"), st.integers(0, 9)),
            st.tuples(st.just("say"), rooms, counts),
            st.tuples(st.just("miss"), families),
            st.tuples(st.just("find"), families),
        ),
    ),
    min_size=4,
    max_size=12,
)


@dataclass
class Span:
    """Something that takes places of a room for a while."""

    room: int
    places: int
    begins: datetime
    ends: datetime | None = None
    family: int | None = None
    is_mistake: bool = False

    def covers(self, moment: datetime) -> bool:
        return self.begins <= moment and (self.ends is None or moment < self.ends)


@dataclass
class Ledger:
    """What a desk with paper would write down, and nothing worked out from anything."""

    said: list[tuple[int, datetime, int]] = field(default_factory=list)
    stays: list[Span] = field(default_factory=list)
    holds: list[Span] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    out: set[int] = field(default_factory=set)

    def sleeping(self, family: int) -> Span | None:
        return next((stay for stay in self.stays if stay.family == family and stay.ends is None), None)

    def held(self, family: int, moment: datetime) -> Span | None:
        return next((hold for hold in self.holds if hold.family == family and hold.covers(moment)), None)

    def capacity(self, room: int, moment: datetime) -> int | None:
        """The last that was said of a room."""
        said = [places for one, since, places in self.said if one == room and since <= moment]
        return said[-1] if said else None

    def seats(self, room: int, moment: datetime, *, then: bool = False, without: int | None = None) -> Places:
        """Seat everybody one by one: guests, then the promised, then put up the signs on blocked places."""
        stays = [stay for stay in self.stays if stay.room == room and stay.covers(moment)]
        stays = [stay for stay in stays if not (then and stay.is_mistake)]
        guests = sum(stay.places for stay in stays)
        unseen = 0 if then else sum(stay.places for stay in stays if stay.family in self.out)
        held = sum(h.places for h in self.holds if h.room == room and h.covers(moment) and h.family != without)
        signs = sum(block.places for block in self.blocks if block.room == room and block.covers(moment))
        said = self.capacity(room, moment)
        if said is None:
            return Places(capacity=None, occupied=guests, held=held, unknown=1, unseen=unseen)
        free = ["free"] * said
        over = sum(1 for _ in range(guests) if not free or not free.pop())
        short = sum(1 for _ in range(held) if not free or not free.pop())
        blocked = sum(1 for _ in range(signs) if free and free.pop())
        return Places(
            capacity=said,
            occupied=guests,
            held=held,
            blocked=blocked,
            free=len(free),
            over=over,
            short=short,
            unseen=unseen,
        )

    def fits(self, room: int, people: int, moment: datetime, without: int | None = None) -> bool | None:
        """Whether so many more can come; None where nobody knows the capacity."""
        places = self.seats(room, moment, without=without)
        return None if places.capacity is None else places.free >= people


class Desk:
    """Does each deed on the database and writes it into the ledger where it was done."""

    def __init__(self) -> None:
        parent = SiteFactory(code="JZ")
        self.at = BEGINS
        self.ledger = Ledger()
        self.shelters = [ShelterFactory(site=ShelterSiteFactory(parent=parent)) for _ in ROOMS]
        self.units: list[Unit] = []
        for shelter, sizes in zip(self.shelters, ROOMS, strict=True):
            for size in sizes:
                self.units.append(UncountedUnitFactory(shelter=shelter))
                if size is not None:
                    CapacityFactory(unit=self.units[-1], places=size, valid_from=BEGINS)
                    self.ledger.said.append((len(self.units) - 1, BEGINS, size))
        self.families = [HouseholdFactory(site=parent, people=size) for size in FAMILIES]

    def do(self, minutes: int, deed: str, *said: int) -> None:
        self.at += timedelta(minutes=minutes)
        getattr(self, deed)(*said)

    def place(self, family: int, room: int, has_reason: bool) -> None:
        people, ledger = FAMILIES[family], self.ledger
        fits = ledger.fits(room, people, self.at, without=family)
        refusal = (
            AlreadyPlaced
            if ledger.sleeping(family)
            else None
            if has_reason or fits
            else CapacityUnknown
            if fits is None
            else OverCapacity
        )
        reason = "nobody sleeps outside" if has_reason else ""
        unit, household = self.units[room], self.household(family)
        told = {"household": household, "unit": unit, "over_capacity_reason": reason, "actor": SYSTEM, "at": self.at}
        if refusal:
            with pytest.raises(refusal):
                assign_place(**told)
            return
        assign_place(**told)
        if held := ledger.held(family, self.at):
            held.ends = self.at
        ledger.stays.append(Span(room, people, self.at, family=family))

    def end(self, family: int, reason: LeavingReason) -> None:
        stay = self.ledger.sleeping(family)
        told = {"household": self.household(family), "reason": reason, "actor": SYSTEM, "at": self.at}
        if stay is None:
            with pytest.raises(StayAlreadyEnded):
                end_stays(**told)
            return
        end_stays(**told)
        stay.ends, stay.is_mistake = self.at, reason == LeavingReason.MISTAKE

    def hold(self, family: int, room: int) -> None:
        people, ledger = FAMILIES[family], self.ledger
        fits = ledger.fits(room, people, self.at, without=family)
        told = {"household": self.household(family), "unit": self.units[room], "actor": SYSTEM, "at": self.at}
        told["expires_at"] = self.at + HELD_FOR
        refusal = AlreadyPlaced if ledger.sleeping(family) else CapacityUnknown if fits is None else OverCapacity
        if ledger.sleeping(family) or not fits:
            with pytest.raises(refusal):
                hold_places(**told)
            return
        hold_places(**told)
        if held := ledger.held(family, self.at):
            held.ends = self.at
        ledger.holds.append(Span(room, people, self.at, self.at + HELD_FOR, family=family))

    def release(self, family: int) -> None:
        held = self.ledger.held(family, self.at)
        standing = Hold.objects.standing_at(self.at).filter(household=self.families[family]).first()
        assert bool(held) == bool(standing)
        if held and standing:
            release_hold(hold=standing, actor=SYSTEM, at=self.at)
            held.ends = self.at

    def block(self, room: int, places: int, minutes: int) -> None:
        ends = self.at + timedelta(minutes=minutes) if minutes else None
        unit = self.units[room]
        told = {"reason": "gotera", "begins_at": self.at, "ends_at": ends}
        block_places(unit=unit, places=places, **told, actor=SYSTEM, at=self.at)
        self.ledger.blocks.append(Span(room, places, self.at, ends))

    def unblock(self, number: int) -> None:
        standing = [block for block in self.ledger.blocks if block.covers(self.at)]
        if number < len(standing):
            row = Block.objects.standing_at(self.at).order_by("pk")[number]
            unblock_places(block=row, actor=SYSTEM, at=self.at)
            standing[number].ends = self.at

    def say(self, room: int, places: int) -> None:
        unit = self.units[room]
        told = {"places": places, "basis": Capacity.Basis.OPERATIONAL, "source": "the desk"}
        set_capacity(unit=unit, **told, actor=SYSTEM, at=self.at)
        self.ledger.said.append((room, self.at, places))

    def miss(self, family: int) -> None:
        note_missing(household=self.household(family), people=self.people(family), actor=SYSTEM, at=self.at)
        self.ledger.out.add(family)

    def find(self, family: int) -> None:
        note_found(household=self.household(family), people=self.people(family), actor=SYSTEM, at=self.at)
        self.ledger.out.discard(family)

    def household(self, family: int) -> Household:
        return Household.objects.select_related("site__city").get(pk=self.families[family].pk)

    def people(self, family: int) -> list[Person]:
        return list(Person.objects.filter(household=self.families[family]))

    def recount(self, moment: datetime, *, then: bool = False) -> list[list[Places]]:
        """The rooms of each shelter by hand."""
        by_room = [self.ledger.seats(room, moment, then=then) for room in range(len(self.units))]
        return [by_room[:2], by_room[2:]]


def free_of(shelter: list[Places]) -> int:
    """Free places of a whole shelter by hand: first each of those who are over takes one."""
    return max(0, sum(room.free for room in shelter) - sum(room.over for room in shelter))


@given(said=deeds)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_agree_with_a_naive_recount_after_every_deed_and_of_every_moment_past(db, said):
    with transaction.atomic():
        desk, moments = Desk(), []
        for minutes, deed in said:
            desk.do(minutes, *deed)
            by_hand = desk.recount(desk.at)
            counted = Shelter.objects.with_figures(desk.at).order_by("pk")
            assert [
                [unit.figures for unit in house.units.order_by("pk").with_figures(desk.at)] for house in counted
            ] == (by_hand)
            assert [house.figures.free for house in counted] == [free_of(shelter) for shelter in by_hand]
            board = sorted(houses_tonight(actor=SYSTEM, now=desk.at), key=lambda house: house.pk)
            assert [[room.places for room in sorted(house.rooms)] for house in board] == by_hand
            moments.append(desk.at)
        for moment in moments:
            whole = [rules.in_shelter(rooms) for rooms in desk.recount(moment, then=True)]
            assert [house.places for house in at_moment(desk.shelters, moment).houses] == whole
        for day in history.daily(Unit.objects.all(), zone=ZONE, now=desk.at, days=4):
            end_of_day = min(desk.at, history.night_of(day.on, ZONE))
            by_hand = [rules.in_shelter(rooms) for rooms in desk.recount(end_of_day, then=True)]
            assert day.places == rules.in_city(by_hand)
        transaction.set_rollback(True)
