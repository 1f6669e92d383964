"""Back from court, in one form and one deed."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.reopening import reopen_case
from cases.models import Absence, Arrival, Consent, PhoneOwner, StepTaken
from cases.states import Reopening, Step
from docket.actions.returns import OutcomeEntry, come_back
from hearings.actions import HearingAlreadyNoted, note_hearing
from hearings.actions.outcomes import Decision, note_outcome
from hearings.models import Hearing, Outcome
from hearings.outcome_rules import Result
from journey.actions.arrivals import HearingEntry
from journey.reminders import prefix_of
from messaging.models import Message
from shelters.models import Stay
from shelters.waiting_list import waiting_list
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import sheet_says
from tests.factories.places import CourtFactory, CrossingFactory
from tests.factories.shelters import StayFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 12, 16)
BACK_AT = datetime(2021, 12, 16, 23, 0, tzinfo=UTC)


@pytest.fixture
def officer(actor_in):
    return actor_in("coordinator")


@pytest.fixture
def household(officer):
    """A mother with a phone who agreed to messages, and her child; both sleep in a shelter."""
    household = HouseholdFactory(site_id=min(officer.site_ids), people=0, step=Step.PRESENTED)
    head = PersonFactory(
        household=household, position=1, relation="head", phone="+526561230001", phone_owner=PhoneOwner.OWN
    )
    child = PersonFactory(household=household, position=2, relation="child", birth_date=date(2015, 3, 1))
    ConsentFactory(household=household, purpose=Consent.Purpose.MESSAGES)
    first = StayFactory(person=head, household=household)
    StayFactory(person=child, household=household, unit=first.unit)
    return household


@pytest.fixture
def hearing(household, officer, now):
    noted = note_hearing(**sheet_says(household=household, court_on=DAY), actor=officer, at=now)
    dispatch_pending(at=now)
    return noted


def waiting(hearing):
    return Message.objects.waiting().filter(plan_key__startswith=prefix_of(hearing)).count()


def sheet(**facts):
    told = {"court": CourtFactory(), "court_on": date(2022, 1, 20), "court_time": time(13, 0), "said_on": DAY}
    return HearingEntry(**{**told, "crossing": CrossingFactory(), "report_time": time(9, 0), **facts})


def outcome(hearing, result=Result.RESET, people=None):
    people = people or list(hearing.household.people.all())
    return OutcomeEntry(
        hearing=hearing, decisions=[Decision(result=result, people=people)], source="sheet", decided_on=DAY
    )


def back(household, actor, **more):
    told = {"uid": uuid.uuid4(), "crossing": None, "occurred_at": BACK_AT, "at": BACK_AT, **more}
    result = come_back(household=household, actor=actor, **told)
    dispatch_pending(at=told["at"])
    return result


class TestComeBack:
    def test_a_day_at_court_with_a_new_date_is_one_deed(self, household, hearing, officer):
        assert waiting(hearing) > 0
        before = set(Stay.objects.open().values_list("pk", "unit"))
        arrival, is_new = back(household, officer, outcome=outcome(hearing), sheet=sheet())
        household.refresh_from_db()
        hearing.refresh_from_db()
        new = Hearing.objects.standing().get(household=household)
        assert (is_new, arrival.kind, household.step) == (True, Arrival.Kind.COURT_RETURN, Step.RECEIVED)
        assert (hearing.status, new.court_on) == (Hearing.Status.HELD, date(2022, 1, 20))
        assert set(Stay.objects.open().values_list("pk", "unit")) == before
        assert (waiting(hearing), waiting(new) > 0) == (0, True)

    def test_only_that_they_are_back_need_be_known(self, household, hearing, officer):
        back(household, officer)
        hearing.refresh_from_db()
        assert hearing.stands
        assert not Outcome.objects.exists()

    def test_once_per_form_whatever_else_it_says(self, household, hearing, officer):
        uid = uuid.uuid4()
        for _ in range(2):
            back(household, officer, uid=uid, outcome=outcome(hearing), sheet=sheet())
        assert (household.arrivals.filter(kind=Arrival.Kind.COURT_RETURN).count(), Outcome.objects.count()) == (1, 2)
        assert Event.objects.filter(type=EventType.OUTCOME_NOTED).count() == 1

    def test_who_did_not_come_back_is_missing_and_was_not_received(self, household, hearing, officer):
        head, child = household.people.in_order()
        arrival, _ = back(household, officer, here=[head], away=[child])
        assert Absence.objects.open().get().person == child
        assert StepTaken.objects.get(arrival=arrival).person == head

    def test_who_was_out_for_court_is_back(self, household, hearing, officer):
        head = household.people.first()
        Absence.objects.create(
            person=head, noted_at=BACK_AT - timedelta(hours=14), noted_by="1", reason="court", expected_at=BACK_AT
        )
        back(household, officer)
        assert not Absence.objects.open().exists()

    def test_is_all_or_nothing(self, household, hearing, officer):
        same = sheet(court_on=DAY, court_time=time(8, 30), report_time=None, crossing=None)
        with pytest.raises(HearingAlreadyNoted):
            come_back(
                uid=uuid.uuid4(),
                household=household,
                crossing=None,
                occurred_at=BACK_AT,
                sheet=same,
                actor=officer,
                at=BACK_AT,
            )
        assert not household.arrivals.filter(kind=Arrival.Kind.COURT_RETURN).exists()


class TestClosedCase:
    def test_of_an_order_in_absentia_opens_again_and_its_dates_ahead_are_told_again(
        self, household, hearing, officer, now
    ):
        said = sheet_says(household=household, court_on=date(2022, 2, 10), source="eoir", said_on=DAY)
        later = note_hearing(**said, actor=officer, at=now)
        dispatch_pending(at=now)
        everybody = [Decision(result=Result.IN_ABSENTIA, people=list(household.people.all()))]
        after = BACK_AT + timedelta(hours=1)
        note_outcome(hearing=hearing, decisions=everybody, source="eoir", decided_on=DAY, actor=officer, at=after)
        dispatch_pending(at=after)
        household.refresh_from_db()
        assert (household.step, waiting(hearing), waiting(later)) == (Step.IN_ABSENTIA, 0, 0)

        again = after + timedelta(days=7)
        reopen_case(household=household, reason=Reopening.COURT, actor=officer, at=again)
        dispatch_pending(at=again)
        assert (household.step, waiting(later) > 0) == (Step.RECEIVED, True)

    def test_hears_that_a_date_before_the_day_no_longer_holds(self, household, hearing, officer, now):
        soon = now + timedelta(days=2)
        first = Message.objects.filter(plan_key__startswith=prefix_of(hearing)).order_by("due_at").first()
        Message.objects.filter(pk=first.pk).update(status=Message.Status.SENT, sent_at=soon)
        everybody = [Decision(result=Result.TERMINATED, people=list(household.people.all()))]
        note_outcome(hearing=hearing, decisions=everybody, source="lawyer", decided_on=DAY, actor=officer, at=soon)
        dispatch_pending(at=soon)
        assert list(Message.objects.waiting().values_list("rung", flat=True)) == ["cancelled"]


class TestPage:
    @pytest.fixture(autouse=True)
    def that_evening(self):
        with time_machine.travel(BACK_AT, tick=False):
            yield

    @pytest.fixture
    def url(self, household):
        return reverse("docket:log_return", args=[household.uid])

    def sent(self, **more):
        return {"uid": uuid.uuid4(), "crossing": "", "came_on": "2021-12-16", "came_time": "15:50", **more}

    def test_asks_for_all_of_it_and_says_that_the_place_is_kept(self, hearing, url, client_of):
        page = client_of("reception").get(url).content.decode()
        for name in ("came_on", "people", "result", "next_on", "report_time"):
            assert f'name="{name}"' in page
        assert Stay.objects.first().unit.name in page

    def test_notes_all_of_it(self, household, hearing, url, client_of):
        crossing, court = CrossingFactory(), CourtFactory()
        head = household.people.in_order().first()
        answer = client_of("reception").post(
            url,
            self.sent(
                people=[head.pk],
                result="reset",
                decided_on="2021-12-16",
                said_by="sheet",
                next_on="2022-01-20",
                next_time="13:00",
                next_court=court.pk,
                next_crossing=crossing.pk,
                report_time="09:00",
            ),
        )
        assert answer.status_code == 302
        new = Hearing.objects.standing().get(household=household)
        assert (new.kind, new.report_time) == (Hearing.Kind.MASTER_RESET, time(9, 0))
        assert set(Outcome.objects.values_list("result", flat=True)) == {"reset"}
        assert Absence.objects.open().count() == 1

    def test_notes_different_results(self, household, hearing, url, client_of):
        child = household.people.in_order().last()
        client_of("reception").post(url, self.sent(result="removal", **{f"result-{child.pk}": "reset"}))
        assert dict(Outcome.objects.values_list("person__position", "result")) == {1: "removal", 2: "reset"}

    def test_asks_again_where_a_sheet_is_half_copied_or_over(self, hearing, url, client_of):
        browser = client_of("reception")
        for half in ({"next_on": "2022-01-20"}, {"next_on": "2021-01-20", "next_time": "13:00", "next_court": "x"}):
            answer = browser.post(url, self.sent(**half))
            assert answer.status_code == 422
            assert "x-rest" in answer.content.decode().split(" open>")[0]
        over = self.sent(next_on="2021-01-20", next_time="13:00", next_court=str(CourtFactory().pk))
        assert b"next_on" in browser.post(url, over).content
        assert not Arrival.objects.filter(kind=Arrival.Kind.COURT_RETURN).exists()

    def test_works_for_who_has_no_hearing_behind_them(self, household, url, client_of):
        assert client_of("reception").post(url, self.sent()).status_code == 302
        assert not Outcome.objects.exists()


class TestWaitingList:
    def test_says_where_they_had_a_bed_that_was_given_up(self, household, officer):
        shelter = Stay.objects.first().unit.shelter
        Stay.objects.update(ends_at=BACK_AT - timedelta(hours=16), leaving_reason="court")
        household.guest_site = None
        household.save()
        back(household, officer)
        (row,) = waiting_list(household.site, actor=officer, at=BACK_AT).rows
        assert row.had_place == shelter.name

    def test_says_nothing_of_a_bed_given_up_after_they_came_back(self, household, officer):
        back(household, officer)
        Stay.objects.update(ends_at=BACK_AT + timedelta(hours=1), leaving_reason="left")
        household.guest_site = None
        household.save()
        (row,) = waiting_list(household.site, actor=officer, at=BACK_AT + timedelta(hours=2)).rows
        assert not row.had_place
