import gzip
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from docket.conflicts import conflicts_of, open_conflicts
from docket.not_reached import left_of
from hearings.actions import change_hearing, note_hearing
from hearings.models import Hearing
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, sheet_says

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(officer, now):
    """A hearing of JZ on a day in December 2021 on whose time the sheet and the family differ."""

    def make(day=16, **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids), people=2)
        told = sheet_says(household=household, court_on=date(2021, 12, day), said_on=date(2021, 12, 1))
        hearing = note_hearing(**told, actor=officer, at=now)
        said = facts or {"court_time": time(13, 0)}
        return change_hearing(
            hearing=hearing, source="returnee", said_on=date(2021, 12, 2), actor=officer, at=now, **said
        )

    return make


class TestOpenConflicts:
    def test_holds_what_is_ahead_and_in_conflict_nearest_first(self, doubtful, officer, now):
        far, near = doubtful(20), doubtful(15)
        HearingFactory(household__site_id=min(officer.site_ids))
        assert list(open_conflicts(officer, now)) == [near, far]

    def test_leaves_out_what_is_over_or_elsewhere(self, doubtful, officer, actor_in, now):
        hearing = doubtful()
        assert not open_conflicts(officer, hearing.court_at + timedelta(minutes=1)).exists()
        assert not open_conflicts(actor_in("hearings", "TJ"), now).exists()

    def test_begins_with_whoever_may_have_to_present_first_by_any_word(self, doubtful, officer, now):
        paper_first = doubtful(15)
        lawyer_first = doubtful(30, court_on=date(2021, 12, 14))
        over_by_one_word = doubtful(20, court_on=date(2021, 12, 3), court_time=time(8, 30))
        assert list(open_conflicts(officer, now)) == [lawyer_first, paper_first, over_by_one_word]
        first, *_rest = conflicts_of(actor=officer, now=now).rows
        assert (first.hearing, first.left) == (lawyer_first, left_of(lawyer_first, now, lawyer_first.contended_at))
        assert lawyer_first.contended_at < paper_first.present_at < lawyer_first.present_at

    def test_keeps_a_hearing_that_is_over_by_its_paper_while_another_word_is_ahead(self, doubtful, officer, now):
        hearing = doubtful(16, court_on=date(2022, 1, 20))
        assert open_conflicts(officer, hearing.present_at + timedelta(days=1)).exists()
        assert not open_conflicts(officer, hearing.contended_at + timedelta(minutes=1)).exists()

    def test_is_empty_once_somebody_decided(self, doubtful, officer, now):
        hearing = doubtful()
        Hearing.objects.filter(pk=hearing.pk).update(conflicts=[])
        assert not open_conflicts(officer, now).exists()


class TestConflictsOf:
    def test_says_what_each_source_says_and_which_is_told(self, doubtful, officer, now):
        doubtful()
        (row,) = conflicts_of(actor=officer, now=now).rows
        (matter,) = row.matters
        assert matter.fact == "court_time"
        assert [(word.counts, "13:00" in word.what) for word in matter.words] == [(True, False), (False, True)]
        assert all("El Paso" in word.what for word in matter.words)

    def test_shows_fifty_a_page(self, officer, now):
        households = [HouseholdFactory(site_id=min(officer.site_ids)) for _ in range(3)]
        for number in range(51):
            at = datetime(2021, 12, 16, 8, number % 60, tzinfo=UTC) + timedelta(days=number)
            hearing = HearingFactory(
                household=households[number % 3], court_at=at, report_at=at, present_at=at, conflicts=["court_time"]
            )
            ClaimFactory(hearing=hearing)
            ClaimFactory(hearing=hearing, source="lawyer", local_time=time(13))
        first = conflicts_of(actor=officer, now=now)
        assert len(first.rows) == 50
        assert len(conflicts_of(actor=officer, now=now, cursor=first.next_cursor).rows) == 1


class TestTheList:
    def test_costs_ten_queries_and_thirty_kilobytes_at_fifty(
        self, client_of, officer, now, django_assert_max_num_queries
    ):
        for number in range(50):
            hearing = HearingFactory(
                household=HouseholdFactory(site_id=min(officer.site_ids), people=4), conflicts=["court_time"]
            )
            ClaimFactory(hearing=hearing)
            ClaimFactory(hearing=hearing, source="lawyer", local_time=time(13, number))
        browser = client_of("hearings")
        with time_machine.travel(now, tick=False), django_assert_max_num_queries(10):
            page = browser.get(reverse("docket:conflicts"))
        assert page.content.count(b'id="h-') == 50
        assert len(gzip.compress(page.content)) < 30_000

    def test_is_a_read_of_those_shown(self, client_of, doubtful, now):
        hearing = doubtful()
        with time_machine.travel(now, tick=False):
            client_of("hearings").get(reverse("docket:conflicts"))
        assert Read.objects.get().households == [hearing.household.uid]


class TestSettling:
    def settle(self, browser, hearing, claim, reason="Seen on the sheet again", now=None, seen=None):
        body = {"fact": claim.fact, f"{claim.fact}-claim": claim.pk, f"{claim.fact}-reason": reason}
        with time_machine.travel(now, tick=False):
            page = seen or browser.get(reverse("docket:settle", args=[hearing.uid]))
            (body[f"{claim.fact}-seen"],) = re.findall(
                rf'name="{claim.fact}-seen" value="([\d ]+)"', page.content.decode()
            )
            return browser.post(reverse("docket:settle", args=[hearing.uid]), body)

    def test_lets_the_chosen_word_count_and_goes_back(self, client_of, doubtful, now):
        hearing = doubtful()
        heard = hearing.claims.get(source="returnee", fact="court_time")
        answer = self.settle(client_of("hearings"), hearing, heard, now=now)
        assert answer.headers["Location"] == reverse("docket:conflicts")
        hearing.refresh_from_db()
        assert (hearing.court_time, hearing.conflicts) == (time(13, 0), [])

    def test_asks_for_a_reason(self, client_of, doubtful, now):
        hearing = doubtful()
        sheet = hearing.claims.get(source="sheet", fact="court_time")
        assert self.settle(client_of("hearings"), hearing, sheet, reason="", now=now).status_code == 422

    def test_decides_nothing_over_a_word_that_came_meanwhile(self, client_of, doubtful, officer, now):
        hearing, browser = doubtful(), client_of("hearings")
        with time_machine.travel(now, tick=False):
            seen = browser.get(reverse("docket:settle", args=[hearing.uid]))
        said = {"source": "lawyer", "said_on": date(2021, 12, 3), "court_time": time(9, 0)}
        change_hearing(hearing=hearing, actor=officer, at=now, **said)
        sheet = hearing.claims.get(source="sheet", fact="court_time")
        assert self.settle(browser, hearing, sheet, now=now, seen=seen).status_code == 422
        assert not hearing.claims.filter(source="decision").exists()

    def test_takes_no_word_of_another_hearing(self, client_of, doubtful, now):
        hearing, other = doubtful(), doubtful(20)
        foreign = other.claims.get(source="sheet", fact="court_time")
        assert self.settle(client_of("hearings"), hearing, foreign, now=now).status_code == 422

    def test_begins_with_the_word_that_was_tapped(self, client_of, doubtful, now):
        hearing = doubtful()
        heard = hearing.claims.get(source="returnee", fact="court_time")
        with time_machine.travel(now, tick=False):
            page = client_of("hearings").get(reverse("docket:settle", args=[hearing.uid]), {"word": heard.pk})
        assert f'value="{heard.pk}" id="id_court_time-claim_1" required checked' in page.content.decode()

    def test_of_a_hearing_elsewhere_finds_nothing(self, client_of, doubtful, now):
        hearing = doubtful()
        with time_machine.travel(now, tick=False):
            page = client_of("hearings", "TJ").get(reverse("docket:settle", args=[hearing.uid]))
        assert page.status_code == 404

    def test_keeps_readable_what_was_set_aside_and_why(self, client_of, doubtful, officer, now):
        hearing = doubtful()
        browser = client_of("hearings")
        self.settle(browser, hearing, hearing.claims.get(source="sheet", fact="court_time"), now=now)
        with time_machine.travel(now, tick=False):
            page = browser.get(reverse("docket:settle", args=[hearing.uid]))
        assert page.context["forms"] == []
        history = dict(page.context["history"])
        noted = next(words for words in history.values() if any(each.reason for each in words))
        assert [(each.counts, "13:00" in each.what) for each in noted] == [(False, False), (False, True), (True, False)]
        assert noted[0].reason in page.content.decode()
        assert officer.name in noted[0].who
