"""Hearings for tests: 16 December 2021, 04:30 on the Paso del Norte bridge for 08:30 at El Paso, as a sheet says."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from hearings.models import Claim, Hearing, Summons, Trip, ZoneShift
from places.zones import wall_to_utc
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import CourtFactory, CrossingFactory


def sheet_says(**facts: object) -> dict[str, Any]:
    """What the sheet of the story, of 8 December 2021, says to `note_hearing`; `facts` in its place or besides."""
    return {
        "court": CourtFactory(),
        "court_on": date(2021, 12, 16),
        "court_time": time(8, 30),
        "crossing": CrossingFactory(),
        "report_time": time(4, 30),
        "source": Claim.Source.MPP_SHEET,
        "said_on": date(2021, 12, 8),
        **facts,
    }


class HearingFactory(DjangoModelFactory):
    """A hearing as shown. Without claims of its own: deeds add those."""

    class Meta:
        model = Hearing

    household = factory.SubFactory(HouseholdFactory, people=2)
    court = factory.SubFactory(CourtFactory)
    court_on = date(2021, 12, 16)
    court_time = time(8, 30)
    court_zone = factory.SelfAttribute("court.zone")
    court_at = factory.LazyAttribute(lambda h: wall_to_utc(datetime.combine(h.court_on, h.court_time), h.court_zone))
    report_crossing = factory.SubFactory(CrossingFactory)
    report_on = factory.SelfAttribute("court_on")
    report_time = time(4, 30)
    report_zone = factory.LazyAttribute(lambda h: h.report_crossing.zone)
    report_at = factory.LazyAttribute(
        lambda h: wall_to_utc(datetime.combine(h.report_on, h.report_time), h.report_zone)
    )
    report_basis = Hearing.Basis.DOCUMENTED
    present_at = factory.SelfAttribute("report_at")
    recorded_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    hearing = factory.SubFactory(HearingFactory)
    fact = Claim.Fact.COURT_TIME
    source = Claim.Source.MPP_SHEET
    said_on = date(2021, 12, 8)
    local_on = date(2021, 12, 16)
    local_time = time(8, 30)
    zone = "America/Denver"


class TripFactory(DjangoModelFactory):
    class Meta:
        model = Trip

    hearing = factory.SubFactory(HearingFactory)
    means = Trip.Means.SHELTER
    vehicle = "van blanca 2"
    present_at = factory.SelfAttribute("hearing.present_at")
    noted_at = datetime(2021, 12, 10, 18, 0, tzinfo=UTC)
    noted_by = "7"


class SummonsFactory(DjangoModelFactory):
    class Meta:
        model = Summons

    hearing = factory.SubFactory(HearingFactory)
    person = factory.SubFactory(PersonFactory, household=factory.SelfAttribute("..hearing.household"))


class ZoneShiftFactory(DjangoModelFactory):
    """Newer tables put the hearing an hour later; nobody has looked at it."""

    class Meta:
        model = ZoneShift

    hearing = factory.SubFactory(HearingFactory)
    edition_before = "2021.1"
    edition_after = "2021.5"
    court_before = factory.LazyAttribute(lambda shift: shift.hearing.court_at - timedelta(hours=1))
    court_after = factory.SelfAttribute("hearing.court_at")
    report_before = factory.LazyAttribute(lambda shift: shift.hearing.report_at - timedelta(hours=1))
    report_after = factory.SelfAttribute("hearing.report_at")
    found_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
