import gzip
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from docket.zones import open_zones, shifts_of
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, ZoneShiftFactory

pytestmark = pytest.mark.django_db
URL = reverse("docket:zones")


@pytest.fixture
def shift(officer):
    """A hearing of JZ that newer tables put an hour later."""

    def make(**facts):
        household = HouseholdFactory(site_id=min(officer.site_ids), people=2)
        return ZoneShiftFactory(hearing=HearingFactory(household=household), **facts)

    return make


class TestOpenZones:
    def test_holds_what_is_ahead_and_nobody_looked_at(self, shift, officer, now):
        waiting = shift()
        shift(seen_at=now, seen_by="4")
        assert list(open_zones(officer, now)) == [waiting]

    def test_leaves_out_what_is_over_or_elsewhere(self, shift, officer, actor_in, now):
        moved = shift()
        assert not open_zones(officer, moved.hearing.present_at + timedelta(minutes=1)).exists()
        assert not open_zones(actor_in("hearings", "TJ"), now).exists()


class TestShiftsOf:
    def test_tells_both_clocks_before_and_after(self, shift, officer, now):
        shift()
        (row,) = shifts_of(actor=officer, now=now).rows
        assert [(name, side.face.time, side.moved, side.is_later) for name, side in row.sides] == [
            ("bridge", "04:30", "1 h", True),
            ("court", "08:30", "1 h", True),
        ]
        assert row.is_of_tables

    def test_tells_what_no_longer_exists(self, shift, officer, now):
        shift(court_after=None, report_after=None)
        (row,) = shifts_of(actor=officer, now=now).rows
        assert row.is_impossible

    def test_begins_with_those_who_have_the_least_time_left(self, shift, officer, now):
        far, near = shift(), shift()
        for moved, days in ((far, 20), (near, 2)):
            type(moved.hearing).objects.filter(pk=moved.hearing.pk).update(present_at=now + timedelta(days=days))
        assert [row.shift for row in shifts_of(actor=officer, now=now).rows] == [near, far]


class TestTheList:
    def test_costs_ten_queries_and_thirty_kilobytes_at_fifty(
        self, client_of, shift, now, django_assert_max_num_queries
    ):
        for _ in range(50):
            shift()
        browser = client_of("hearings")
        with time_machine.travel(now, tick=False), django_assert_max_num_queries(10):
            page = browser.get(URL)
        assert page.content.count(b'id="s-') == 50
        assert len(gzip.compress(page.content)) < 30_000

    def test_is_a_read_of_those_shown(self, client_of, shift, now):
        moved = shift()
        with time_machine.travel(now, tick=False):
            client_of("hearings").get(URL)
        assert Read.objects.get().households == [moved.hearing.household.uid]

    def test_lets_go_of_one_that_was_looked_at(self, client_of, shift, officer, now):
        moved = shift()
        with time_machine.travel(now, tick=False):
            client_of("hearings").post(reverse("docket:see_zones", args=[moved.uid]))
        assert not open_zones(officer, now).exists()
