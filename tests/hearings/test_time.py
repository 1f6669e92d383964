"""Time, judged by another library: pytz reads the same edition of the zone tables with code of its own, and is asked only what a
clock shows at a moment of UTC. What a wall time means is then found by looking, not by the arithmetic that is tested.

Every zone of a court, a crossing or a place to sleep; 2019 to 2030.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytz
import tzdata
from hypothesis import given, settings
from hypothesis import strategies as st

from hearings import rules
from hearings.clocks import two_clocks
from places import zones
from places.models import Crossing, ReportRule
from places.sources import lines
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import CityFactory, CourtFactory, CrossingFactory, PortOfEntryFactory
from words.ladder import ladder

COURT_ZONES = sorted({line["tz"] for line in lines("courts.csv")} | {line["us_tz"] for line in lines("poe.csv")})
BRIDGE_ZONES = sorted({line["mx_tz"] for line in lines("poe.csv")})
SLEEP_ZONES = sorted({line["iana_zone"] for line in lines("cities.csv") if line["country"] == "MX"})
ALL_ZONES = sorted({*COURT_ZONES, *BRIDGE_ZONES, *SLEEP_ZONES})
FIRST, LAST = date(2019, 1, 1), date(2030, 12, 31)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)

DAYS = st.dates(FIRST, LAST)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
OFFICE_HOURS = st.times(time(6), time(17)).map(lambda clock: clock.replace(second=0, microsecond=0))


def shown(moment, zone):
    """What the clocks of `zone` show at `moment`, by the other library."""
    return pytz.timezone(zone).fromutc(moment.replace(tzinfo=None)).replace(tzinfo=None)


def moments_of(wall, zone):
    """Every moment at which the clocks of `zone` show `wall`, earliest first: none where they skip it, two where they go back."""
    candidates = [wall.replace(tzinfo=UTC) + offset * HOUR for offset in range(3, 12)]
    return [moment for moment in candidates if shown(moment, zone) == wall]


def changes_of(zone):
    """Each moment from 2019 to 2030 at which the clocks of `zone` are set anew."""
    return [
        moment.replace(tzinfo=UTC)
        for moment in getattr(pytz.timezone(zone), "_utc_transition_times", [])
        if FIRST.year <= moment.year <= LAST.year
    ]


def test_both_libraries_read_the_same_edition():
    assert pytz.OLSON_VERSION == tzdata.IANA_VERSION


class TestWallTimes:
    @settings(max_examples=3000, deadline=None)
    @given(DAYS, CLOCKS, st.sampled_from(ALL_ZONES))
    def test_mean_the_moment_that_another_library_finds(self, day, clock, zone):
        wall = datetime.combine(day, clock)
        found = moments_of(wall, zone)
        assert zones.exists(wall, zone) is bool(found)
        assert zones.is_ambiguous(wall, zone) is (len(found) == 2)
        if found:
            assert zones.wall_to_utc(wall, zone) == found[0]
            assert zones.local(found[0], zone).replace(tzinfo=None) == wall

    @pytest.mark.parametrize("zone", ALL_ZONES)
    def test_are_right_in_every_quarter_hour_around_every_change_of_the_clocks(self, zone):
        for change in changes_of(zone):
            for step in range(-16, 17):
                wall = shown(change + step * QUARTER, zone)
                for near in (wall - HOUR, wall, wall + HOUR):
                    found = moments_of(near, zone)
                    if not found:
                        with pytest.raises(zones.NonexistentTime):
                            zones.wall_to_utc(near, zone)
                    else:
                        assert zones.wall_to_utc(near, zone) == found[0]
                        assert zones.wall_to_utc(near, zone, later=True) == found[-1]

    def test_are_doubted_where_the_clocks_show_them_twice(self):
        hearing = HearingFactory.build(
            household=None,
            court=CourtFactory.build(city=None),
            report_crossing=CrossingFactory.build(port=PortOfEntryFactory.build(city=CityFactory.build())),
            court_on=date(2021, 11, 7),
            report_time=time(1, 30),
        )
        assert rules.Doubt.TWICE in hearing.doubts_at(datetime(2021, 11, 1, tzinfo=UTC))


def days():
    return (date.fromordinal(each) for each in range(FIRST.toordinal(), date(2025, 12, 31).toordinal()))


def summer_in_the_us(day):
    """Second Sunday of March to first Sunday of November, at noon."""
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    begins = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return begins <= day < ends


class TestTheTableOfTheField:
    """Minutes by which the Mexican clock is ahead of the court's, on every day at noon of UTC-6, as the field measured them."""

    @pytest.mark.parametrize(
        ("here", "court", "ahead"),
        [
            ("America/Tijuana", "America/Los_Angeles", lambda day: 0),
            ("America/Hermosillo", "America/Denver", lambda day: -60 if summer_in_the_us(day) else 0),
            ("America/Hermosillo", "America/Phoenix", lambda day: 0),
            (
                "America/Ciudad_Juarez",
                "America/Denver",
                lambda day: 60 if date(2022, 11, 6) <= day <= date(2022, 11, 29) else 0,
            ),
            ("America/Matamoros", "America/Chicago", lambda day: 0),
        ],
    )
    def test_holds_on_every_day(self, here, court, ahead):
        wrong = [
            day
            for day in days()
            if zones.difference_minutes(datetime.combine(day, time(18), UTC), here, court) != ahead(day)
        ]
        assert wrong == []

    def test_holds_for_monterrey_in_summer(self):
        for day in days():
            if summer_in_the_us(day) and day.month in (5, 6, 7, 8, 9):
                minutes = zones.difference_minutes(
                    datetime.combine(day, time(18), UTC), "America/Monterrey", "America/Chicago"
                )
                assert minutes == (-60 if day.year >= 2023 else 0)


class TestBothClocks:
    @settings(max_examples=1500, deadline=None)
    @given(
        DAYS,
        OFFICE_HOURS,
        st.integers(1, 16),
        st.sampled_from(COURT_ZONES),
        st.sampled_from(BRIDGE_ZONES),
        st.sampled_from(SLEEP_ZONES),
    )
    def test_show_what_another_library_shows(self, day, clock, quarters, court_zone, bridge_zone, sleep_zone):
        court_at = moments_of(datetime.combine(day, clock), court_zone)[0]
        report_at = court_at - quarters * QUARTER
        at_bridge = shown(report_at, bridge_zone)
        city = CityFactory.build(name="Bridge", zone=bridge_zone)
        hearing = HearingFactory.build(
            pk=1,
            household=HouseholdFactory.build(site=None, prefix="JZ"),
            court=CourtFactory.build(zone=court_zone, city=CityFactory.build(name="Court", zone=court_zone)),
            court_on=day,
            court_time=clock,
            report_crossing=CrossingFactory.build(port=PortOfEntryFactory.build(city=city), city=city),
            report_on=at_bridge.date(),
            report_time=at_bridge.time(),
        )
        assert hearing.court_at == court_at
        assert hearing.report_at == moments_of(at_bridge, bridge_zone)[0]
        assert hearing.report_at <= hearing.court_at
        clocks = two_clocks(hearing, sleeps_in=CityFactory.build(name="Bed", zone=sleep_zone), with_sources=False)
        assert (clocks.bridge.time, clocks.court.time) == (f"{at_bridge:%H:%M}", f"{clock:%H:%M}")
        ahead = shown(hearing.report_at, court_zone) - at_bridge
        assert clocks.difference_minutes == ahead.total_seconds() / 60
        assert clocks.gap_minutes == (court_at - hearing.report_at).total_seconds() / 60
        asleep = shown(hearing.report_at, sleep_zone)
        assert (clocks.sleeper.time if clocks.sleeper else f"{at_bridge:%H:%M}") == f"{asleep:%H:%M}"


class TestQuietHours:
    @settings(max_examples=2000, deadline=None)
    @given(DAYS, CLOCKS, st.sampled_from(ALL_ZONES), st.sampled_from(SLEEP_ZONES))
    def test_are_kept_where_people_sleep_and_no_longer_than_needed(self, day, clock, zone, sleep_zone):
        rules_of = ladder()
        wanted = (moments_of(datetime.combine(day, clock), zone) or [datetime.combine(day, clock, UTC)])[0]
        sent = rules_of.last_before_quiet(wanted, sleep_zone)
        assert sent <= wanted
        assert rules_of.quiet_until <= shown(sent, sleep_zone).time() < rules_of.quiet_from
        if sent != wanted:
            between = (sent + minutes * timedelta(minutes=1) for minutes in (1, 30, 60, 120))
            awake = [each for each in between if each <= wanted and not self.is_night(each, sleep_zone)]
            assert awake == []

    @staticmethod
    def is_night(moment, zone):
        clock = shown(moment, zone).time()
        return not ladder().quiet_until <= clock < ladder().quiet_from

    @settings(max_examples=1500, deadline=None)
    @given(DAYS, OFFICE_HOURS, st.sampled_from(BRIDGE_ZONES), st.sampled_from(SLEEP_ZONES))
    def test_leave_every_rung_before_the_hearing(self, day, clock, zone, sleep_zone):
        present_at = moments_of(datetime.combine(day, clock), zone)[0]
        for rung in ladder().rungs:
            due = ladder().due_moment(
                rung, present_at=present_at, zone=zone, sleeps_zone=sleep_zone, leave_at=present_at - HOUR
            )
            assert due < present_at
            assert not self.is_night(due, sleep_zone)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestEstimates:
    def test_come_from_the_rule_of_each_crossing_and_never_after_the_court(self):
        checked = 0
        for crossing in Crossing.objects.by_city():
            for rule in ReportRule.objects.filter(crossing=crossing):
                for day in (date(year, month, 10) for year in range(2019, 2031) for month in (1, 3, 7, 11)):
                    self.check(crossing, rule, day)
                    checked += 1
        assert checked > 1000

    def check(self, crossing, rule, day):
        clock, court_zone = rule.court_time or time(8, 30), crossing.port.us_zone
        court_at = moments_of(datetime.combine(day, clock), court_zone)[0]
        estimate = ReportRule.objects.estimate(crossing=crossing, court_at=court_at, court_zone=court_zone)
        told = ReportRule.objects.for_(crossing=crossing, court_time=clock, on=day).first()
        if told.minutes_before is not None:
            assert estimate.report_at == court_at - timedelta(minutes=told.minutes_before)
        else:
            assert shown(estimate.report_at, crossing.port.us_zone) == datetime.combine(day, told.report_time)
        assert estimate.report_at <= court_at
