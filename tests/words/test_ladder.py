from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places.models import City
from places.zones import local, wall_to_utc
from words.ladder import ladder

JUAREZ, TIJUANA, HERMOSILLO, MONTERREY, NEW_YORK = (
    "America/Ciudad_Juarez",
    "America/Tijuana",
    "America/Hermosillo",
    "America/Monterrey",
    "America/New_York",
)
BORDER = (JUAREZ, TIJUANA, HERMOSILLO, MONTERREY, "America/Matamoros", "America/Ojinaga", "America/Mexico_City")
TIMED = [rung for rung in ladder().rungs if rung.at]


PRESENT_AT = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)  # 04:30 in Ciudad Juárez


class TestDueMoment:
    @pytest.mark.parametrize(
        ("rung", "wall"),
        [
            ("days_7", datetime(2021, 12, 9, 10, tzinfo=UTC)),
            ("days_3", datetime(2021, 12, 13, 10, tzinfo=UTC)),
            ("days_1", datetime(2021, 12, 15, 10, tzinfo=UTC)),
            ("night_before", datetime(2021, 12, 15, 18, tzinfo=UTC)),
        ],
    )
    def test_counts_days_and_hours_on_the_clock_of_the_bridge(self, rung, wall):
        due_at = ladder().due_moment(ladder().rung(rung), present_at=PRESENT_AT, zone=JUAREZ, sleeps_zone=JUAREZ)
        assert due_at == wall + timedelta(hours=7)

    def test_keeps_its_wall_time_across_a_change_of_clocks(self):
        # El Paso and Juárez went to summer time on 13 March 2022
        present_at = datetime(2022, 3, 16, 10, 30, tzinfo=UTC)
        due_at = ladder().due_moment(ladder().rung("days_7"), present_at=present_at, zone=JUAREZ, sleeps_zone=JUAREZ)
        assert due_at == datetime(2022, 3, 9, 17, 0, tzinfo=UTC)

    def test_moves_out_of_the_night_of_who_sleeps_elsewhere(self):
        # 18:00 in Tijuana is 21:00 in New York, where the night has begun: 20:59 there is the last permitted minute
        present_at = datetime(2021, 12, 16, 12, 0, tzinfo=UTC)
        due_at = ladder().due_moment(
            ladder().rung("night_before"), present_at=present_at, zone=TIJUANA, sleeps_zone=NEW_YORK
        )
        assert due_at == datetime(2021, 12, 16, 1, 59, tzinfo=UTC)

    def test_moves_an_early_hour_to_the_evening_before(self):
        # 10:00 in New York is 07:00 in Tijuana
        present_at = datetime(2021, 12, 16, 12, 0, tzinfo=UTC)
        due_at = ladder().due_moment(ladder().rung("days_3"), present_at=present_at, zone=NEW_YORK, sleeps_zone=TIJUANA)
        assert due_at == datetime(2021, 12, 13, 4, 59, tzinfo=UTC)

    def test_never_falls_into_quiet_hours_or_after_its_own_moment(self):
        for rung, sleeps in product(
            (rung for rung in ladder().rungs if rung.at),
            (JUAREZ, TIJUANA, HERMOSILLO, NEW_YORK, "Europe/Madrid", "Asia/Tokyo"),
        ):
            for day in range(0, 365, 7):
                present_at = datetime(2022, 1, 1, 11, 30, tzinfo=UTC) + timedelta(days=day)
                due_at = ladder().due_moment(rung, present_at=present_at, zone=JUAREZ, sleeps_zone=sleeps)
                plain = ladder().due_moment(rung, present_at=present_at, zone=JUAREZ, sleeps_zone=JUAREZ)
                assert time(8) <= local(due_at, sleeps).time() < time(21)
                assert due_at <= plain

    @given(
        day=st.dates(date(2019, 1, 1), date(2030, 12, 31)),
        zone=st.sampled_from(BORDER),
        sleeps=st.sampled_from((*BORDER, NEW_YORK, "Europe/Madrid", "Asia/Tokyo", "Pacific/Auckland")),
        rung=st.sampled_from(TIMED),
    )
    def test_wakes_nobody_and_is_never_late_in_any_zone_from_2019_to_2030(self, day, zone, sleeps, rung):
        present_at = wall_to_utc(datetime.combine(day, time(4, 30)), zone)
        due_at = ladder().due_moment(rung, present_at=present_at, zone=zone, sleeps_zone=sleeps)
        asked_for = datetime.combine(local(present_at, zone).date() - timedelta(days=rung.days_before), rung.at)
        asleep = local(due_at, sleeps)
        assert time(8) <= asleep.time() < time(21)
        assert timedelta() <= wall_to_utc(asked_for, zone) - due_at <= timedelta(hours=12)
        if due_at != wall_to_utc(asked_for, zone):
            assert asleep.time() == time(20, 59)

    def test_leaves_the_departure_out_where_nobody_knows_it(self):
        assert (
            ladder().due_moment(ladder().rung("departure"), present_at=PRESENT_AT, zone=JUAREZ, sleeps_zone=JUAREZ)
            is None
        )


class TestQuietHours:
    @pytest.mark.parametrize(
        ("wall", "before", "after"),
        [
            (time(7, 59), (-1, time(20, 59)), (0, time(8))),
            (time(8), (0, time(8)), (0, time(8))),
            (time(20, 59), (0, time(20, 59)), (0, time(20, 59))),
            (time(21), (0, time(20, 59)), (1, time(8))),
            (time(0, 0), (-1, time(20, 59)), (0, time(8))),
        ],
    )
    def test_end_and_begin_on_the_clock_of_the_bed(self, wall, before, after):
        day = date(2022, 11, 6)  # clocks go back in Tijuana that night
        at = lambda shift, hour: wall_to_utc(datetime.combine(day + timedelta(days=shift), hour), TIJUANA)  # noqa: E731
        assert ladder().last_before_quiet(at(0, wall), TIJUANA) == at(*before)
        assert ladder().first_after_quiet(at(0, wall), TIJUANA) == at(*after)


class TestLadder:
    def test_has_the_steps_of_the_field_each_once(self):
        keys = [rung.key for rung in ladder().rungs]
        assert keys == ["days_10", "days_7", "days_3", "days_1", "night_before", "departure"]
        assert [rung.key for rung in ladder().rungs if rung.only_far] == ["days_10"]

    def test_knows_nothing_of_a_step_that_was_taken_off(self):
        assert ladder().rung("days_30") is None


@pytest.mark.django_db
def test_every_city_of_the_field_has_a_night(reference_data):
    for zone in set(City.objects.values_list("zone", flat=True)):
        assert ladder().is_quiet(wall_to_utc(datetime.combine(date(2022, 6, 1), time(3)), zone), zone)
