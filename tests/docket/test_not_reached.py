import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Read
from cases.models import PhoneOwner
from docket import not_reached
from docket.counts import counts_of
from hearings.actions import cancel_hearing, change_hearing
from hearings.models import Hearing, Telling
from journey.reached import NOTHING_PLANNED, TOLD_OF_WHAT_IS_OFF, TOLD_OTHERWISE, WHYS
from journey.reminders import PURPOSE
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.shelters import StayFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
URL = reverse("docket:not_reached")
NOW = datetime(2021, 12, 14, 18, 0, tzinfo=UTC)
LOOK = "7d6dfd0c-5ef4-4d5c-9d1f-2f1f5d8a3a10"
PHONE = "+526561230000"


@pytest.fixture
def family(officer):
    """A family with a hearing on 16 December; facts of the hearing may be replaced."""

    def make(phone=PHONE, **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids))
        PersonFactory(
            household=household,
            position=1,
            relation="head",
            surnames="Reyes Mejía",
            phone=phone,
            phone_owner=PhoneOwner.OWN,
            findable=False,
        )
        return HearingFactory(household=household, **facts)

    return make


def unreached(actor, now=NOW, **facts):
    counts = counts_of(actor=actor, now=now, also=[not_reached.near])
    return not_reached.unreached(actor=actor, now=now, counts=counts, **facts)


def answer(browser: Client, hearing: Hearing, said: str = "phone", **facts: object) -> object:
    given = {"look": LOOK, "version": hearing.version, "answer": said, "next": URL, **facts}
    return browser.post(reverse("docket:tell", args=[hearing.uid]), given)


class TestUnreached:
    def test_shows_in_each_window_who_was_told_of_a_date_that_was_moved_far(self, officer, family):
        court_at = NOW + timedelta(days=40)
        moved = family(version=2, court_on=court_at.date(), court_at=court_at, present_at=court_at)
        TellingFactory(hearing=moved, version=1)
        found = unreached(officer, days=1)
        assert [row.hearing for row in found.rows] == [moved]
        assert [count for _days, count in found.windows] == [1, 1, 1]

    def test_shows_who_still_believes_a_date_that_is_off_until_they_are_told(self, officer, family, client_of):
        hearing = family()
        TellingFactory(hearing=hearing)
        assert not unreached(officer).rows
        cancelled = cancel_hearing(hearing=hearing, source="notice", actor=officer, at=NOW)
        (row,) = unreached(officer).rows
        assert (row.hearing, row.why) == (hearing, str(TOLD_OF_WHAT_IS_OFF))
        browser = client_of("hearings")
        with time_machine.travel(NOW, tick=False):
            assert "calendar-off" in browser.get(URL).content.decode()
            assert "calendar-off" in browser.post(reverse("docket:phones", args=[hearing.uid])).content.decode()
            answer(browser, cancelled)
        assert not unreached(officer).rows

    def test_shows_who_was_told_before_somebody_else_was_summoned(self, officer, family):
        hearing = family()
        TellingFactory(hearing=hearing)
        other = PersonFactory(household=hearing.household, position=2, relation="partner", findable=False)
        said = {"source": "notice", "said_on": date(2021, 12, 10), "people": [other]}
        change_hearing(hearing=hearing, **said, actor=officer, at=NOW)
        (row,) = unreached(officer).rows
        assert row.why == str(TOLD_OTHERWISE)

    def test_puts_whoever_has_the_least_time_left_first(self, family, officer):
        later = family(court_on=NOW.date() + timedelta(days=4))
        sooner = family()
        assert [row.hearing for row in unreached(officer).rows] == [sooner, later]

    def test_counts_within_each_window(self, family, officer):
        family()
        family(court_on=NOW.date() + timedelta(days=5))
        assert unreached(officer).windows == [(1, 0), (3, 1), (10, 2)]
        assert len(unreached(officer, days=3).rows) == 1

    @pytest.mark.parametrize(
        ("phone", "agreed", "why"),
        [("", True, "no_address"), (PHONE, False, "no_consent"), (PHONE, True, "nothing")],
    )
    def test_says_why_nothing_was_planned(self, family, officer, phone, agreed, why):
        hearing = family(phone=phone)
        if agreed:
            ConsentFactory(household=hearing.household, purpose="messages")
        (row,) = unreached(officer).rows
        assert row.why == str({**WHYS, "nothing": NOTHING_PLANNED}[why])

    def test_says_when_somebody_looked_in_vain(self, family, officer):
        TellingFactory(hearing=family(), way="", told_at=NOW)
        (row,) = unreached(officer).rows
        assert "11:00" in row.looked_for
        assert "Marta Ontiveros" in row.looked_for

    def test_gives_phones_only_to_whoever_asks(self, family, officer):
        hearing = family()
        (row,) = unreached(officer).rows
        assert (row.phones, row.has_phone) == (None, True)
        drawn = not_reached.for_rows(Hearing.objects.filter(pk=hearing.pk))
        (asked,) = not_reached.rows_of(list(drawn), actor=officer, now=NOW, with_phones=True)
        assert [phone for _name, phone in asked.phones] == [PHONE]

    def test_leaves_out_other_sites(self, family, actor_in):
        family()
        assert not unreached(actor_in("hearings", "TJ")).rows


class TestPage:
    @pytest.fixture(autouse=True)
    def that_day(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def browser(self, client_of):
        return client_of("hearings", "JZ")

    def test_is_small_and_cheap_at_its_full_length(self, family, browser, django_assert_max_num_queries):
        for _ in range(30):
            hearing = family()
            StayFactory(person=hearing.household.people.first(), household=hearing.household)
            MessageFactory(
                purpose=PURPOSE,
                subject=hearing.household.uid,
                plan_key=f"hearing:{hearing.uid}:1:days_3:x",
                status="failed",
            )
        browser.get(URL)
        with django_assert_max_num_queries(10):
            page = browser.get(URL)
        assert page.content.count(b'id="h-') == 25
        assert len(gzip.compress(page.content)) < 30_000

    def test_shows_no_phone_and_records_who_was_seen(self, family, browser):
        hearing = family()
        page = browser.get(URL)
        assert PHONE not in page.content.decode()
        assert Read.objects.get(page="not_reached").households == [hearing.household.uid]

    def test_shows_a_phone_on_asking_and_records_that_too(self, family, browser):
        hearing = family()
        page = browser.post(reverse("docket:phones", args=[hearing.uid]))
        assert f"tel:{PHONE}" in page.content.decode()
        assert Read.objects.get(page="not_reached.numbers").households == [hearing.household.uid]

    def test_shows_no_phone_of_whom_a_message_reached(self, family, browser):
        hearing = family()
        TellingFactory(hearing=hearing)
        assert browser.post(reverse("docket:phones", args=[hearing.uid])).status_code == 404

    @pytest.mark.parametrize("said", ["phone", "person", "paper", "roster"])
    def test_takes_a_family_off_the_list_once_somebody_told_it(self, family, browser, officer, said):
        hearing = family()
        answer(browser, hearing, said)
        assert Telling.objects.get().way == said
        assert not unreached(officer).rows

    def test_keeps_those_who_could_not_be_found(self, family, browser, officer):
        answer(browser, family(), "not_found")
        assert len(unreached(officer).rows) == 1

    def test_notes_a_tap_once_however_often_it_comes(self, family, browser):
        hearing = family()
        for _ in range(2):
            answer(browser, hearing)
        assert Telling.objects.count() == 1

    def test_says_it_when_the_hearing_changed_meanwhile(self, family, browser):
        hearing = family()
        Hearing.objects.filter(pk=hearing.pk).update(version=2)
        answer(browser, hearing)
        assert not Telling.objects.exists()
        assert b"x-note warn" in browser.get(URL).content

    def test_puts_them_back_when_it_is_undone(self, family, browser, officer):
        hearing = family()
        page = answer(browser, hearing)
        undo = reverse("docket:take_back_telling", args=[Telling.objects.get().uid])
        assert undo in browser.get(page.headers["Location"]).content.decode()
        browser.post(undo, {"next": URL})
        assert len(unreached(officer).rows) == 1

    @pytest.mark.parametrize("facts", [{"look": "x"}, {"version": "x"}, {"answer": "shout"}])
    def test_knows_nothing_that_no_page_of_ours_sends(self, family, browser, facts):
        assert answer(browser, family(), **facts).status_code == 404

    def test_says_that_nobody_is_left(self, browser):
        assert b"x-empty" in browser.get(URL).content

    def test_survives_nonsense_in_its_address(self, browser):
        assert browser.get(f"{URL}?days=x&after=%00").status_code == 200
