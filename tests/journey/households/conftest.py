"""A household on the day of the story."""

import pytest
import time_machine

from cases.models import Household
from tests.factories.cases import HouseholdFactory
from tests.journey.households.pages import NOW


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def household() -> Household:
    return HouseholdFactory(people=2)
