"""The coming fourteen days: who comes against what is free, and what asks for a coordinator."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Read
from core.actors import Actor
from places.zones import local
from shelters import board
from shelters.days import DAYS, Day, Fortnight, outlook
from shelters.foreseen import _sources
from shelters.models import CountRequest, Shelter
from shelters.needs import Need
from shelters.tonight import houses_tonight
from tests.factories.shelters import StayFactory, UnitFactory
from tests.shelters.reading import FEW_QUERIES, LIGHT, words

pytestmark = pytest.mark.django_db

EVERYBODY = Actor.system("test")


def ahead():
    now = timezone.now()
    (city,) = board.cities(houses_tonight(actor=EVERYBODY, now=now), need=Need(), actor=EVERYBODY, now=now)
    return outlook(city, actor=EVERYBODY, now=now)


@pytest.fixture
def announced(monkeypatch):
    def announce(by_day):
        monkeypatch.setitem(_sources, "arrivals", lambda asked: by_day)

    return announce


@pytest.fixture
def today():
    return local(timezone.now(), "America/Ciudad_Juarez").date()


class TestOutlook:
    def test_takes_everybody_announced_from_what_is_free(self, announced, today):
        UnitFactory(places=10)
        announced({today: 4, today + timedelta(days=2): 8})

        days = ahead().fortnight.days

        assert len(days) == DAYS
        assert [day.left for day in days[:4]] == [6, 6, -2, -2]
        assert ahead().first_lack.on == today + timedelta(days=2)

    def test_tells_nobody_is_announced_apart_from_nobody_may_know(self, announced):
        UnitFactory()
        announced(None)

        assert ahead().fortnight.days[0].arrivals is None
        assert not ahead().sees_arrivals

    def test_lists_longest_stays_that_are_over_or_end_soon(self, today):
        unit = UnitFactory(shelter__max_stay_days=30)
        StayFactory(unit=unit, begins_at=timezone.now() - timedelta(days=40))
        StayFactory(unit=unit, begins_at=timezone.now() - timedelta(days=25))
        StayFactory(unit=unit, begins_at=timezone.now() - timedelta(days=1))
        StayFactory(begins_at=timezone.now() - timedelta(days=400))

        (ending,) = ahead().endings

        assert (ending.house.name, ending.people, ending.past) == (unit.shelter.name, 2, 1)
        assert sum(day.ending for day in ahead().fortnight.days) == 1

    def test_counts_the_longest_stay_from_the_day_they_came_to_the_shelter(self):
        now = timezone.now()
        unit = UnitFactory(shelter__max_stay_days=30)
        stay = StayFactory(
            unit=unit,
            begins_at=now - timedelta(days=40),
            ends_at=now - timedelta(days=5),
            leaving_reason="room",
        )
        StayFactory(person=stay.person, unit=UnitFactory(shelter=unit.shelter), begins_at=stay.ends_at)

        (ending,) = ahead().endings

        assert (ending.people, ending.past) == (1, 1)

    def test_counts_it_anew_for_who_was_away_from_the_shelter(self):
        now = timezone.now()
        unit = UnitFactory(shelter__max_stay_days=30)
        stay = StayFactory(
            unit=unit, begins_at=now - timedelta(days=40), ends_at=now - timedelta(days=6), leaving_reason="left"
        )
        StayFactory(person=stay.person, unit=unit, begins_at=now - timedelta(days=5))

        assert not ahead().endings

    def test_says_who_is_over_and_why_once(self):
        unit = UnitFactory(places=1)
        for _ in range(3):
            StayFactory(unit=unit, over_capacity_reason="cierre", over_capacity_by="M. O.")

        (over,) = ahead().over

        assert over.room.over == 2
        assert [(word.reason, word.by, word.people) for word in over.words] == [("cierre", "M. O.", 3)]

    def test_lists_who_has_not_counted_the_longest_silence_first(self):
        now = timezone.now()
        never, fresh, old = (UnitFactory().shelter for _ in range(3))
        for shelter, hours in ((fresh, 1), (old, 30)):
            Shelter.objects.filter(pk=shelter.pk).update(
                counted_at=now - timedelta(hours=hours), counted_basis=Shelter.CountBasis.ROLL_CALL
            )

        assert [silent.house.name for silent in ahead().silent] == [never.name, old.name]


class TestFortnight:
    def picture(self, lefts, arrivals=0):
        return Fortnight(tuple(Day(None, arrivals, 0, 0, left) for left in lefts))

    def test_draws_what_is_lacking_below_nought(self):
        first, second = self.picture([5, -5], arrivals=10).columns

        assert float(first["lack_height"]) == 0
        assert float(second["lack_height"]) > 0

    def test_cuts_a_stair_that_would_flatten_the_columns(self):
        assert self.picture([4000] * 3, arrivals=20).is_cut
        assert not self.picture([30] * 3, arrivals=20).is_cut


class TestDay:
    def test_names_nobody_and_is_light(self, client_of, django_assert_max_num_queries):
        unit = UnitFactory(places=0, shelter__max_stay_days=1)
        StayFactory(unit=unit, over_capacity_reason="cierre", over_capacity_by="M. O.")
        for day in (1, 2):
            asked_at = timezone.now() - timedelta(days=day)
            CountRequest.objects.create(shelter=unit.shelter, asked_on=asked_at.date(), asked_at=asked_at)
        client = client_of("coordinator")
        User.objects.update(language="en")

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:day"))

        page = words(response)
        assert "Ciudad Juárez: the next 14 days" in page
        assert "1 person over" in page
        assert "1 beyond it already" in page
        assert "asked on 2 days" in page
        assert "Funes" not in page
        assert not Read.objects.exists()
        assert len(gzip.compress(response.content, 6)) < LIGHT

    def test_tells_what_to_do_where_there_is_nothing(self, client_of):
        client = client_of("coordinator")
        User.objects.update(language="en")

        assert "No shelter here yet" in words(client.get(reverse("shelters:day")))
