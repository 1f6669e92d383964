"""The same entry from two tabs, two tablets, or again while the first is still under way: against the real database."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from audit.models import Event, EventType
from cases.models import Household
from core.actors import Actor
from tablets.answers import answers_to
from tablets.entries import Batch, batch_of
from tablets.models import Delivery
from tests.factories import tablets

pytestmark = pytest.mark.django_db(transaction=True)
FLUSHES = 6


def all_at_once(batches: list[Batch], actor: Actor, at: datetime) -> list[list[Any]]:
    """Deliver `batches` in threads that start together."""
    gate = Barrier(len(batches))

    def flush(batch: Batch) -> list[Any]:
        try:
            gate.wait()
            return list(answers_to(batch, actor=actor, at=at))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(batches)) as tabs:
        return list(tabs.map(flush, batches))


class TestSeveralFlushes:
    @pytest.fixture
    def officer(self, actor_in: Callable[..., Actor]) -> Actor:
        return actor_in("reception")

    def batch(self, items: list[dict[str, Any]], now: datetime) -> Batch:
        return batch_of(json.dumps(tablets.batch(*items, device_now=now)).encode())

    def test_land_each_household_once(
        self, arrival: Callable[..., dict[str, Any]], officer: Actor, now: datetime
    ) -> None:
        items = [arrival() for _ in range(4)]
        orders = [items if n % 2 else items[::-1] for n in range(FLUSHES)]
        told = all_at_once([self.batch(each, now) for each in orders], officer, now)
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
        told = all_at_once([self.batch([wrong], now)] * FLUSHES, officer, now)
        assert {answer.reason for answers in told for answer in answers} == {"invalid"}
        assert not Delivery.objects.filter(uid=UUID(wrong["id"])).exists()
