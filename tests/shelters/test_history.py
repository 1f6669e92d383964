"""How full a shelter was: moments of the past, series of days, and their picture."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.look import History, Night
from core.look.history import round_above
from shelters import history
from shelters.models import Capacity, LeavingReason, Shelter, Unit
from shelters.past import at_moment
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import (
    BlockFactory,
    CapacityFactory,
    HoldFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
ZONE = "America/Ciudad_Juarez"
OVER = {"over_capacity_reason": "nobody sleeps outside", "over_capacity_by": "Nadia Reyna"}


@pytest.fixture
def unit():
    """A room for ten."""
    return UnitFactory(shelter__site=ShelterSiteFactory(parent=SiteFactory(code="JZ")))


def series(now, days=5):
    return history.daily(Unit.objects.all(), zone=ZONE, now=now, days=days)


class TestDaily:
    def test_counts_each_night_who_slept_there(self, unit, now):
        StayFactory(unit=unit, begins_at=now - timedelta(days=3))
        StayFactory(
            unit=unit, begins_at=now - timedelta(days=9), ends_at=now - timedelta(days=2), leaving_reason="left"
        )

        assert [day.places.occupied for day in series(now)] == [1, 2, 1, 1, 1]

    def test_leaves_out_who_was_entered_by_mistake(self, unit, now):
        StayFactory(
            unit=unit,
            begins_at=now - timedelta(days=3),
            ends_at=now - timedelta(days=1),
            leaving_reason=LeavingReason.MISTAKE,
        )

        assert [day.places.occupied for day in series(now)] == [0] * 5
        assert at_moment([unit.shelter], now - timedelta(days=2)).places.occupied == 0

    def test_ends_with_now_and_not_with_tonight(self, unit, now):
        StayFactory(unit=unit, begins_at=now - timedelta(hours=1))
        StayFactory(unit=unit, begins_at=now + timedelta(hours=1))

        last = series(now)[-1]
        assert (last.on, last.places.occupied) == (date(2021, 12, 8), 1)

    def test_takes_the_last_capacity_of_a_day_and_keeps_it(self, unit, now):
        for hours, places in ((72, 20), (71, 30), (24, 5)):
            CapacityFactory(unit=unit, places=places, valid_from=now - timedelta(hours=hours))

        assert [day.places.capacity for day in series(now)] == [10, 30, 30, 5, 5]

    def test_says_works_as_no_places(self, unit, now):
        StayFactory(unit=unit, begins_at=now - timedelta(days=30))
        CapacityFactory(unit=unit, places=0, basis=Capacity.Basis.CLOSED, valid_from=now - timedelta(days=1))

        assert [day.places.over for day in series(now)] == [0, 0, 0, 1, 1]

    def test_keeps_an_unknown_capacity_unknown(self, now):
        StayFactory(unit=UncountedUnitFactory(), begins_at=now - timedelta(days=30), **OVER)

        assert {day.places.capacity for day in series(now)} == {None}

    def test_knows_what_was_held_though_it_was_released_since(self, unit, now):
        HoldFactory(
            unit=unit,
            places=4,
            begins_at=now - timedelta(hours=46),
            expires_at=now - timedelta(hours=34),
            released_at=now - timedelta(hours=34, minutes=30),
        )
        BlockFactory(unit=unit, places=1, begins_at=now - timedelta(days=2), ends_at=now - timedelta(hours=30))

        days = series(now)
        assert [day.places.held for day in days] == [0, 0, 4, 0, 0]
        assert [day.places.blocked for day in days] == [0, 0, 1, 0, 0]

    def test_lets_rooms_of_a_shelter_stand_in_for_each_other_and_not_shelters(self, unit, now):
        other = UnitFactory(shelter=unit.shelter, places=1)
        for _ in range(3):
            StayFactory(unit=other, begins_at=now - timedelta(days=30), **OVER)
        UnitFactory(places=7)

        last = series(now)[-1].places
        assert (last.free, last.over) == (10 - 2 + 7, 2)

    def test_is_one_query_and_agrees_with_each_moment(self, unit, now):
        StayFactory(unit=unit, begins_at=now - timedelta(days=3))
        HoldFactory(unit=unit, begins_at=now - timedelta(hours=46), expires_at=now - timedelta(hours=34))
        with CaptureQueriesContext(connection) as asked:
            days = series(now)

        assert len(asked) == 1
        for back, day in enumerate(reversed(days)):
            at = now if not back else datetime(2021, 12, 9, 7, tzinfo=UTC) - timedelta(days=back, microseconds=1)
            assert day.places == at_moment([unit.shelter], at).houses[0].places
            assert day.places == at_moment(list(Shelter.objects.all()), at).places


class TestDrawn:
    def test_begins_with_the_first_day_of_which_anything_is_known(self, now):
        StayFactory(unit=UncountedUnitFactory(), begins_at=now - timedelta(days=1), **OVER)

        assert [night.occupied for night in history.drawn(series(now)).nights] == [1, 1]


def nights(*counts):
    return History(tuple(Night(date(2021, 12, 1) + timedelta(days=n), *count) for n, count in enumerate(counts)))


class TestHistory:
    def test_draws_steps_to_scale(self):
        picture = nights((5, 10), (5, 10), (12, 10, 2))

        assert picture.top == 20
        assert picture.inside == "M0 100V75H2V100ZM2 100V50H3V100Z"
        assert picture.over == "M2 50V40H3V50Z"
        assert picture.limit == "M0 50H3"

    def test_steps_with_the_capacity_and_leaves_a_gap_where_it_is_unknown(self):
        assert nights((0, 10), (0, 20), (0, None), (0, 5)).limit == "M0 50H1V0H2M3 75H4"

    def test_shows_who_is_over_in_one_room_though_another_has_places_left(self):
        picture = nights((8, 10, 2))

        assert (picture.inside, picture.over) == ("M0 100V40H1V100Z", "M0 40V20H1V40Z")

    def test_of_nothing_is_nothing(self):
        assert (nights().label, nights().inside, nights().limit, nights().told) == ("", "", "", ())

    @pytest.mark.parametrize(
        ("most", "top"), [(0, 10), (10, 10), (11, 20), (41, 50), (51, 100), (120, 200), (401, 500)]
    )
    def test_has_a_round_upper_edge(self, most, top):
        assert round_above(most) == top

    def test_tells_today_and_each_week_before(self):
        told = nights(*[(n, 9) for n in range(15)]).told

        assert [night.occupied for night in told] == [14, 7, 0]
