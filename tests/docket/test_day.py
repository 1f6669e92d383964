import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from audit.models import Read
from cases.models import PhoneOwner
from docket import day
from docket.day import Only
from hearings.models import Hearing, Trip
from journey.reminders import PURPOSE
from messaging.models import Message
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.messaging import MessageFactory
from tests.factories.places import CourtFactory, CrossingFactory, SiteFactory
from tests.factories.shelters import StayFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 12, 16)
URL = reverse("docket:hearings")
SHEET = reverse("journey:departure_sheet")
# Of a hearing of which nobody knows when people must be at the bridge.
NOBODY_KNOWS = {
    "report_on": None,
    "report_time": None,
    "report_zone": "",
    "report_at": None,
    "report_basis": Hearing.Basis.UNKNOWN,
    "present_at": datetime(2021, 12, 16, 15, 30, tzinfo=UTC),
}


@pytest.fixture
def site_id(officer):
    return min(officer.site_ids)


@pytest.fixture
def family(site_id):
    """A family that presents on the day; facts of the hearing may be replaced."""

    def make(surnames="Reyes Mejía", people=2, **facts):
        household = HouseholdFactory(site_id=site_id)
        members = [
            PersonFactory(
                household=household,
                position=position,
                surnames=surnames,
                relation="head" if position == 1 else "child",
                a_number="012345678",
                phone_owner=PhoneOwner.OWN,
                findable=False,
            )
            for position in range(1, people + 1)
        ]
        hearing = HearingFactory(household=household, **facts)
        for member in members:
            SummonsFactory(hearing=hearing, person=member)
        ClaimFactory(hearing=hearing)
        return hearing

    return make


class TestTwoHearingsOfOneFamily:
    """Each row is about its own hearing: its light, and whether they were told of it."""

    @pytest.fixture
    def two(self, family):
        first = family()
        court_at = first.court_at + timedelta(hours=5)
        present_at = first.present_at + timedelta(hours=5)
        later = {"court_at": court_at, "court_time": time(13, 30), "report_at": present_at, "report_time": time(9, 30)}
        second = HearingFactory(
            household=first.household,
            court=first.court,
            report_crossing=first.report_crossing,
            present_at=present_at,
            conflicts=["court_time"],
            **later,
        )
        TellingFactory(hearing=first)
        return first, second

    def rows(self, officer, now, day_=DAY):
        return {row.hearing.pk: row for row in docket_of(actor=officer, now=now, day_=day_).rows}

    def test_are_two_rows_with_their_own_light_and_word(self, two, officer, now):
        rows, (first, second) = self.rows(officer, now), two
        reasons = {key: row.light.conditions[0].reason for key, row in rows.items()}
        assert reasons[first.pk] != reasons[second.pk]
        assert [rows[each.pk].word.is_reached for each in two] == [True, False]
        assert [rows[each.pk].family.hearing for each in two] == [first, second]

    def test_are_told_apart_on_different_days_too(self, two, officer, now):
        first, second = two
        a_day = timedelta(days=1)
        moved = {"report_on": date(2021, 12, 17), "court_on": date(2021, 12, 17), "court_at": second.court_at + a_day}
        present_at = second.present_at + a_day
        Hearing.objects.filter(pk=second.pk).update(report_at=present_at, present_at=present_at, **moved)
        assert set(self.rows(officer, now)) == {first.pk}
        rows = self.rows(officer, now, date(2021, 12, 17))
        assert set(rows) == {second.pk}
        assert rows[second.pk].family.hearing == second
        assert not rows[second.pk].word.is_reached


def docket_of(*, actor, now, day_=DAY, **facts):
    return day.docket_of(day=day_, actor=actor, now=now, today=now.date(), **facts)


def reminder(hearing, status, rung="days_7", **facts):
    return MessageFactory(
        purpose=PURPOSE,
        subject=hearing.household.uid,
        plan_key=f"hearing:{hearing.uid}:{hearing.version}:{rung}:x",
        status=status,
        sent_at=datetime(2021, 12, 9, 17, 0, tzinfo=UTC) if status == Message.Status.SENT else None,
        **facts,
    )


def trip(hearing, **facts):
    given = {"present_at": hearing.present_at, "noted_at": datetime(2021, 12, 9, 17, 0, tzinfo=UTC), "noted_by": "7"}
    return Trip.objects.create(hearing=hearing, **{**given, **facts})


class TestDocketOf:
    def test_shows_who_presents_that_day_and_nobody_else(self, family, officer, now):
        today = family()
        family(court_on=DAY + timedelta(days=1))
        assert [row.hearing for row in docket_of(actor=officer, now=now).rows] == [today]

    def test_opens_on_the_next_day_on_which_somebody_presents(self, family, officer, now):
        family(court_on=DAY + timedelta(days=4))
        family()
        assert docket_of(day_=None, actor=officer, now=now).day == DAY

    def test_counts_the_day_at_the_bridge_not_at_utc(self, family, officer, now):
        # 18:30 on the 16th in Juárez is already the 17th in UTC
        family(court_time=time(20, 0), report_time=time(18, 30))
        assert docket_of(actor=officer, now=now).people == 2

    def test_leaves_out_what_was_cancelled(self, family, officer, now):
        family(status=Hearing.Status.CANCELLED)
        assert not docket_of(actor=officer, now=now).everyone

    def test_leaves_out_other_sites(self, family, actor_in, now):
        family()
        assert not docket_of(actor=actor_in("hearings", "TJ"), now=now).everyone

    def test_goes_by_crossing_then_by_time(self, family, officer, now):
        late, early = family(report_time=time(6, 0)), family(report_time=time(4, 0))
        stanton = family(report_crossing=CrossingFactory(name="Stanton Street"))
        bridges = docket_of(actor=officer, now=now).bridges
        assert [[row.hearing for row in bridge.rows] for bridge in bridges] == [[early, late], [stanton]]

    def test_counts_people_by_day(self, family, officer, now):
        family(people=3)
        family(people=1)
        family(people=2, court_on=date(2021, 12, 20))
        assert docket_of(actor=officer, now=now).calendar.at_hand == [(DAY, 4), (date(2021, 12, 20), 2)]

    @pytest.mark.parametrize(
        ("status", "icon", "tone"),
        [
            (Message.Status.SENT, "message-check", "ok"),
            (Message.Status.PLANNED, "clock", "calm"),
            (Message.Status.FAILED, "message-x", "stop"),
            (Message.Status.WITHDRAWN, "phone-off", "warn"),
        ],
    )
    def test_says_whether_they_were_told(self, family, officer, now, status, icon, tone):
        reminder(family(), status)
        (row,) = docket_of(actor=officer, now=now).rows
        assert (row.told.tone, row.told.icon) == (tone, icon)

    def test_does_not_take_word_of_an_earlier_date_for_this_one(self, family, officer, now):
        hearing = family(version=2)
        hearing.version = 1
        reminder(hearing, Message.Status.SENT)
        (row,) = docket_of(actor=officer, now=now).rows
        assert row.answers(Only.NOT_REACHED)

    def test_filters_without_losing_the_day_s_figures(self, family, officer, now):
        reminder(family(), Message.Status.SENT)
        unreached = family()
        docket = docket_of(actor=officer, now=now, only=Only.NOT_REACHED)
        assert ([row.hearing for row in docket.rows], docket.people) == ([unreached], 4)

    def test_takes_the_word_of_whoever_told_them(self, family, officer, now):
        hearing = family()
        reminder(hearing, Message.Status.FAILED)
        TellingFactory(hearing=hearing, way="roster")
        (row,) = docket_of(actor=officer, now=now).rows
        assert (row.told.tone, row.answers(Only.NOT_REACHED)) == ("ok", False)

    def test_shows_one_crossing_alone_and_keeps_the_others_at_hand(self, family, officer, now):
        family()
        stanton = CrossingFactory(name="Stanton Street")
        there = family(report_crossing=stanton, people=3)
        docket = docket_of(actor=officer, now=now, crossing=stanton.pk)
        assert [row.hearing for row in docket.rows] == [there]
        assert (docket.people, [bridge.people for bridge in docket.crossings]) == (3, [2, 3])

    def test_counts_its_filters_at_the_crossing_that_is_shown(self, family, officer, now):
        family()
        stanton = CrossingFactory(name="Stanton Street")
        reminder(family(report_crossing=stanton), Message.Status.SENT)
        docket = docket_of(actor=officer, now=now, crossing=stanton.pk)
        assert {only: count for only, _icon, count in docket.filters}[Only.NOT_REACHED] == 0

    def test_finds_those_of_whom_nobody_knows_the_crossing(self, family, officer, now):
        family()
        unknown = family(report_crossing=None, **NOBODY_KNOWS)
        assert [row.hearing for row in docket_of(actor=officer, now=now, crossing=0).rows] == [unknown]

    @pytest.mark.parametrize(
        ("facts", "icon", "words"),
        [
            ({"means": "shelter", "vehicle": "van 2"}, "bus", "van 2"),
            ({"means": "walk"}, "walk", "A pie"),
        ],
    )
    def test_says_how_they_get_there(self, family, officer, now, facts, icon, words):
        hearing = family()
        trip(hearing, **facts)
        (row,) = docket_of(actor=officer, now=now).rows
        assert row.vehicle.icon == icon
        assert "vehicle" not in facts or row.vehicle.text == words

    def test_says_that_a_vehicle_was_arranged_for_another_hour(self, family, officer, now):
        hearing = family()
        trip(hearing, means="agency", vehicle="bus 1", present_at=hearing.present_at + timedelta(hours=1))
        (row,) = docket_of(actor=officer, now=now).rows
        assert row.vehicle.text != "bus 1"
        assert row.vehicle.text.startswith("bus 1")

    def test_names_the_hour_where_they_sleep_when_that_is_another(self, family, officer, now):
        site = SiteFactory(code="NG", city__zone="America/Hermosillo", city__name="Nogales")
        hearing = family(court_on=date(2022, 6, 20))
        hearing.household.site = site
        hearing.household.save()
        everywhere = replace(officer, everywhere=True)
        (row,) = docket_of(actor=everywhere, now=now, day_=date(2022, 6, 20)).rows
        assert (row.clocks.sleeper.time, row.clocks.sleeper.city) == ("03:30", "Nogales")

    def test_pages_a_long_day(self, family, officer, now):
        for _ in range(52):
            family(people=1)
        first, second = (docket_of(actor=officer, now=now, page=page) for page in (1, 2))
        assert (len(first.rows), len(second.rows), second.pages) == (50, 2, 2)
        assert not {row.hearing for row in first.rows} & {row.hearing for row in second.rows}


class TestMonth:
    def test_draws_whole_weeks_with_how_many_present(self, family, officer, now):
        family(people=3)
        month = docket_of(actor=officer, now=now).calendar.month
        days = {each.day: each for week in month.weeks for each in week}
        assert {len(week) for week in month.weeks} == {7}
        assert (days[DAY].people, min(days), max(days)) == (3, date(2021, 11, 29), date(2022, 1, 2))
        assert not days[date(2022, 1, 1)].is_of_month

    def test_begins_the_week_as_the_reader_does(self, officer, now):
        with translation.override("en"):
            month = docket_of(actor=officer, now=now).calendar.month
        assert month.weeks[0][0].day == date(2021, 11, 28)

    def test_turns_to_the_month_that_is_asked_for_and_keeps_the_day(self, family, officer, now):
        family()
        docket = docket_of(actor=officer, now=now, month=date(2022, 3, 1))
        assert (docket.day, docket.calendar.month.first) == (DAY, date(2022, 3, 1))
        assert (docket.calendar.month.before, docket.calendar.month.after) == (date(2022, 2, 1), date(2022, 4, 1))

    def test_finds_the_next_day_however_far_off(self, family, officer, now):
        family(court_on=date(2022, 5, 2))
        docket = docket_of(actor=officer, now=now, day_=None)
        assert (docket.day, docket.calendar.month.first) == (date(2022, 5, 2), date(2022, 5, 1))

    def test_leads_on_once_the_last_of_the_day_had_to_be_there(self, family, officer, now):
        hearing = family()
        family(court_on=DAY + timedelta(days=1))
        after = hearing.present_at + timedelta(minutes=1)
        assert docket_of(actor=officer, now=after, day_=None).day == DAY + timedelta(days=1)

    def test_shows_a_day_on_which_nobody_presents(self, family, officer, now):
        family()
        docket = docket_of(actor=officer, now=now, day_=date(2021, 12, 25))
        assert not docket.everyone
        assert docket.calendar.at_hand == [(DAY, 2), (date(2021, 12, 25), 0)]


class TestPage:
    @pytest.fixture(autouse=True)
    def the_day_before(self):
        with time_machine.travel(datetime(2021, 12, 15, 20, 0, tzinfo=UTC), tick=False):
            yield

    @pytest.fixture
    def browser(self, client_of):
        return client_of("hearings", "JZ")

    def test_costs_at_most_ten_queries_and_thirty_kilobytes_at_fifty_families(
        self, family, browser, site_id, django_assert_max_num_queries
    ):
        for number in range(50):
            hearing = family(surnames=f"Apellido{number} Largo{number}", people=3)
            StayFactory(person=hearing.household.people.first(), household=hearing.household)
            reminder(hearing, Message.Status.SENT)
        browser.get(URL)
        with django_assert_max_num_queries(10):
            page = browser.get(URL)
        assert page.content.count(b"x-dk-l") == 50
        assert len(gzip.compress(page.content)) < 30_000

    def test_records_who_was_looked_at(self, family, browser):
        hearing = family()
        browser.get(URL)
        read = Read.objects.get(page="hearings")
        assert read.households == [hearing.household.uid]

    def test_shows_no_number_of_a_person(self, family, browser):
        family()
        for url in (URL, f"{SHEET}?day={DAY}"):
            assert b"345678" not in browser.get(url).content

    def test_prints_no_court_and_no_case_code(self, family, browser):
        hearing = family()
        page = browser.get(f"{SHEET}?day={DAY}").content.decode()
        assert "Reyes Mejía" in page
        for word in ("08:30", "El Paso", "corte", "court", "MPP", hearing.household.code):
            assert word not in page.split("<main")[1]

    def test_survives_nonsense_in_its_address(self, browser):
        assert browser.get(f"{URL}?day=x&page=-7&only=y").status_code == 200
        assert browser.get(f"{URL}?page=99999").status_code == 200
        assert browser.get(f"{URL}?month=2021-13&crossing=x").status_code == 200
        assert browser.get(f"{URL}?day=2021-12-16&crossing=987654321").status_code == 200

    def test_keeps_crossing_and_filter_from_day_to_day(self, family, browser):
        crossing = family().report_crossing_id
        page = browser.get(f"{URL}?crossing={crossing}&only=not_ready").content.decode()
        assert f'href="?day=2021-12-16&amp;crossing={crossing}&amp;only=not_ready"' in page
        assert f'href="?day=2021-12-16&amp;only=not_ready&amp;crossing={crossing}"' in page

    def test_says_what_to_do_when_nobody_presents(self, browser):
        assert b"x-empty" in browser.get(URL).content

    def test_is_missing_for_those_who_see_no_people(self, client_of):
        assert client_of("dpo").get(URL).status_code == 404
        assert client_of("dpo").get(SHEET).status_code == 404

    def test_hides_the_families_of_other_sites(self, family, client_of):
        family()
        assert b"Reyes" not in client_of("hearings", "TJ").get(URL).content

    def test_works_where_no_crossing_is_known(self, family, browser):
        family(report_crossing=None, court=CourtFactory(), **NOBODY_KNOWS)
        assert b"Reyes" in browser.get(URL).content
        assert b"Reyes" in browser.get(f"{SHEET}?day={DAY}").content
