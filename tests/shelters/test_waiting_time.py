"""Since when a household waits for a place."""

from datetime import datetime, timedelta

import pytest

from cases.models import Arrival, Household
from cases.states import Step
from core.actors import Actor
from shelters.board import waiting
from shelters.seekers import seekers_of
from shelters.tonight import FieldSite
from tests.factories.cases import ArrivalFactory, HouseholdFactory
from tests.factories.shelters import StayFactory

pytestmark = pytest.mark.django_db


def waits_since(household: Household, now: datetime) -> datetime:
    """By the waiting list, and by the board, which count from one moment."""
    (seeker,) = seekers_of(Household.objects.filter(pk=household.pk), at=now)
    site = FieldSite(household.site_id, "JZ", "Ciudad Juárez", household.site.city_id, "America/Ciudad_Juarez", None)
    lines = waiting(actor=Actor.system("test"), site=site)
    on_board = [each.household.waiting_since for each in lines if each.household == household]
    assert on_board in ([], [seeker.waiting_since])
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


class TestBoard:
    def test_lists_who_came_back_after_who_has_waited_longer(self, now) -> None:
        first = HouseholdFactory(people=1, arrived_at=now - timedelta(hours=5))
        back = HouseholdFactory(people=1, arrived_at=now - timedelta(days=9))
        ArrivalFactory(household=back, kind=Arrival.Kind.COURT_RETURN, occurred_at=now - timedelta(hours=2))
        site = FieldSite(first.site_id, "JZ", "Ciudad Juárez", first.site.city_id, "America/Ciudad_Juarez", None)

        lines = waiting(actor=Actor.system("test"), site=site)
        assert [each.household for each in lines] == [first, back]
