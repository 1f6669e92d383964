"""Transfers, court days, outings, works and closings at random on the real database, and the figures against a recount by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.steps import take_step
from cases.models import Absence, Household
from cases.states import Step, can_move
from core.errors import DomainError
from shelters.actions import (
    accept_transfer,
    arrive,
    assign_place,
    cancel_transfer,
    close_for_works,
    close_shelter,
    depart,
    hold_places,
    note_out,
    request_transfer,
    take_closing_back,
)
from shelters.errors import (
    CapacityUnknown,
    NobodyToPlace,
    NotClosing,
    OverCapacity,
    SameShelter,
    ShelterClosed,
    SleepsNowhere,
    TransferAlreadyOpen,
    TransferMoved,
)
from shelters.models import Hold, LeavingReason, Shelter, Transfer
from shelters.models.stays import AT_COURT
from shelters.moves import ARRIVE_WITHIN
from shelters.rules import Places
from shelters.tonight import houses_tonight
from tests.shelters.test_replayed import (
    FAMILIES,
    HELD_FOR,
    ROOMS,
    SYSTEM,
    Desk,
    Ledger,
    Span,
    counts,
    families,
    free_of,
    rooms,
)

pytestmark = pytest.mark.django_db
HOUSE_OF = tuple(house for house, sizes in enumerate(ROOMS) for _ in sizes)

houses = st.integers(0, len(ROOMS) - 1)
movers = st.integers(0, 2)
# Who sleeps where before anything happens, so that there is somebody to move.
ASLEEP = ((0, 0), (1, 2))
SAID = {
    "place": (families, rooms, st.booleans()),
    "end": (movers, st.just(LeavingReason.LEFT)),
    "hold": (families, rooms),
    "say": (rooms, counts),
    "miss": (movers,),
    "go_out": (movers,),
    "find": (movers,),
    "go_to_court": (movers,),
    "close_room": (rooms,),
    "close_house": (houses,),
    "open_house": (houses,),
    "ask": (movers, rooms),
    "leave": (movers,),
    "come": (movers,),
    "call_off": (movers,),
}
# Of what a transfer is, more than of the rest, or hardly one would come to its end.
OFTEN = [*SAID, *(["ask", "leave", "come"] * 3)]
deeds = st.lists(
    st.tuples(
        st.integers(1, 400),  # minutes since the one before
        st.sampled_from(OFTEN).flatmap(lambda name: st.tuples(st.just(name), *SAID[name])),
    ),
    min_size=8,
    max_size=20,
)


@dataclass
class Going:
    """A family on its way to a room, and what is held for it there once it was accepted."""

    room: int
    held: Span | None = None


@dataclass
class Book(Ledger):
    """The ledger, with a page for whoever is out, for what is closed, and for who is on the way to which room."""

    absent: dict[int, str] = field(default_factory=dict)
    at_court: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    in_works: set[int] = field(default_factory=set)
    going: dict[int, Going] = field(default_factory=dict)

    def receives(self, room: int) -> bool:
        return room not in self.in_works and HOUSE_OF[room] not in self.closed

    def seats(self, room: int, moment: datetime, *, then: bool = False, without: int | None = None) -> Places:
        """As before; who is out keeps the bed, and a house that is closed has no bed to give."""
        self.out = {family for family, how in self.absent.items() if how == "missing"} - self.at_court
        away = self.at_court | {family for family, how in self.absent.items() if how == "out"}
        stays = [stay for stay in self.stays if stay.room == room and stay.covers(moment)]
        found = replace(
            super().seats(room, moment, then=then, without=without),
            away=sum(stay.places for stay in stays if stay.family in away),
        )
        if HOUSE_OF[room] in self.closed:
            return replace(found, blocked=found.blocked + found.free, free=0)
        return found

    def give_up(self, family: int, moment: datetime) -> None:
        """Whatever was promised to them elsewhere is given back."""
        going = self.going.pop(family, None)
        if going and going.held and going.held.covers(moment):
            going.held.ends = moment


class MovingDesk(Desk):
    """Does those deeds too, and writes each where it was done."""

    ledger: Book

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Book(said=self.ledger.said)

    def do(self, minutes: int, deed: str, *said: int) -> None:
        super().do(minutes, deed, *said)
        on_the_way = set(Household.objects.filter(step__in=AT_COURT).values_list("pk", flat=True))
        self.ledger.at_court = {number for number, family in enumerate(self.families) if family.pk in on_the_way}

    def does(self, deed: Callable[..., Any], refusal: type[DomainError] | None, **said: Any) -> Any:
        """Do `deed`, which is refused as the book says or not at all."""
        if refusal is None:
            return deed(**said, actor=SYSTEM, at=self.at)
        with pytest.raises(refusal):
            deed(**said, actor=SYSTEM, at=self.at)
        return None

    def place(self, family: int, room: int, has_reason: bool) -> None:
        if not self.ledger.receives(room):
            told = {"over_capacity_reason": "nobody sleeps outside" if has_reason else ""}
            self.does(assign_place, ShelterClosed, household=self.household(family), unit=self.units[room], **told)
            return
        slept = self.ledger.sleeping(family)
        super().place(family, room, has_reason)
        if self.ledger.sleeping(family) is not slept:
            self.ledger.give_up(family, self.at)

    def end(self, family: int, reason: LeavingReason) -> None:
        slept = self.ledger.sleeping(family)
        super().end(family, reason)
        if slept:
            self.ledger.give_up(family, self.at)

    def hold(self, family: int, room: int) -> None:
        if not self.ledger.receives(room) and not self.ledger.sleeping(family):
            told = {"household": self.household(family), "unit": self.units[room], "expires_at": self.at + HELD_FOR}
            self.does(hold_places, ShelterClosed, **told)
            return
        before = len(self.ledger.holds)
        super().hold(family, room)
        if len(self.ledger.holds) > before:
            self.ledger.going.pop(family, None)

    def say(self, room: int, places: int) -> None:
        super().say(room, places)
        self.ledger.in_works.discard(room)

    def miss(self, family: int) -> None:
        super().miss(family)
        self.ledger.absent.setdefault(family, "missing")

    def find(self, family: int) -> None:
        super().find(family)
        self.ledger.absent.pop(family, None)

    def go_out(self, family: int) -> None:
        slept = self.ledger.sleeping(family)
        self.does(
            note_out,
            None if slept else NobodyToPlace,
            household=self.household(family),
            people=self.people(family),
            shelter=self.shelters[HOUSE_OF[slept.room] if slept else 0],
            reason=Absence.Reason.WORK,
            expected_at=self.at + timedelta(days=1),
        )
        if slept:
            self.ledger.absent[family] = "out"

    def go_to_court(self, family: int) -> None:
        household = self.household(family)
        if can_move(Step(household.step), Step.TRANSPORTED):
            self.does(take_step, None, household=household, step=Step.TRANSPORTED)

    def close_room(self, room: int) -> None:
        told = {"unit": self.units[room], "begins_at": self.at, "ends_at": None, "source": "the desk"}
        self.does(close_for_works, None, **told)
        self.ledger.said.append((room, self.at, 0))
        self.ledger.in_works.add(room)

    def close_house(self, house: int) -> None:
        self.does(close_shelter, None, shelter=self.shelters[house], closes_at=self.at)
        self.ledger.closed.add(house)
        for family in [family for family, going in self.ledger.going.items() if HOUSE_OF[going.room] == house]:
            self.ledger.give_up(family, self.at)
        for hold in self.ledger.holds:
            if HOUSE_OF[hold.room] == house and hold.covers(self.at):
                hold.ends = self.at

    def open_house(self, house: int) -> None:
        is_closed = house in self.ledger.closed
        self.does(take_closing_back, None if is_closed else NotClosing, shelter=self.shelters[house])
        self.ledger.closed.discard(house)

    def ask(self, family: int, room: int) -> None:
        """Ask for a room of another house, which answers at once."""
        ledger, slept = self.ledger, self.ledger.sleeping(family)
        refusal = (
            SleepsNowhere
            if slept is None
            else SameShelter
            if HOUSE_OF[slept.room] == HOUSE_OF[room]
            else ShelterClosed
            if HOUSE_OF[room] in ledger.closed
            else TransferAlreadyOpen
            if family in ledger.going
            else None
        )
        told = {"to_shelter": self.shelters[HOUSE_OF[room]], "reason": Transfer.Reason.FULL}
        transfer = self.does(request_transfer, refusal, household=self.household(family), **told)
        if refusal:
            return
        ledger.going[family] = Going(room)
        refusal = self.refusal_of(family, room)
        self.does(accept_transfer, refusal, transfer=transfer, unit=self.units[room])
        if refusal is None:
            held = Span(room, FAMILIES[family], self.at, self.at + ARRIVE_WITHIN, family=family)
            ledger.holds.append(held)
            ledger.going[family].held = held

    def leave(self, number: int) -> None:
        """They set out; until when their room waits now is the deed's to say, and the book takes it from there."""
        if not self.ledger.going:
            return
        family, going = self.one_going(number)
        slept = self.ledger.sleeping(family)
        transfer = self.transfer(family)
        self.does(depart, None if going.held and slept else TransferMoved, transfer=transfer)
        if going.held and slept:
            slept.ends = self.at
            going.held.ends = Hold.objects.get(transfer=transfer).expires_at

    def come(self, number: int) -> None:
        if not self.ledger.going:
            return
        family, going = self.one_going(number)
        slept = self.ledger.sleeping(family)
        refusal = self.refusal_of(family, going.room) if going.held else TransferMoved
        self.does(arrive, refusal, transfer=self.transfer(family))
        if refusal is None:
            if slept:
                slept.ends = self.at
            self.ledger.give_up(family, self.at)
            self.ledger.stays.append(Span(going.room, FAMILIES[family], self.at, family=family))

    def call_off(self, number: int) -> None:
        if self.ledger.going:
            family, _going = self.one_going(number)
            self.does(cancel_transfer, None, transfer=self.transfer(family))
            self.ledger.give_up(family, self.at)

    def one_going(self, number: int) -> tuple[int, Going]:
        listed = sorted(self.ledger.going.items(), key=lambda each: each[0])
        return listed[number % len(listed)]

    def refusal_of(self, family: int, room: int) -> type[DomainError] | None:
        """Why `room` does not take the family, whose own promise does not stand in its way."""
        if not self.ledger.receives(room):
            return ShelterClosed
        fits = self.ledger.fits(room, FAMILIES[family], self.at, without=family)
        return None if fits else CapacityUnknown if fits is None else OverCapacity

    def transfer(self, family: int) -> Transfer:
        return (
            Transfer.objects.open()
            .select_related("to_shelter", "from_shelter", "to_unit")
            .get(household=self.families[family])
        )


@given(said=deeds)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_agree_with_a_naive_recount_whoever_is_out_on_the_way_or_shut_out(db, said):
    with transaction.atomic():
        desk = MovingDesk()
        for minutes, deed in [*((1, ("place", *slept, False)) for slept in ASLEEP), *said]:
            desk.do(minutes, *deed)
            by_hand = desk.recount(desk.at)
            counted = list(Shelter.objects.with_figures(desk.at).order_by("pk"))
            units = [sorted(house.units.all(), key=lambda unit: unit.pk) for house in counted]
            assert [[unit.figures for unit in house] for house in units] == by_hand, deed
            assert [house.figures.free for house in counted] == [free_of(shelter) for shelter in by_hand]
            shown = {
                house.pk: [room.places for room in sorted(house.rooms)]
                for house in houses_tonight(actor=SYSTEM, now=desk.at)
            }
            assert shown == {
                house.pk: rooms
                for number, (house, rooms) in enumerate(zip(counted, by_hand, strict=True))
                if number not in desk.ledger.closed or any(room.occupied for room in rooms)
            }
        transaction.set_rollback(True)
