"""Hearings of which nobody knows what came, and what is done about it."""

import gzip
import uuid
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event, EventType, Read
from cases.models import Absence, PhoneOwner
from cases.states import Step
from docket import day
from docket.call_tree import SILENCE, rungs
from docket.outcomes import missing_outcomes, open_outcomes
from hearings.actions.outcomes import Decision, note_follow_up, note_outcome
from hearings.models import FollowUp, Hearing, Outcome
from hearings.outcome_rules import Result
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 12, 16)
URL = reverse("docket:outcomes")


@pytest.fixture
def family(officer):
    def make(surnames="Reyes Mejía", **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids), step=Step.PRESENTED)
        hearing = HearingFactory(household=household, **facts)
        for position in (1, 2):
            person = PersonFactory(
                household=household,
                position=position,
                surnames=surnames,
                relation="head" if position == 1 else "child",
                phone="+526561230001" if position == 1 else "",
                phone_owner=PhoneOwner.OWN,
                findable=False,
            )
            SummonsFactory(hearing=hearing, person=person)
        ClaimFactory(hearing=hearing)
        return hearing

    return make


@pytest.fixture
def hearing(family):
    return family()


@pytest.fixture
def later(hearing):
    """Three hours after the hearing began."""
    return hearing.court_at + timedelta(hours=3)


class TestOpenOutcomes:
    def test_asks_after_a_hearing_two_hours_after_it_began(self, hearing, officer):
        assert not open_outcomes(officer, hearing.court_at + SILENCE - timedelta(minutes=1))
        assert list(open_outcomes(officer, hearing.court_at + SILENCE)) == [hearing]

    def test_waits_for_whoever_is_said_to_come_back_later(self, hearing, officer, later):
        away = {"noted_at": later - timedelta(hours=9), "noted_by": "1", "reason": "court"}
        Absence.objects.create(person=hearing.household.people.first(), expected_at=later + timedelta(hours=1), **away)
        assert not open_outcomes(officer, later)
        assert open_outcomes(officer, later + timedelta(hours=1))

    def test_lets_go_of_what_has_an_outcome(self, hearing, officer, later):
        everybody = [Decision(result=Result.RESET, people=list(hearing.household.people.all()))]
        note_outcome(hearing=hearing, decisions=everybody, source="eoir", decided_on=DAY, actor=officer, at=later)
        assert not open_outcomes(officer, later)

    @pytest.mark.parametrize("step", [Step.LEFT, Step.REMOVED, Step.LOST_CONTACT])
    def test_does_not_ask_after_those_whose_way_has_ended(self, hearing, officer, later, step):
        type(hearing.household).objects.update(step=step)
        assert not open_outcomes(officer, later)

    def test_leaves_out_cancelled_ones_and_other_sites(self, family, actor_in, officer, later):
        assert not open_outcomes(actor_in("hearings", "TJ"), later)
        Hearing.objects.update(status=Hearing.Status.CANCELLED)
        assert not open_outcomes(officer, later)


class TestMissingOutcomes:
    def test_the_longest_without_news_stands_first(self, family, officer):
        late, early = family(court_time=time(13, 0)), family()
        rows = missing_outcomes(actor=officer, now=late.court_at + timedelta(hours=3)).rows
        assert [row.hearing for row in rows] == [early, late]

    def test_grows_graver_by_the_hour(self, hearing, officer):
        for hours, tone in ((3, "warn"), (13, "stop")):
            (row,) = missing_outcomes(actor=officer, now=hearing.court_at + timedelta(hours=hours)).rows
            assert row.overdue.tone == tone

    def test_says_whom_to_ask_next_and_how_they_are(self, hearing, officer, later):
        for contact, answer in (("phone", "no_answer"), ("shelter", "in_danger")):
            told = {"hearing": hearing, "contact": contact, "answer": answer}
            note_follow_up(uid=uuid.uuid4(), actor=officer, at=later, **told)
        (row,) = missing_outcomes(actor=officer, now=later).rows
        assert (row.next_call, row.welfare.tone) == (None, "stop")
        (row,) = missing_outcomes(actor=officer, now=later + timedelta(hours=1)).rows
        assert row.next_call.rung.contact == FollowUp.Contact.LAWYER

    def test_the_tree_asks_everybody_once_and_in_order(self):
        assert {rung.contact for rung in rungs()} == set(FollowUp.Contact)
        assert [rung.after for rung in rungs()] == sorted(rung.after for rung in rungs())


class TestPages:
    @pytest.fixture(autouse=True)
    def that_afternoon(self):
        with time_machine.travel(datetime.fromisoformat("2021-12-16T18:40:00+00:00"), tick=False):
            yield

    @pytest.fixture
    def browser(self, client_of):
        return client_of("hearings")

    def ask_url(self, hearing, name="ask_after"):
        return reverse(f"docket:{name}", args=[hearing.uid])

    def test_the_list_costs_at_most_ten_queries_and_thirty_kilobytes(
        self, family, browser, officer, django_assert_max_num_queries
    ):
        for number in range(27):
            hearing = family(surnames=f"Apellido{number} Largo{number}")
            told = {"hearing": hearing, "contact": "phone", "answer": "no_answer"}
            note_follow_up(uid=uuid.uuid4(), actor=officer, at=hearing.court_at + SILENCE, **told)
        browser.get(URL)
        with django_assert_max_num_queries(10):
            page = browser.get(URL)
        assert page.content.count(b'class="nm"') == 25
        assert len(gzip.compress(page.content)) < 30_000
        assert b"after=" in page.content

    def test_phones_are_shown_on_asking_only_and_that_is_recorded(self, hearing, browser):
        assert b"1230001" not in browser.get(self.ask_url(hearing)).content
        assert b"1230001" in browser.post(self.ask_url(hearing)).content
        assert [read.page for read in Read.objects.order_by("pk")] == ["outcomes", "outcomes.numbers"]

    def test_notes_whom_somebody_asked(self, hearing, browser):
        sent = {"uid": uuid.uuid4(), "contact": "shelter", "answer": "safe", "note": "In their room"}
        for _ in range(2):
            browser.post(self.ask_url(hearing, "asked"), sent)
        assert FollowUp.objects.get().note == "In their room"
        assert "In their room" in browser.get(self.ask_url(hearing)).content.decode()

    def test_ends_with_lost_contact(self, hearing, browser):
        browser.post(self.ask_url(hearing, "lost"))
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.LOST_CONTACT
        assert set(Outcome.objects.values_list("result", flat=True)) == {"lost_contact"}
        assert browser.get(self.ask_url(hearing)).status_code == 404

    def test_an_outcome_is_noted_once_and_then_corrected(self, hearing, browser):
        url = reverse("docket:outcome", args=[hearing.household.uid, hearing.uid])
        sent = {"result": "removal", "appeal_reserved": "on", "decided_on": "2021-12-16", "said_by": "lawyer"}
        assert browser.post(url, sent).status_code == 302
        assert b"checked" in browser.get(url).content
        browser.post(url, {**sent, "result": "relief"})
        assert set(Outcome.objects.standing().values_list("result", flat=True)) == {"relief"}
        assert Event.objects.filter(type=EventType.OUTCOME_CORRECTED).count() == 1

    def test_refuses_an_appeal_from_a_new_date(self, hearing, browser):
        url = reverse("docket:outcome", args=[hearing.household.uid, hearing.uid])
        sent = {"result": "reset", "appeal_reserved": "on", "decided_on": "2021-12-16", "said_by": "sheet"}
        assert browser.post(url, sent).status_code == 422

    def test_the_household_page_shows_the_last_outcome_with_its_deadline(self, hearing, browser, officer):
        page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert reverse("docket:outcome", args=[hearing.household.uid, hearing.uid]) in page
        everybody = [Decision(result=Result.REMOVAL, people=list(hearing.household.people.all()), appeal_reserved=True)]
        at = hearing.court_at + SILENCE
        note_outcome(hearing=hearing, decisions=everybody, source="sheet", decided_on=DAY, actor=officer, at=at)
        page = browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert "8 CFR 1003.38(b)" in page

    def test_a_closed_case_opens_again(self, hearing, browser, officer):
        everybody = [Decision(result=Result.IN_ABSENTIA, people=list(hearing.household.people.all()))]
        at = hearing.court_at + SILENCE
        note_outcome(hearing=hearing, decisions=everybody, source="eoir", decided_on=DAY, actor=officer, at=at)
        url = reverse("docket:reopen", args=[hearing.household.uid])
        assert url in browser.get(reverse("journey:household", args=[hearing.household.uid])).content.decode()
        assert browser.post(url, {"reason": "court"}).status_code == 302
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.RECEIVED
        assert browser.post(url, {"reason": "court"}).status_code == 422


class TestTimeline:
    def test_tells_the_outcome_and_not_the_step_that_follows_from_it(self, hearing, officer, later, client_of):
        everybody = [Decision(result=Result.IN_ABSENTIA, people=list(hearing.household.people.all()))]
        note_outcome(hearing=hearing, decisions=everybody, source="eoir", decided_on=DAY, actor=officer, at=later)
        assert Event.objects.filter(type=EventType.STEP_TAKEN, facts__follows="outcome").count() == 1
        with time_machine.travel(later, tick=False):
            page = client_of("hearings").get(reverse("journey:household", args=[hearing.household.uid]))
        told = page.content.decode().split('class="x-tl"')[1].split("</ol>")[0]
        assert told.count("<p>") == 1


class TestDocket:
    def test_shows_what_came_of_a_hearing_instead_of_its_light(self, family, officer, later):
        held, other = family(), family()
        everybody = [Decision(result=Result.REMOVAL, people=list(held.household.people.all()))]
        note_outcome(hearing=held, decisions=everybody, source="eoir", decided_on=DAY, actor=officer, at=later)
        rows = {row.hearing.pk: row for row in day.rows_of(day=DAY, actor=officer, now=later)}
        assert (rows[held.pk].outcome.icon, rows[other.pk].outcome) == ("gavel", None)
        assert not rows[held.pk].answers(day.Only.NOT_REACHED)

    def test_says_where_outcomes_differ(self, hearing, officer, later):
        one, other = hearing.household.people.in_order()[:2]
        decisions = [
            Decision(result=Result.RELIEF, people=[one]),
            Decision(result=Result.RESET, people=[other]),
        ]
        note_outcome(hearing=hearing, decisions=decisions, source="eoir", decided_on=DAY, actor=officer, at=later)
        (row,) = day.rows_of(day=DAY, actor=officer, now=later)
        assert row.outcome.tone == "warn"
