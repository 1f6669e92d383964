"""Both clocks on the dated vectors of the zone table: 2019 to 2023, where Mexican and US clocks part and meet again."""

from datetime import date, datetime, time

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.look import short_day
from core.templatetags.look import two_times
from hearings.actions import change_hearing, note_hearing, settle_conflict
from hearings.clocks import two_clocks
from hearings.models import Hearing
from places import zones
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, sheet_says
from tests.factories.places import (
    CityFactory,
    CourtFactory,
    CrossingFactory,
    PortOfEntryFactory,
    ReportRuleFactory,
)

EL_PASO, LAREDO = "America/Denver", "America/Chicago"
CITIES = {
    "America/Hermosillo": "Nogales",
    "America/Ciudad_Juarez": "Ciudad Juárez",
    "America/Matamoros": "Nuevo Laredo",
    "America/Monterrey": "Monterrey",
}
# day, the court's zone, the person's zone, what the person's wall shows when the court's shows 08:30 (conventions, section 9)
VECTORS = [
    (date(2019, 8, 15), EL_PASO, "America/Hermosillo", "07:30"),
    (date(2020, 2, 12), EL_PASO, "America/Hermosillo", "08:30"),
    (date(2022, 11, 15), EL_PASO, "America/Ciudad_Juarez", "09:30"),
    (date(2022, 12, 1), EL_PASO, "America/Ciudad_Juarez", "08:30"),
    (date(2022, 3, 20), LAREDO, "America/Matamoros", "08:30"),
    (date(2022, 3, 20), LAREDO, "America/Monterrey", "07:30"),
    (date(2022, 6, 20), LAREDO, "America/Matamoros", "08:30"),
    (date(2022, 6, 20), LAREDO, "America/Monterrey", "08:30"),
    (date(2023, 6, 20), LAREDO, "America/Matamoros", "08:30"),
    (date(2023, 6, 20), LAREDO, "America/Monterrey", "07:30"),
]


def city_in(zone):
    return CityFactory.build(name=CITIES[zone], zone=zone)


def unsaved(day, court_zone, bridge_zone, report_time=None, **facts):
    """A hearing at 08:30 of the court; on the bridge four hours before, read on the bridge's clock, unless told."""
    court_at = zones.wall_to_utc(datetime.combine(day, time(8, 30)), court_zone)
    here = zones.local(zones.wall_to_utc(datetime.combine(day, time(4, 30)), court_zone), bridge_zone)
    city = city_in(bridge_zone)
    crossing = CrossingFactory.build(port=PortOfEntryFactory.build(city=city), city=city)
    court = CourtFactory.build(zone=court_zone, city=CityFactory.build(name="Court", zone=court_zone))
    return HearingFactory.build(
        pk=1,
        household=HouseholdFactory.build(site=None, prefix="JZ"),
        court=court,
        court_on=day,
        court_at=court_at,
        report_crossing=crossing,
        report_on=here.date(),
        report_time=report_time or here.time(),
        **facts,
    )


def clocks_of(hearing, **options):
    hearing._prefetched_objects_cache = {"claims": []}
    return two_clocks(hearing, **options)


class TestVectors:
    @pytest.mark.parametrize(("day", "court_zone", "zone", "wall"), VECTORS)
    def test_the_person_sees_the_court_begin_at_the_right_hour(self, day, court_zone, zone, wall):
        clocks = clocks_of(unsaved(day, court_zone, zone))
        assert clocks.court.time == "08:30"
        assert zones.local(clocks.court.moment, zone).strftime("%H:%M") == wall
        assert clocks.differ is (wall != "08:30")
        assert clocks.court_at_bridge == (wall if wall != "08:30" else "")

    def test_the_call_four_hours_before_is_half_past_three_in_nogales(self):
        clocks = clocks_of(unsaved(date(2019, 8, 15), EL_PASO, "America/Hermosillo"))
        assert (clocks.bridge.time, clocks.gap_minutes, clocks.difference_minutes) == ("03:30", 240, 60)

    def test_says_which_clock_is_ahead(self):
        ahead = clocks_of(unsaved(date(2022, 11, 15), EL_PASO, "America/Ciudad_Juarez"))
        assert ahead.difference_minutes == -60
        assert ahead.ahead.startswith("Ciudad Juárez")

    def test_tells_the_hour_where_they_sleep_only_when_it_differs(self):
        hearing = unsaved(date(2023, 6, 20), LAREDO, "America/Matamoros")
        assert clocks_of(hearing, sleeps_in=city_in("America/Monterrey")).sleeper.time == "03:30"
        assert clocks_of(hearing, sleeps_in=city_in("America/Matamoros")).sleeper is None

    @settings(max_examples=300)
    @given(
        st.dates(date(2019, 1, 1), date(2030, 12, 31)),
        st.sampled_from([EL_PASO, LAREDO, "America/Los_Angeles", "America/Phoenix"]),
        st.sampled_from(sorted(CITIES)),
    )
    def test_the_gap_is_real_time_whatever_both_walls_say(self, day, court_zone, zone):
        clocks = clocks_of(unsaved(day, court_zone, zone))
        assert clocks.gap_minutes * 60 == (clocks.court.moment - clocks.bridge.moment).total_seconds()
        shown = clocks.court.local.replace(tzinfo=None) - clocks.bridge.local.replace(tzinfo=None)
        assert shown.total_seconds() / 60 == clocks.gap_minutes + zones.difference_minutes(
            clocks.court.moment, court_zone, "UTC"
        ) - zones.difference_minutes(clocks.bridge.moment, zone, "UTC")


@pytest.mark.django_db
class TestTwoClocks:
    @pytest.fixture
    def officer(self, actor_in):
        return actor_in("hearings", "JZ")

    def noted(self, officer, now, **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids), people=1)
        return note_hearing(**sheet_says(household=household) | facts, actor=officer, at=now)

    def test_names_the_source_of_each_time(self, officer, now):
        hearing = Hearing.objects.for_clocks().get(pk=self.noted(officer, now).pk)
        clocks = two_clocks(hearing)
        assert clocks.bridge.time == "04:30"
        assert [line.icon for line in clocks.bridge_sources] == ["file-text"]
        assert len(clocks.court_sources) == 1

    def test_marks_what_is_not_known(self, officer, now):
        hearing = self.noted(officer, now, crossing=None, report_time=None)
        clocks = two_clocks(Hearing.objects.for_clocks().get(pk=hearing.pk))
        assert (clocks.bridge.time, clocks.gap, clocks.bridge_state.tone) == ("—", "", "warn")

    def test_marks_a_conflict_on_the_clock_that_it_is_about(self, officer, now):
        hearing = self.noted(officer, now)
        change_hearing(
            hearing=hearing, source="returnee", said_on=date(2021, 12, 9), court_time=time(13, 0), actor=officer, at=now
        )
        clocks = two_clocks(Hearing.objects.for_clocks().get(pk=hearing.pk))
        assert (clocks.court.time, clocks.bridge.time) == ("≠ 08:30", "04:30")
        assert "13:00" in str(clocks.court_sources[-1].text)

    def test_says_who_decided_which_source_counts_and_when(self, officer, now):
        hearing = self.noted(officer, now)
        said = {"source": "returnee", "said_on": date(2021, 12, 9), "court_time": time(13, 0)}
        hearing = change_hearing(hearing=hearing, **said, actor=officer, at=now)
        sheet = hearing.claims.get(source="sheet", fact="court_time")
        settle_conflict(claim=sheet, reason="Seen again", actor=officer, at=now)
        with translation.override("en"):
            clocks = two_clocks(Hearing.objects.for_clocks().get(pk=hearing.pk))
            decided = f"decided by {officer.name} on {short_day(zones.local(now, clocks.court.zone).date())}"
        assert [line.text for line in clocks.court_sources if line.icon == "check"] == [decided]
        assert not [line for line in clocks.bridge_sources if line.icon == "check"]

    def test_costs_no_query_beyond_those_of_its_list(self, officer, now, django_assert_num_queries):
        for day in (16, 17, 20):
            self.noted(officer, now, court_on=date(2021, 12, day))
        with django_assert_num_queries(2):
            assert [two_clocks(hearing).bridge.time for hearing in Hearing.objects.for_clocks()] == ["04:30"] * 3

    def test_says_in_every_drawing_that_an_estimate_is_to_be_confirmed(self, officer, now):
        ReportRuleFactory(minutes_before=240)
        hearing = Hearing.objects.for_clocks().get(pk=self.noted(officer, now, report_time=None).pk)
        with translation.override("en"):
            clocks = two_clocks(hearing)
            drawings = [str(two_times(clocks)), render_to_string("_components/clocks.html", {"clocks": clocks})]
        for drawing in drawings:
            assert "≈ 04:30" in drawing
            assert "estimated, confirm" in drawing
            assert "Ciudad Juárez" in drawing
            assert "El Paso" in drawing
