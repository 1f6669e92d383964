"""The clocks. Vectors measured for the field: docs/adr/zones.md."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places import zones
from places.sources import lines

JUAREZ, EL_PASO, NOGALES = "America/Ciudad_Juarez", "America/Denver", "America/Hermosillo"
MATAMOROS, LAREDO, MONTERREY = "America/Matamoros", "America/Chicago", "America/Monterrey"
BORDER = sorted(
    {line["iana_zone"] for line in lines("cities.csv")}
    | {line[column] for line in lines("poe.csv") for column in ("us_tz", "mx_tz")}
    | {line["tz"] for line in lines("courts.csv")}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


MOMENTS = st.datetimes(min_value=at("2019-01-01"), max_value=at("2027-01-01"), timezones=st.just(UTC))


class TestLocal:
    @pytest.mark.parametrize(
        ("court", "wall", "where", "seen"),
        [
            (EL_PASO, "2019-08-15T08:30", NOGALES, "2019-08-15T07:30"),
            (EL_PASO, "2020-02-12T08:30", NOGALES, "2020-02-12T08:30"),
            (EL_PASO, "2022-11-15T08:30", JUAREZ, "2022-11-15T09:30"),
            (EL_PASO, "2022-12-01T08:30", JUAREZ, "2022-12-01T08:30"),
            (LAREDO, "2022-03-20T08:30", MATAMOROS, "2022-03-20T08:30"),
            (LAREDO, "2022-03-20T08:30", MONTERREY, "2022-03-20T07:30"),
            (LAREDO, "2022-06-20T08:30", MATAMOROS, "2022-06-20T08:30"),
            (LAREDO, "2022-06-20T08:30", MONTERREY, "2022-06-20T08:30"),
            (LAREDO, "2023-06-20T08:30", MATAMOROS, "2023-06-20T08:30"),
            (LAREDO, "2023-06-20T08:30", MONTERREY, "2023-06-20T07:30"),
        ],
    )
    def test_shows_the_court_time_on_the_clock_where_people_are(
        self, court: str, wall: str, where: str, seen: str
    ) -> None:
        moment = zones.wall_to_utc(at(wall), court)
        assert zones.local(moment, where).replace(tzinfo=None) == at(seen)

    def test_call_four_hours_before_el_paso_is_half_past_three_in_nogales(self) -> None:
        call = zones.wall_to_utc(at("2019-08-15T08:30"), EL_PASO) - timedelta(hours=4)
        assert f"{zones.local(call, NOGALES):%H:%M}" == "03:30"

    def test_refuses_a_zone_that_does_not_exist(self) -> None:
        for name in ("America/Ciudad_de_Juarez", "", "../etc/passwd", "/etc/passwd"):
            with pytest.raises(zones.UnknownZone):
                zones.local(datetime(2021, 12, 8, tzinfo=UTC), name)


class TestDifferenceMinutes:
    @pytest.mark.parametrize(
        ("moment", "here", "there", "minutes"),
        [
            ("2019-07-01T18:00+00:00", "America/Tijuana", "America/Los_Angeles", 0),
            ("2022-11-20T18:00+00:00", "America/Tijuana", "America/Los_Angeles", 0),
            ("2019-07-01T18:00+00:00", NOGALES, EL_PASO, -60),
            ("2020-01-15T18:00+00:00", NOGALES, EL_PASO, 0),
            ("2020-07-01T18:00+00:00", NOGALES, "America/Phoenix", 0),
            ("2022-11-05T18:00+00:00", JUAREZ, EL_PASO, 0),
            ("2022-11-07T18:00+00:00", JUAREZ, EL_PASO, 60),
            ("2022-11-29T18:00+00:00", JUAREZ, EL_PASO, 60),
            ("2022-12-01T18:00+00:00", JUAREZ, EL_PASO, 0),
            ("2022-07-01T18:00+00:00", "America/Ojinaga", LAREDO, -60),
            ("2022-01-15T18:00+00:00", "America/Ojinaga", LAREDO, -60),
            ("2023-01-15T18:00+00:00", "America/Ojinaga", LAREDO, 0),
            ("2021-03-20T18:00+00:00", MONTERREY, LAREDO, -60),
            ("2021-10-31T18:00+00:00", MONTERREY, LAREDO, -60),
            ("2024-07-01T18:00+00:00", MONTERREY, LAREDO, -60),
            ("2024-01-15T18:00+00:00", MONTERREY, LAREDO, 0),
        ],
    )
    def test_says_how_far_the_bridge_is_ahead_of_the_court(
        self, moment: str, here: str, there: str, minutes: int
    ) -> None:
        assert zones.difference_minutes(at(moment), here, there) == minutes

    @given(moment=MOMENTS)
    def test_is_none_all_year_between_matamoros_and_the_texas_courts(self, moment: datetime) -> None:
        assert zones.difference_minutes(moment, MATAMOROS, LAREDO) == 0


class TestWallToUtc:
    def test_refuses_an_hour_that_the_clocks_skip(self) -> None:
        with pytest.raises(zones.NonexistentTime):
            zones.wall_to_utc(at("2021-03-14T02:30"), EL_PASO)

    @pytest.mark.parametrize("wall", ["9999-12-31T23:59", "0001-01-01T00:00"])
    def test_refuses_an_hour_beyond_the_calendar(self, wall: str) -> None:
        with pytest.raises(zones.NonexistentTime):
            zones.wall_to_utc(at(wall), EL_PASO if wall.startswith("9") else "Asia/Tokyo")

    def test_takes_the_same_hour_in_nogales_where_no_clock_changes(self) -> None:
        assert zones.wall_to_utc(at("2021-03-14T02:30"), NOGALES) == at("2021-03-14T09:30+00:00")

    def test_reads_an_hour_shown_twice_as_the_earlier_one(self) -> None:
        wall = at("2021-11-07T01:30")
        assert zones.is_ambiguous(wall, EL_PASO)
        assert zones.wall_to_utc(wall, EL_PASO) == at("2021-11-07T07:30+00:00")
        assert zones.wall_to_utc(wall, EL_PASO, later=True) == at("2021-11-07T08:30+00:00")

    def test_finds_nothing_ambiguous_in_a_skipped_or_a_plain_hour(self) -> None:
        assert not zones.is_ambiguous(at("2021-03-14T02:30"), EL_PASO)
        assert not zones.is_ambiguous(at("2021-12-08T08:30"), EL_PASO)

    @given(
        moment=MOMENTS,
        zone=st.sampled_from(BORDER),
    )
    def test_undoes_local(self, moment: datetime, zone: str) -> None:
        wall = zones.local(moment, zone)
        assert zones.wall_to_utc(wall.replace(tzinfo=None, fold=0), zone, later=bool(wall.fold)) == moment


class TestPin:
    def test_reads_the_pinned_package_and_no_table_of_the_machine(self) -> None:
        assert zoneinfo.TZPATH == ()

    @pytest.mark.parametrize("name", BORDER)
    def test_holds_every_zone_of_the_reference_data(self, name: str) -> None:
        assert resources.files("tzdata").joinpath("zoneinfo", name).is_file()
        assert zones.zone_named(name).key == name
