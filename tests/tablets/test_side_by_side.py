"""The same entry from two tabs or two tablets, or beside desks that do the same, at one moment: against the real database."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from audit.models import Event, EventType
from cases.models import Household
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError
from shelters.actions import assign_place, end_stays
from shelters.models import LeavingReason, Stay, Unit
from tablets.answers import answers_to
from tablets.entries import Batch, batch_of
from tablets.models import Conflict, Delivery
from tests.factories import tablets
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import UnitFactory

pytestmark = pytest.mark.django_db(transaction=True)
FLUSHES = 6
DESK = Actor.system("desk")


def all_at_once(batches: list[Batch], actor: Actor, at: datetime) -> list[list[Any]]:
    """Deliver `batches` in threads that start together."""
    return together([partial(delivered, each, actor, at) for each in batches])


def delivered(batch: Batch, actor: Actor, at: datetime) -> list[Any]:
    return list(answers_to(batch, actor=actor, at=at))


def together(deeds: list[Callable[[], Any]]) -> list[Any]:
    """What each of `deeds` answers, done in threads that start together."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


@pytest.fixture
def officer(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


def batch(items: list[dict[str, Any]], now: datetime) -> Batch:
    return batch_of(json.dumps(tablets.batch(*items, device_now=now)).encode())


class TestSeveralFlushes:
    def test_land_each_household_once(
        self, arrival: Callable[..., dict[str, Any]], officer: Actor, now: datetime
    ) -> None:
        items = [arrival() for _ in range(4)]
        orders = [items if n % 2 else items[::-1] for n in range(FLUSHES)]
        told = all_at_once([batch(each, now) for each in orders], officer, now)
        count = Counter(answer.status.value for answers in told for answer in answers)
        assert count == {"received": 4, "again": 4 * (FLUSHES - 1)}
        assert Household.objects.count() == Delivery.objects.count() == 4
        assert Event.objects.filter(type=EventType.ENTRY_DELIVERED).count() == 4
        assert {answer.household.pk for answers in told for answer in answers} == set(
            Household.objects.values_list("pk", flat=True)
        )

    def test_of_an_entry_with_a_mistake_all_say_so(
        self, arrival: Callable[..., dict[str, Any]], officer: Actor, now: datetime
    ) -> None:
        wrong = arrival(phone=["12"])
        told = all_at_once([batch([wrong], now)] * FLUSHES, officer, now)
        assert {answer.reason for answers in told for answer in answers} == {"invalid"}
        assert not Delivery.objects.filter(uid=UUID(wrong["id"])).exists()


class TestATabletBesideTheDesks:
    ROUNDS, FAMILIES = 20, 4

    def test_marks_as_placed_whom_a_desk_places_and_takes_no_place_from_anybody(
        self, officer: Actor, now: datetime
    ) -> None:
        """Four families for the last two places: each is given them by a desk and marked as placed by a tablet at once."""
        unit = UnitFactory(places=2)
        for number in range(self.ROUNDS):
            at = now + timedelta(minutes=number)
            families = [HouseholdFactory(people=2) for _ in range(self.FAMILIES)]
            desks = [partial(placed, each, unit, at) for each in families]
            flushes = [partial(delivered, batch([placing(each)], now), officer, now) for each in families]

            told = together([*desks, *flushes])

            assert Counter(told[: self.FAMILIES]) == {"given": 1, "over_capacity": self.FAMILIES - 1}
            assert {answer.status.value for answers in told[self.FAMILIES :] for answer in answers} == {"received"}
            assert Stay.objects.open().count() == 2
            assert set(Household.objects.filter(pk__in=[f.pk for f in families]).values_list("step", flat=True)) == {
                Step.PLACED
            }
            winner = Stay.objects.open()[0].household
            end_stays(household=winner, reason=LeavingReason.LEFT, actor=DESK, at=at + timedelta(seconds=30))
        assert not Conflict.objects.exists()


def placed(household: Household, unit: Unit, at: datetime) -> str:
    try:
        assign_place(household=household, unit=unit, actor=DESK, at=at)
    except DomainError as refusal:
        return refusal.code
    return "given"


def placing(household: Household) -> dict[str, Any]:
    content = {"household": str(household.uid), "people": None, "facts": {"placed": True}, "base": {}}
    return tablets.item(content, kind="step")
