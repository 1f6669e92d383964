"""What calendars say, parsed back by a library that did not write them."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts.models import User
from core.errors import NotAllowed
from docket.ical import written
from docket.models import CalendarEntry, CalendarFeed
from hearings.models import Hearing
from places.models import Site
from tests.docket.calendars.reading import ZONES, events_in, events_of, text_of
from tests.factories.hearings import HearingFactory, SummonsFactory
from tests.factories.places import CourtFactory, CrossingFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory
from words.discretion import give_away

Kind = CalendarFeed.Kind


class TestTheCalendarOfTheOffice:
    pytestmark = pytest.mark.django_db

    def test_holds_a_hearing_from_the_bridge_to_the_court(self, opened, note, now):
        hearing = note()
        (event,) = events_of(opened()[1], now)
        assert event.uid.value == str(hearing.uid)
        assert event.dtstart.value == datetime(2021, 12, 16, 4, 30, tzinfo=ZoneInfo("America/Ciudad_Juarez"))
        assert event.dtend.value == datetime(2021, 12, 16, 8, 30, tzinfo=ZoneInfo("America/Denver"))
        assert (event.status.value, event.sequence.value, event.contents["class"][0].value) == (
            "CONFIRMED",
            "0",
            "PRIVATE",
        )
        assert event.summary.value == "Appointment: 2 people"
        assert len(event.contents["valarm"]) == 2

    def test_writes_the_hour_as_the_paper_does_with_its_zone(self, opened, note, now):
        note()
        text = text_of(opened()[1], now)
        assert "DTSTART;TZID=America/Ciudad_Juarez:20211216T043000\r\n" in text
        assert "DTEND;TZID=America/Denver:20211216T083000\r\n" in text
        assert text.count("BEGIN:VTIMEZONE") == 2

    def test_tells_who_to_nobody(self, opened, note, now, officer):
        hearing = note()
        for kind in (Kind.OFFICE, Kind.BRIDGE):
            text = text_of(opened(kind)[1], now)
            people = hearing.household.people.all()
            parts = [part for person in people for part in (*person.given_names.split(), *person.surnames.split())]
            assert parts
            assert not [part for part in (*parts, hearing.household.code, str(hearing.household.uid)) if part in text]
            (event,) = events_in(text)
            names = [f"{person.given_names} {person.surnames}" for person in people]
            assert not give_away(f"{event.summary.value} {event.description.value.rpartition(chr(10))[0]}", names=names)

    def test_says_that_an_hour_is_estimated_or_unknown(self, opened, note, now):
        note(report_basis=Hearing.Basis.ESTIMATED)
        nobody_knows = {"report_at": None, "report_on": None, "report_time": None, "report_zone": ""}
        note(
            court_on=date(2021, 12, 17),
            report_basis="unknown",
            **nobody_knows,
            present_at=datetime(2021, 12, 17, 15, 30, tzinfo=UTC),
        )
        estimated, unknown = events_of(opened()[1], now)
        assert "The hour is estimated" in estimated.description.value
        assert "is not known yet" in unknown.description.value
        assert unknown.dtstart.value == datetime(2021, 12, 17, 8, 30, tzinfo=ZoneInfo("America/Denver"))

    def test_shows_nothing_of_other_sites(self, opened, note, now):
        HearingFactory(household__site=SiteFactory(code="TJ"))
        assert events_of(opened()[1], now) == []

    def test_takes_as_many_queries_for_a_dozen_as_for_one(self, opened, note, now, django_assert_max_num_queries):
        for _ in range(12):
            hearing = note(people=1)
            SummonsFactory(hearing=hearing, person=hearing.household.people.get())
        token = opened()[1]
        with django_assert_max_num_queries(13):
            assert len(events_of(token, now)) == 12


class TestAChange:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def token(self, opened):
        return opened()[1]

    def test_grows_the_sequence_and_keeps_the_uid(self, token, note, now):
        hearing = note()
        (before,) = events_of(token, now)
        later = now + timedelta(hours=1)
        Hearing.objects.filter(pk=hearing.pk).update(court_at=hearing.court_at + timedelta(hours=2))
        (after,) = events_of(token, later)
        assert (after.uid.value, after.sequence.value) == (before.uid.value, "1")
        assert after.dtend.value - before.dtend.value == timedelta(hours=2)
        assert after.contents["last-modified"][0].value == after.dtstamp.value == later

    def test_changes_nothing_where_nothing_changed(self, token, note, now):
        note()
        assert text_of(token, now) == text_of(token, now + timedelta(hours=1))
        assert CalendarFeed.objects.get().revision == 1

    def test_keeps_a_cancelled_hearing_for_two_weeks_as_cancelled(self, token, note, now):
        hearing = note()
        events_of(token, now)
        Hearing.objects.filter(pk=hearing.pk).update(status=Hearing.Status.CANCELLED)
        (event,) = events_of(token, now + timedelta(hours=1))
        assert (event.status.value, event.sequence.value, "valarm" in event.contents) == ("CANCELLED", "1", False)
        assert event.summary.value.startswith("No longer holds: ")
        assert len(events_of(token, now + timedelta(days=20))) == 1
        assert events_of(token, now + timedelta(days=23)) == []

    def test_calls_off_the_old_day_of_a_hearing_that_moved_beyond_the_calendar(self, token, note, now):
        hearing = note()
        events_of(token, now)
        far = {
            "present_at": hearing.present_at + timedelta(days=90),
            "report_at": hearing.report_at + timedelta(days=90),
        }
        Hearing.objects.filter(pk=hearing.pk).update(**far, court_at=hearing.court_at + timedelta(days=90))
        assert [event.status.value for event in events_of(token, now)] == ["CANCELLED"]
        (back,) = events_of(token, now + timedelta(days=60))
        assert (back.status.value, back.sequence.value) == ("CONFIRMED", "2")

    def test_leaves_what_is_past_as_it_was_told(self, token, note, now):
        hearing = note()
        events_of(token, now)
        Hearing.objects.filter(pk=hearing.pk).update(status=Hearing.Status.CANCELLED)
        (event,) = events_of(token, hearing.present_at + timedelta(hours=1))
        assert event.status.value == "CONFIRMED"
        assert events_of(token, hearing.present_at + timedelta(days=15)) == []


class TestTheCalendarOfTheBridge:
    pytestmark = pytest.mark.django_db

    def test_counts_who_stands_at_one_crossing_at_one_moment(self, opened, note, now):
        crossing, other = CrossingFactory(), CrossingFactory(name="Zaragoza")
        note(people=3, report_crossing=crossing)
        note(people=2, report_crossing=crossing)
        note(people=1, report_crossing=crossing, report_time=time(9, 0), court_time=time(13, 0))
        note(people=4, report_crossing=other)
        summaries = sorted(event.summary.value for event in events_of(opened(Kind.BRIDGE)[1], now))
        assert summaries == [
            "Appointment: 1 person, 1 family",
            "Appointment: 4 people, 1 family",
            "Appointment: 5 people, 2 families",
        ]

    def test_keeps_its_uid_when_another_family_joins(self, opened, note, now):
        crossing, token = CrossingFactory(), opened(Kind.BRIDGE)[1]
        note(people=3, report_crossing=crossing)
        (before,) = events_of(token, now)
        note(people=2, report_crossing=crossing, report_basis=Hearing.Basis.ESTIMATED)
        (after,) = events_of(token, now)
        assert (after.uid.value, after.sequence.value) == (before.uid.value, "1")
        assert "estimated" in after.description.value


class TestTheCalendarOfAShelter:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def house(self, site):
        return UnitFactory(shelter=ShelterFactory(site__parent=site, site__city=site.city)).shelter

    @pytest.fixture
    def desk(self, actor_in, house):
        return actor_in("shelter", house.site)

    def test_holds_who_leaves_it_from_the_door_to_the_bridge(self, opened, note, now, house, desk):
        crossing = CrossingFactory(city=house.site.city)
        hearing = note(people=3, report_crossing=crossing, household__guest_site=house.site)
        unit = house.units.get()
        for person in hearing.household.people.all()[:2]:
            StayFactory(person=person, household=hearing.household, unit=unit)
        note(people=4)
        (event,) = events_of(opened(Kind.SHELTER, desk, house.site)[1], now)
        assert event.summary.value == "Departure: 2 people, 1 family"
        assert event.dtstart.value == hearing.report_at - timedelta(minutes=60)
        assert event.dtend.value == hearing.report_at
        assert reverse("journey:departure_sheet") in event.url.value

    def test_is_for_those_who_run_it(self, opened, house, officer):
        with pytest.raises(NotAllowed):
            opened(Kind.SHELTER, officer, house.site)


class TestWritten:
    """Any moments in any zones, without a database."""

    def entry(self, begins, here, ends, there, **facts):
        return CalendarEntry(
            key=uuid.uuid4(), begins_at=begins, begins_zone=here, begins_in="Ciudad Juárez", ends_at=ends, ends_zone=there,
            ends_in="San Ysidro", basis="documented", people=3, families=1, changed_at=datetime(2021, 1, 1, tzinfo=UTC), **facts
        )  # fmt: skip

    def feed(self, language="es"):
        city = CourtFactory.build().city
        return CalendarFeed(kind=Kind.BRIDGE, user=User(language=language), site=Site(city=city))

    @settings(deadline=None, max_examples=300)
    @given(
        minutes=some.integers(0, 12 * 365 * 24 * 60),
        here=some.sampled_from(ZONES),
        there=some.sampled_from(ZONES),
        lasts=some.integers(0, 24 * 60),
    )
    def test_means_the_same_moments_to_another_library(self, minutes, here, there, lasts):
        begins = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        ends = begins + timedelta(minutes=lasts)
        text = written(self.feed(), [self.entry(begins, here, ends, there)]).decode()
        (event,) = events_in(text)
        for read, meant, zone in ((event.dtstart.value, begins, here), (event.dtend.value, ends, there)):
            wall = meant.astimezone(ZoneInfo(zone))
            assert read.replace(tzinfo=None) == wall.replace(tzinfo=None)
            assert read.utcoffset() == wall.utcoffset() or is_shown_twice(wall)

    @settings(deadline=None, max_examples=200)
    @given(place=some.text(min_size=1, max_size=150).filter(str.strip), language=some.sampled_from(["es", "en"]))
    def test_folds_every_line_at_75_octets_without_breaking_a_letter(self, place, language):
        now = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
        raw = written(self.feed(language), [self.entry(now, ZONES[2], now, ZONES[9], place=place)])
        assert raw.endswith(b"END:VCALENDAR\r\n")
        for line in raw.removesuffix(b"\r\n").split(b"\r\n"):
            assert len(line) <= 75
            line.decode()


def is_shown_twice(wall):
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
