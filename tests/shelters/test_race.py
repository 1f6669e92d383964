"""Eight desks at once: one wins, the others read a refusal, and none of them ever sees a deadlock."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Count

from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from shelters.actions import assign_place, end_stays, hold_places
from shelters.models import Hold, LeavingReason, Stay, Unit
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import ShelterFactory, UnitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("race")]

DESKS = 8
ROUNDS = 50
DESK = Actor.system("desk")


@pytest.fixture
def race():
    """`race(deeds)` runs each deed at a desk of its own, all at once, and returns "won" or the refusal's code of each."""
    barrier = Barrier(DESKS)

    def at_desk(deed: Callable[[], object]) -> str:
        connection.ensure_connection()
        barrier.wait()
        try:
            deed()
        except DomainError as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(DESKS) as desks:
        yield lambda deeds: list(desks.map(at_desk, deeds))
        barrier_closed = Barrier(DESKS)
        list(desks.map(lambda _: (barrier_closed.wait(), connection.close()), range(DESKS)))


def clear(now: datetime, moment: int) -> None:
    """End every stay, so that the next round begins with the place free."""
    for household in Household.objects.filter(stays__ends_at=None, stays__isnull=False).distinct():
        end_stays(household=household, reason=LeavingReason.MISTAKE, actor=DESK, at=now + timedelta(minutes=moment))


class TestTheLastPlace:
    def test_is_given_to_one_family(self, race, now):
        unit = UnitFactory(places=2)
        families = [HouseholdFactory(people=2) for _ in range(DESKS)]

        for number in range(ROUNDS):
            at = now + timedelta(minutes=2 * number)
            results = race(
                [lambda f=family, at=at: assign_place(household=f, unit=unit, actor=DESK, at=at) for family in families]
            )
            assert Counter(results) == {"won": 1, "over_capacity": DESKS - 1}
            assert Stay.objects.open().values("household").annotate(people=Count("pk")).get()["people"] == 2
            clear(now, 2 * number + 1)

    def test_is_one_bed_for_one_person(self, race, now):
        unit = UnitFactory(places=20, beds=1)
        bed = unit.beds.get()
        people = [HouseholdFactory(people=1) for _ in range(DESKS)]

        for number in range(ROUNDS):
            at = now + timedelta(minutes=2 * number)
            results = race(
                [
                    lambda p=person, at=at: assign_place(household=p, unit=unit, beds=[bed], actor=DESK, at=at)
                    for person in people
                ]
            )
            assert Counter(results) == {"won": 1, "place_taken": DESKS - 1}
            assert Stay.objects.open().get().bed == bed
            clear(now, 2 * number + 1)


class TestOneFamily:
    def test_gets_one_place_of_eight(self, race, now):
        shelter = ShelterFactory()
        units = [UnitFactory(shelter=shelter) for _ in range(DESKS)]
        family = HouseholdFactory(people=3)

        for number in range(ROUNDS):
            at = now + timedelta(minutes=2 * number)
            results = race(
                [
                    lambda u=unit, at=at: assign_place(
                        household=Household.objects.select_related("site").get(pk=family.pk), unit=u, actor=DESK, at=at
                    )
                    for unit in units
                ]
            )
            assert Counter(results) == {"won": 1, "already_placed": DESKS - 1}
            assert Stay.objects.open().values("unit").distinct().count() == 1
            clear(now, 2 * number + 1)


class TestHoldsAndStays:
    def test_never_share_a_place(self, race, now):
        unit = UnitFactory(places=2)
        families = [HouseholdFactory(people=2) for _ in range(DESKS)]

        for number in range(ROUNDS // 5):
            at = now + timedelta(minutes=2 * number)
            deeds = [
                (lambda f=family, at=at: assign_place(household=f, unit=unit, actor=DESK, at=at))
                if place % 2
                else (
                    lambda f=family, at=at: hold_places(
                        household=f, unit=unit, expires_at=at + timedelta(hours=2), actor=DESK, at=at
                    )
                )
                for place, family in enumerate(families)
            ]
            results = race(deeds)
            assert Counter(results) == {"won": 1, "over_capacity": DESKS - 1}
            figures = Unit.objects.with_figures(at).get(pk=unit.pk).figures
            assert (figures.occupied + figures.held, figures.over) == (2, 0)
            Hold.objects.update(released_at=at)
            clear(now, 2 * number + 1)


class TestCrossedRooms:
    def test_swap_families_without_a_deadlock(self, race, now):
        """Every desk ends a stay in one room and begins one in another, in opposite directions."""
        units = [UnitFactory(places=40) for _ in range(2)]
        families = [HouseholdFactory(people=2) for _ in range(DESKS)]
        for place, family in enumerate(families):
            assign_place(household=family, unit=units[place % 2], actor=DESK, at=now)

        def move(family: Household, unit: Unit, at: datetime) -> None:
            end_stays(household=family, reason=LeavingReason.TRANSFERRED, actor=DESK, at=at)
            assign_place(household=family, unit=unit, actor=DESK, at=at)

        for number in range(1, 11):
            at = now + timedelta(minutes=number)
            results = race(
                [
                    lambda f=family, u=units[(place + number) % 2], at=at: move(f, u, at)
                    for place, family in enumerate(families)
                ]
            )
            assert Counter(results) == {"won": DESKS}
