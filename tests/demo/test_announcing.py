"""The demo's list of the day."""

from datetime import datetime

import pytest

from core.actors import Actor
from core.errors import NotAllowed
from demo.actions import announce
from expected.models import ExpectedDay, ExpectedHousehold, Pairing
from tests.factories.cases import ArrivalFactory, HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db

NAMES = ("Selvin Bonilla Prado", "Wilder Guamán Ojeda")
DEMO = Actor.system("demo")


class TestAnnounce:
    def test_shows_every_part_of_the_comparison(self, now: datetime) -> None:
        for name in ("Iris Caal Xol", "Osmany Leyva Cruz", "Elmer Paz Tum", "Suyapa Ríos Gil", *NAMES):
            household = HouseholdFactory()
            given, surnames = name.split(" ", maxsplit=1)
            PersonFactory(household=household, given_names=given, surnames=surnames, a_number="")
            ArrivalFactory(household=household, occurred_at=now)
        announce(seed=1, actor=DEMO, at=now)
        day = ExpectedDay.objects.with_counts().get()
        assert min(day.families_came, day.families_doubtful, day.families_missing, day.unannounced) >= 1

    def test_twice_changes_nothing(self, now: datetime) -> None:
        PersonFactory(household=ArrivalFactory(occurred_at=now).household)
        for _time in range(2):
            announce(seed=1, actor=DEMO, at=now)
        assert (ExpectedHousehold.objects.count(), Pairing.objects.count()) == (13, 1)

    def test_where_nobody_came_there_is_no_list(self, now: datetime) -> None:
        HouseholdFactory()
        assert announce(seed=1, actor=DEMO, at=now) == []

    def test_is_for_the_system_alone(self, now: datetime, actor_in) -> None:
        with pytest.raises(NotAllowed):
            announce(seed=1, actor=actor_in("coordinator"), at=now)
