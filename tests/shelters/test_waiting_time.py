"""Since when a household waits for a place."""

from datetime import datetime, timedelta

import pytest

from cases.models import Arrival, Household
from cases.states import Step
from shelters.seekers import seekers_of
from tests.factories.cases import ArrivalFactory, HouseholdFactory
from tests.factories.shelters import StayFactory

pytestmark = pytest.mark.django_db


def waits_since(household: Household, now: datetime) -> datetime:
    (seeker,) = seekers_of(Household.objects.filter(pk=household.pk), at=now)
    return seeker.waiting_since


class TestWaitingTime:
    def test_begins_with_the_arrival_and_not_anew_with_each_step(self, now) -> None:
        came = now - timedelta(hours=9)
        family = HouseholdFactory(people=2, step=Step.TESTED, arrived_at=came, step_at=now - timedelta(minutes=5))

        assert waits_since(family, now) == came

    def test_begins_anew_when_they_come_back_from_court(self, now) -> None:
        family, back = HouseholdFactory(people=2, arrived_at=now - timedelta(days=9)), now - timedelta(hours=2)
        ArrivalFactory(household=family, kind=Arrival.Kind.COURT_RETURN, occurred_at=back)

        assert waits_since(family, now) == back

    def test_begins_anew_when_they_lose_their_bed(self, now) -> None:
        family, left = HouseholdFactory(people=1, arrived_at=now - timedelta(days=9)), now - timedelta(hours=3)
        StayFactory(
            household=family,
            person=family.people.get(),
            begins_at=now - timedelta(days=8),
            ends_at=left,
            leaving_reason="closed",
        )

        assert waits_since(family, now) == left
