"""The plan of the night, read backwards from the bridge."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from hearings.models import Hearing
from journey.families import Family, family_of
from journey.plan import plan_of
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import StayFactory, UnitFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
REPORT_AT = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)


@pytest.mark.django_db
class TestPlanOf:
    def test_reads_backwards_in_the_clock_of_the_bridge(self):
        steps = plan_of(_family(people=2))
        assert [step.time for step in steps] == ["02:45", "03:30", "04:30", "08:30"]
        assert [step.anchor for step in steps] == [False, False, True, False]
        assert not any(step.estimated for step in steps)

    def test_wakes_adults_later(self):
        household = HouseholdFactory()
        PersonFactory(household=household)
        assert plan_of(_family(household))[0].time == "03:00"

    def test_marks_all_that_rests_on_an_estimate(self):
        steps = plan_of(_family(people=2, report_basis=Hearing.Basis.ESTIMATED))
        assert [step.estimated for step in steps] == [True, True, True, False]

    def test_makes_up_no_time_to_leave_where_no_road_is_known(self):
        household = HouseholdFactory(people=1)
        shelter = ShelterSiteFactory(code="MY-S1", parent=SiteFactory(code="MY"))
        StayFactory(person=household.people.get(), unit=UnitFactory(shelter__site=shelter))
        steps = plan_of(_family(household))
        assert [step.time for step in steps] == ["—", "04:30", "08:30"]
        assert "Monterrey" in str(steps[0].note)
        assert "Juárez" in str(steps[0].note)

    def test_is_empty_while_nobody_knows_when_to_stand_at_the_bridge(self):
        unknown = {"report_on": None, "report_time": None, "report_zone": "", "report_at": None}
        family = _family(people=1, **unknown, report_basis=Hearing.Basis.UNKNOWN, present_at=REPORT_AT)
        assert plan_of(family) == ()

    def test_shows_the_court_on_its_own_clock(self):
        """15 November 2022: Juárez had stopped changing its clocks, El Paso had not."""
        household = HouseholdFactory(people=1)
        HearingFactory(household=household, court_on=date(2022, 11, 15), report_time=time(5, 30))
        family = family_of(household, now=datetime(2022, 11, 14, 18, tzinfo=UTC))
        assert [step.time for step in plan_of(family)] == ["04:00", "04:30", "05:30", "08:30"]

    def test_says_that_sources_differ_where_they_do(self):
        with translation.override("en"):
            settled, bridge, court = (
                plan_of(_family(people=1, conflicts=each)) for each in (["judge"], ["crossing"], ["court_time"])
            )
        assert "do not match" not in "".join(step.note for step in settled)
        assert "do not match" in bridge[-2].note
        assert "do not match" in court[-1].note


def _family(household: object = None, people: int = 0, **facts: object) -> Family:
    household = household or HouseholdFactory(people=people)
    HearingFactory(household=household, **facts)
    return family_of(household, now=NOW)
