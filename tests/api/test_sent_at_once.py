"""The same letter in many requests at one moment: done once, and each of them hears what became of it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from api.models import Receipt
from cases.models import Arrival
from shelters.models import Stay
from tests.api.test_stays import GIVE, placing, sharing
from tests.factories.cases import HouseholdFactory
from tests.factories.places import ShelterSiteFactory
from tests.factories.shelters import ShelterFactory, UnitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("race")]
SENDERS = 6


def at_once(send: Callable[[], Any]) -> list[Any]:
    """The answers to `send` from as many threads, which wait for one another."""
    barrier = Barrier(SENDERS)

    def one(_number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return send()
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as senders:
        return list(senders.map(one, range(SENDERS)))


class TestALetterSentAtOnce:
    def test_gives_one_place(self, partner: Any, jz: Any) -> None:
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=jz)), places=9)
        sent = placing(sharing(HouseholdFactory(site=jz, people=3)), unit)
        answers = at_once(lambda: partner.post(GIVE, sent))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: SENDERS - 1}
        assert len({answer.content for answer in answers}) == 1
        assert (Stay.objects.count(), Receipt.objects.count()) == (3, 1)

    def test_logs_one_family(self, partner: Any, jz: Any) -> None:
        sent = {
            "uid": str(uuid4()),
            "site": jz.code,
            "occurred_at": "2021-12-08T10:30:00-07:00",
            "people": [{"relation": "head", "given_names": "Dayanara"}],
        }
        answers = at_once(lambda: partner.post("/api/v1/arrivals/", sent))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: SENDERS - 1}
        assert len({answer.content for answer in answers}) == 1
        assert (Arrival.objects.count(), Receipt.objects.count()) == (1, 1)

    def test_of_which_each_says_something_else_is_done_once(self, partner: Any, jz: Any) -> None:
        uid = str(uuid4())
        bodies = iter(
            [
                {
                    "uid": uid,
                    "site": jz.code,
                    "occurred_at": "2021-12-08T10:30:00-07:00",
                    "people": [{"relation": "head", "given_names": name}],
                }
                for name in "ABCDEF"
            ]
        )
        answers = at_once(lambda: partner.post("/api/v1/arrivals/", next(bodies)))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: SENDERS - 1}
        assert Arrival.objects.count() == 1
