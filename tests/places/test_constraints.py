"""What the database itself refuses about places."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from tests.factories.places import (
    CityFactory,
    CourtAddressFactory,
    CourtFactory,
    CrossingFactory,
    PortOfEntryFactory,
    ReportRuleFactory,
    ShelterSiteFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint: str) -> "pytest.RaisesExc[IntegrityError]":
    return pytest.raises(IntegrityError, match=constraint)


class TestCourtAddress:
    def test_two_at_once_are_refused(self) -> None:
        CourtAddressFactory(valid_to=date(2020, 3, 28))
        with refused("places_courtaddress_one_at_a_time"), transaction.atomic():
            CourtAddressFactory(address="elsewhere", valid_from=date(2020, 3, 27))

    def test_one_after_the_other_and_those_of_another_court_are_taken(self) -> None:
        CourtAddressFactory(valid_to=date(2020, 3, 28))
        CourtAddressFactory(address="elsewhere", valid_from=date(2020, 3, 28))
        CourtAddressFactory(court=CourtFactory(eoir_base="TUC"))

    def test_one_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(Exception, match=r"range lower bound|ends_after_it_begins"), transaction.atomic():
            CourtAddressFactory(valid_from=date(2020, 3, 28), valid_to=date(2020, 3, 27))


class TestReportRule:
    def test_two_for_one_court_time_are_refused(self) -> None:
        crossing = CrossingFactory()
        ReportRuleFactory(crossing=crossing)
        with refused("places_reportrule_one_per_court_time"), transaction.atomic():
            ReportRuleFactory(crossing=crossing, minutes_before=180)

    def test_a_clock_time_without_a_court_time_is_refused(self) -> None:
        with refused("places_reportrule_clock_time_or_minutes"), transaction.atomic():
            ReportRuleFactory(minutes_before=None, report_time=time(4))


class TestPort:
    def test_a_code_that_lost_a_digit_is_refused(self) -> None:
        with refused("places_portofentry_code_is_four_digits"), transaction.atomic():
            PortOfEntryFactory(code="402")


class TestCity:
    def test_half_a_position_is_refused(self) -> None:
        with refused("places_city_both_coordinates_or_none"), transaction.atomic():
            CityFactory(latitude="31.7")


class TestSite:
    def test_a_shelter_without_a_field_site_is_refused(self) -> None:
        with refused("places_site_shelters_stand_under_a_field_site"), transaction.atomic():
            ShelterSiteFactory(parent=None, city=CityFactory())

    def test_a_field_site_under_another_is_refused(self) -> None:
        with refused("places_site_shelters_stand_under_a_field_site"), transaction.atomic():
            SiteFactory(code="XX", parent=SiteFactory())
