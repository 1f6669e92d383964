"""Which day of isolation it is, wherever it is told: on the board, on the list of isolations, on Today."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from cases.rules import ISOLATION_DAYS
from cases.states import Step
from dashboard.figures import reception_now
from journey.board import Lane, cards
from journey.worklists import isolations
from tests.factories.cases import HouseholdFactory, IsolationFactory

ZONE = "America/Ciudad_Juarez"


@pytest.mark.django_db
class TestDayOfIsolation:
    def test_is_the_same_everywhere_and_counts_mornings(self, actor_in, now):
        evening = now.replace(hour=5)  # 22:00 the day before, where they are
        household = HouseholdFactory(people=1, step=Step.ISOLATED, step_at=evening)
        IsolationFactory(household=household, begun_at=evening)
        officer, morning = actor_in(Role.COORDINATOR), evening + timedelta(hours=9)
        (card,) = cards(actor=officer, now=morning)
        (row,) = isolations(actor=officer, now=morning)
        lane = next(
            each for each in reception_now(actor=officer, now=morning, zone=ZONE).lanes if each.lane == Lane.ISOLATED
        )
        assert (card.isolation_day, row.day, lane.day) == (2, 2, 2)
        assert card.isolation_days == row.days == lane.days == ISOLATION_DAYS
