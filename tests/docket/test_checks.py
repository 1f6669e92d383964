"""The worklist of the EOIR line, and what a caller sees."""

import gzip
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from audit.models import Event, EventType, Read
from docket.checks import callers_at, checks_of, numberless_of, open_checks
from docket.counts import counts_of
from hearings.models import CheckCall, Hearing
from tests.factories.accounts import MembershipFactory
from tests.factories.checks import CheckBatchFactory, CheckCallFactory, hearing_to_ask_about
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
URL, LINE = reverse("docket:checks"), reverse("docket:line")
FAR = date(2022, 2, 16)


@pytest.fixture
def hearing(officer) -> Callable[..., Hearing]:
    """`hearing(day)`: a hearing of a family of Ciudad Juárez whose head has an A-number."""
    return partial(hearing_to_ask_about, SiteFactory(code="JZ"))


@pytest.fixture
def caller(staff_in):
    return staff_in("caller", "JZ")


@pytest.fixture
def browser(caller) -> Client:
    client = Client()
    client.force_login(caller)
    return client


@pytest.fixture
def handed(hearing, caller):
    """A call that lies on the caller's open list."""
    batch = CheckBatchFactory(site=SiteFactory(code="JZ"), caller=caller)
    return CheckCallFactory(batch=batch, hearing=hearing())


@pytest.fixture(autouse=True)
def on_the_day(now):
    with time_machine.travel(now, tick=False):
        yield


def torn_call(hearing: Hearing, now: datetime, **facts: object) -> CheckCall:
    said = {
        "answer": "date",
        "said_court_on": FAR,
        "said_court_time": hearing.court_time,
        "answered_at": now - timedelta(minutes=5),
        "version": hearing.version,
        "finding": "disagrees",
    }
    return CheckCallFactory(hearing=hearing, batch__site=hearing.household.site, **(said | facts))


class TestChecks:
    def test_stand_most_urgent_first(self, hearing, officer, now):
        later, sooner, verified = hearing(date(2022, 1, 20)), hearing(date(2021, 12, 20)), hearing(date(2021, 12, 12))
        Hearing.objects.filter(pk=verified.pk).update(verified_at=now - timedelta(hours=1))
        assert [row.hearing for row in checks_of(actor=officer, now=now).rows] == [sooner, later]

    def test_count_down_to_the_hour_at_the_bridge(self, hearing, officer):
        noted = hearing(date(2021, 12, 14))
        (row,) = checks_of(actor=officer, now=noted.present_at - timedelta(hours=3)).rows
        assert "3 h 00 min" in row.left

    def test_put_second_calls_on_top(self, hearing, officer, now):
        hearing(date(2021, 12, 9))
        second = hearing(date(2021, 12, 13))
        torn_call(second, now, finding="second_wanted")
        rows = checks_of(actor=officer, now=now).rows
        assert (rows[0].hearing, rows[0].wants_second) == (second, True)

    def test_leave_to_decide_what_two_callers_heard_differently(self, hearing, officer, now):
        found = hearing(date(2021, 12, 10))
        torn_call(found, now)
        with translation.override("en"):
            (torn,) = checks_of(actor=officer, now=now).torn
            assert (torn.row.hearing, torn.heard[0].may_count) == (found, True)
            assert torn.heard[0].words.endswith("08:30, El Paso time")

    def test_take_over_no_date_of_a_court_that_nobody_knows(self, hearing, officer, now):
        torn_call(hearing(), now, finding="other_court", answer="other_court")
        (torn,) = checks_of(actor=officer, now=now).torn
        assert not torn.heard[0].may_count

    def test_show_nothing_of_other_sites(self, hearing, actor_in, now):
        hearing()
        assert not checks_of(actor=actor_in("hearings", "TJ"), now=now).rows

    def test_count_what_waits(self, hearing, officer, now):
        torn_call(hearing(date(2021, 12, 10)), now)
        hearing()
        assert open_checks(officer, now).count() == 2

    def test_are_counted_on_the_pages_of_the_office(self, hearing, officer, now):
        hearing()
        assert counts_of(actor=officer, now=now)["checks"] == 1

    def test_count_nothing_that_a_caller_has(self, handed, officer, now):
        assert not open_checks(officer, now).exists()
        assert open_checks(officer, now + timedelta(hours=8)).exists()

    def test_stay_small_and_cheap_however_many_there_are(self, hearing, client_of, django_assert_max_num_queries, now):
        for number in range(60):
            hearing(FAR + timedelta(days=number % 20))
        for _ in range(3):
            torn_call(hearing(date(2021, 12, 10)), now)
        browser = client_of("hearings", "JZ")
        with django_assert_max_num_queries(10):
            page = browser.get(URL)
        assert page.content.count(b'<th scope="row">') == 50
        assert len(gzip.compress(page.content)) < 30_000

    def test_record_who_was_seen(self, hearing, client_of):
        found = hearing()
        client_of("hearings", "JZ").get(URL)
        assert Read.objects.get().households == [found.household.uid]


class TestNumberless:
    def test_lists_those_whose_number_nobody_knows(self, hearing, officer, now):
        without = hearing(number="")
        without.household.owed = ["a_number"]
        without.household.save()
        with_one = hearing()
        with_one.household.owed = ["a_number"]
        with_one.household.save()
        assert [row.hearing for row in numberless_of(actor=officer, now=now)] == [without]

    def test_lists_those_who_said_that_they_have_none(self, hearing, officer, now):
        without = hearing(number="")
        without.household.people.update(has_no_a_number_yet=True)
        assert [row.hearing for row in numberless_of(actor=officer, now=now)] == [without]


class TestHandOut:
    def test_hands_the_list_to_the_caller(self, hearing, caller, client_of):
        hearing()
        answer = client_of("hearings", "JZ").post(
            reverse("docket:hand_out"),
            {"uid": uuid4(), "site": "JZ", "caller": caller.pk, "count": "10", "hours": "4"},
        )
        assert answer["Location"] == URL
        assert CheckCall.objects.get().batch.caller == caller

    def test_offers_nobody_who_sees_people_besides(self, caller):
        site = Membership.objects.get(user=caller).site
        assert callers_at([site]) == [caller]
        MembershipFactory(user=caller, role="reception", site=site)
        assert callers_at([site]) == []

    def test_says_why_not(self, caller, client_of):
        answer = client_of("hearings", "JZ").post(
            reverse("docket:hand_out"),
            {"uid": uuid4(), "site": "JZ", "caller": caller.pk, "count": "10", "hours": "4"},
        )
        assert answer.status_code == 422


class TestSettle:
    def test_lets_the_chosen_word_count(self, hearing, client_of, now):
        found = hearing(date(2021, 12, 10))
        call = torn_call(found, now)
        client_of("hearings", "JZ").post(reverse("docket:settle_calls", args=[found.uid]), {"call": call.uid})
        found.refresh_from_db()
        assert found.court_on == FAR


class TestCaller:
    def test_sees_the_number_in_threes_and_the_nationality_by_the_lines_own_code(self, handed, browser):
        page = browser.get(LINE).content.decode()
        assert re.findall(r"<span>(\d{3})</span>", page) == ["012", "345", "678"]
        assert ">HO</b>" in page
        assert "Honduras" in page

    def test_sees_nothing_of_what_we_believe_or_of_who_it_is(self, handed, browser):
        page = browser.get(LINE).content.decode()
        household, hearing = handed.hearing.household, handed.hearing
        person = household.people.get(relation="head")
        for secret in (
            person.surnames,
            person.given_names,
            household.code,
            str(household.uid),
            str(hearing.uid),
            hearing.court_on.isoformat(),
            "08:30",
        ):
            assert secret not in page

    def test_comes_to_the_list_after_signing_in(self, handed, browser):
        assert browser.get("/")["Location"] == LINE

    def test_leaves_a_trace_for_each_number(self, handed, browser):
        browser.get(LINE)
        read = Read.objects.get()
        assert (read.page, read.households) == ("line", [handed.hearing.household.uid])

    def test_goes_on_to_the_next_number(self, handed, browser):
        answer = browser.post(
            reverse("docket:answer_call", args=[handed.uid]),
            {"answer": "date", "court_on": "2022-02-16", "court_time": "0830", "court": ""},
        )
        handed.refresh_from_db()
        assert (answer["Location"], handed.finding) == (LINE, "agrees")

    def test_goes_on_after_a_second_tap_that_notes_nothing(self, handed, browser):
        address = reverse("docket:answer_call", args=[handed.uid])
        browser.post(address, {"answer": "not_yet"})
        again = browser.post(address, {"answer": "no_case"})
        assert again["Location"] == LINE
        assert CheckCall.objects.get().answer == "not_yet"

    def test_goes_on_after_a_second_tap_that_the_line_is_busy(self, handed, browser):
        shown = re.search(r'name="tries" value="(\d+)"', browser.get(LINE).content.decode())[1]
        for _tap in range(2):
            busy = browser.post(reverse("docket:line_busy", args=[handed.uid]), {"tries": shown, "answer": ""})
            assert busy["Location"] == LINE
        handed.refresh_from_db()
        assert handed.tries == Event.objects.filter(type=EventType.LINE_BUSY).count() == 1

    def test_is_not_told_what_came_of_it(self, handed, browser):
        said = {"answer": "date", "court_on": "2022-02-17", "court_time": "08:30"}
        differs = browser.post(reverse("docket:answer_call", args=[handed.uid]), said, follow=True)
        assert CheckCall.objects.get().finding == "changed"
        assert "2022" not in differs.content.decode().split("<main")[1]

    def test_is_asked_again_for_a_date_without_its_time(self, handed, browser):
        answer = browser.post(
            reverse("docket:answer_call", args=[handed.uid]), {"answer": "date", "court_on": "2022-02-16"}
        )
        assert answer.status_code == 422
        assert not CheckCall.objects.answered().exists()

    def test_notes_a_court_that_is_not_on_the_list(self, handed, browser):
        said = {"answer": "date", "court_on": "2022-02-16", "court_time": "08:30", "court": "other"}
        browser.post(reverse("docket:answer_call", args=[handed.uid]), said)
        assert CheckCall.objects.get().answer == "other_court"

    def test_reads_nothing_once_the_list_has_run_out(self, handed, browser, now):
        with time_machine.travel(now + timedelta(hours=8), tick=False):
            assert "012" not in browser.get(LINE).content.decode()
            assert browser.post(reverse("docket:answer_call", args=[handed.uid])).status_code == 404

    def test_reads_nothing_of_a_list_that_was_ended(self, handed, browser, client_of):
        client_of("hearings", "JZ").post(reverse("docket:end_batch", args=[handed.batch.uid]))
        assert "012" not in browser.get(LINE).content.decode()

    def test_reads_no_list_of_another_caller(self, handed, staff_in):
        other = Client()
        other.force_login(staff_in("caller", "TJ"))
        assert "012" not in other.get(LINE).content.decode()
        assert other.post(reverse("docket:answer_call", args=[handed.uid])).status_code == 404

    def test_reads_nothing_of_a_site_where_they_no_longer_call(self, handed, caller, browser):
        Membership.objects.filter(user=caller).update(site=SiteFactory(code="TJ"))
        assert "012" not in browser.get(LINE).content.decode()
        assert browser.post(reverse("docket:answer_call", args=[handed.uid])).status_code == 404
