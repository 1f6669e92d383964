"""The way to the bridge, read backwards: over every pair of cities and every zone of the border, from 2019 to 2030."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import rules
from journey.rules import DRIVE_FROM, DRIVE_UNTIL, MOST_NIGHTS, Way, leave_at, way_to
from places import sources, zones
from places.models import City

CITIES = {
    line["name"]: City(
        pk=number,
        name=line["name"],
        iso3166_2=line["iso3166_2"],
        zone=line["iana_zone"],
        latitude=sources.coordinate(line["lat"]),
        longitude=sources.coordinate(line["lon"]),
    )
    for number, line in enumerate(sources.lines("cities.csv"), start=1)
}
BEDS = [CITIES[line["name"]] for line in sources.lines("cities.csv") if line["country"] == "MX"]
BRIDGES = [CITIES[name] for name in sorted({line["mx_city"] for line in sources.lines("crossings.csv")})]
COURTS = sorted({line["tz"] for line in sources.lines("courts.csv")})

BEGINS_AT = datetime(2019, 1, 1, tzinfo=UTC)
MINUTES = 12 * 365 * 24 * 60  # to the end of 2030
moments = st.integers(0, MINUTES).map(lambda minutes: BEGINS_AT + timedelta(minutes=minutes))


def moments_of(way: Way) -> list[datetime]:
    return [moment for leg in way.legs for moment in (leg.wake_at, leg.leave_at, leg.arrive_at)]


class TestWayTo:
    @given(report_at=moments, start=st.sampled_from(BEDS), end=st.sampled_from(BRIDGES), has_children=st.booleans())
    def test_goes_forward_from_waking_to_the_bridge(self, report_at, start, end, has_children):
        way = way_to(report_at, start=start, end=end, has_children=has_children)
        steps = [*moments_of(way), report_at]
        assert all(before <= after for before, after in pairwise(steps))
        assert way.wake_at < way.gate_at < way.leave_at < way.last.arrive_at < report_at
        assert way.legs[0].zone == start.zone

    @given(report_at=moments, start=st.sampled_from(BEDS), end=st.sampled_from(BRIDGES))
    def test_drives_nobody_between_cities_in_the_dark(self, report_at, start, end):
        way = way_to(report_at, start=start, end=end, has_children=True)
        between = [] if way.road is None else way.legs[:-1] or way.legs
        for leg in between:
            begins = zones.local(leg.leave_at, leg.zone)
            ends = zones.local(leg.arrive_at, end.zone)
            assert begins.time() >= DRIVE_FROM
            assert ends.time() <= DRIVE_UNTIL
            assert begins.date() == ends.date()
        assert not way.drives_in_the_dark

    @given(report_at=moments, start=st.sampled_from(BEDS), end=st.sampled_from(BRIDGES))
    def test_is_on_the_road_as_long_as_the_road_takes(self, report_at, start, end):
        way = way_to(report_at, start=start, end=end, has_children=False)
        between = [] if way.road is None else way.legs[:-1] or way.legs
        driven = sum(((leg.arrive_at - leg.leave_at) for leg in between), timedelta())
        assert driven == timedelta(minutes=way.road.minutes if way.road else 0)
        assert len(way.legs) <= MOST_NIGHTS + 1

    @given(
        report_at=moments,
        start=st.sampled_from(BEDS),
        end=st.sampled_from(BRIDGES),
        minutes=st.integers(1, 4 * 24 * 60),
    )
    def test_goes_forward_from_any_hour_that_somebody_notes(self, report_at, start, end, minutes):
        told = report_at - timedelta(minutes=minutes)
        way = way_to(report_at, start=start, end=end, has_children=True, leaves_at=told)
        assert way.leave_at == told
        assert all(before <= after for before, after in pairwise(moments_of(way)))

    @pytest.mark.parametrize(("end", "zone"), list(product(BRIDGES, COURTS)), ids=str)
    def test_never_has_them_leave_after_a_usual_court_begins(self, end, zone):
        """Every fortnight from 2019 to 2030, 08:30 at each court and the default of four hours before."""
        day, last = date(2019, 1, 3), date(2030, 12, 31)
        while day <= last:
            court_at = zones.wall_to_utc(datetime.combine(day, time(8, 30)), zone)
            way = way_to(court_at - timedelta(hours=4), start=end, end=end, has_children=True)
            assert court_at - way.leave_at == timedelta(hours=5)
            assert zones.local(way.leave_at, end.zone).date() <= zones.local(court_at, end.zone).date()
            day += timedelta(days=14)

    def test_has_a_family_of_nogales_sleep_in_juarez_before_the_bridge(self):
        """04:30 on 15 July 2019 in Juárez; the clocks of Nogales are an hour behind all summer."""
        report_at = datetime(2019, 7, 15, 10, 30, tzinfo=UTC)
        way = way_to(report_at, start=CITIES["Nogales"], end=CITIES["Ciudad Juárez"], has_children=True)
        first, last = way.legs
        assert f"{zones.local(first.leave_at, first.zone):%d %H:%M}" == "14 08:00"
        assert (first.clock, last.clock) == ("Nogales", "Ciudad Juárez")
        assert f"{zones.local(first.arrive_at, last.zone):%d %H:%M}" == "14 17:00"
        assert f"{zones.local(last.leave_at, last.zone):%d %H:%M}" == "15 03:30"

    def test_goes_on_the_same_day_where_the_bridge_is_late_enough(self):
        """13:00 in Nuevo Laredo on 15 June 2022: from Monterrey by daylight."""
        report_at = datetime(2022, 6, 15, 18, 0, tzinfo=UTC)
        way = way_to(report_at, start=CITIES["Monterrey"], end=CITIES["Nuevo Laredo"], has_children=False)
        assert len(way.legs) == 1
        assert report_at - way.leave_at == timedelta(minutes=195 + rules.FAR_MARGIN_MINUTES)

    def test_breaks_a_journey_of_more_than_a_day(self):
        report_at = datetime(2021, 12, 16, 12, 0, tzinfo=UTC)
        way = way_to(report_at, start=CITIES["Nogales"], end=CITIES["Tijuana"], has_children=False)
        assert [leg.city for leg in way.legs] == ["Nogales", "Mexicali", "Tijuana"]

    def test_knows_no_way_where_no_road_is_known(self):
        nowhere = City(pk=99, name="Nowhere", zone="America/Mexico_City")
        assert way_to(datetime(2021, 12, 16, 12, tzinfo=UTC), start=nowhere, end=BRIDGES[0], has_children=True) is None

    def test_leaves_an_hour_before_the_bridge_inside_one_city(self):
        report_at = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)
        way = way_to(report_at, start=BRIDGES[0], end=BRIDGES[0], has_children=False)
        assert report_at - way.leave_at == report_at - leave_at(report_at) == timedelta(hours=1)

    def test_gives_children_more_time_to_wake(self):
        report_at = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)
        woken = [way_to(report_at, start=BRIDGES[0], end=BRIDGES[0], has_children=has).wake_at for has in (True, False)]
        assert woken[0] < woken[1]

    def test_is_driven_in_the_dark_only_where_somebody_says_so(self):
        report_at = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)
        told = report_at - timedelta(hours=9)
        way = way_to(
            report_at, start=CITIES["Nogales"], end=CITIES["Ciudad Juárez"], has_children=False, leaves_at=told
        )
        assert way.drives_in_the_dark
        assert len(way.legs) == 1
