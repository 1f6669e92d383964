"""What came of a hearing."""

import uuid
from datetime import date, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.reopening import CaseIsOpen, reopen_case
from cases.actions.returns import record_return
from cases.models import Household
from cases.states import Reopening, Step
from core.errors import NotAllowed
from hearings.actions import HearingNotStanding, NotOfThisHousehold
from hearings.actions.outcomes import (
    Decision,
    HearingStillAhead,
    NoAppealFromThis,
    NobodyDecided,
    NothingToCorrect,
    OutcomeAlreadyNoted,
    correct_outcome,
    note_follow_up,
    note_outcome,
)
from hearings.models import FollowUp, Hearing, Outcome
from hearings.outcome_rules import Result, deadline_of, step_of
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory

DAY = date(2021, 12, 16)


@pytest.fixture
def household(db):
    return HouseholdFactory(people=2, step=Step.PRESENTED)


@pytest.fixture
def hearing(household):
    return HearingFactory(household=household)


@pytest.fixture
def after(hearing):
    """Three hours after the hearing began."""
    return hearing.court_at + timedelta(hours=3)


@pytest.fixture
def officer(actor_in):
    return actor_in("hearings")


def decided(hearing, result, people=None, **more):
    return Decision(result=result, people=people or list(hearing.household.people.all()), **more)


def note(hearing, result, actor, at, **more):
    told = {"source": Outcome.Source.SHEET, "decided_on": DAY, **more}
    return note_outcome(hearing=hearing, decisions=[decided(hearing, result)], actor=actor, at=at, **told)


class TestStepOf:
    def test_a_new_date_for_one_leaves_the_household_where_it_is(self):
        assert step_of([(Result.REMOVAL, False), (Result.RESET, False)], people=2) is None

    def test_somebody_of_whom_nothing_is_known_leaves_it_open(self):
        assert step_of([(Result.RELIEF, False)], people=2) is None

    def test_an_appeal_leaves_it_open(self):
        assert step_of([(Result.REMOVAL, True), (Result.REMOVAL, False)], people=2) is None

    def test_of_different_results_the_gravest_leads(self):
        assert step_of([(Result.RELIEF, False), (Result.IN_ABSENTIA, False)], people=2) == Step.IN_ABSENTIA


class TestDeadlineOf:
    def test_an_appeal_has_thirty_calendar_days(self):
        found = deadline_of(Result.REMOVAL, decided_on=DAY, appeal_reserved=True)
        assert (found.day, found.rule) == (
            date(2022, 1, 18),
            "8 CFR 1003.38(b)",
        )  # the 15th is a Saturday, the 17th a holiday

    def test_one_that_ends_on_a_working_day_stays_there(self):
        found = deadline_of(Result.REMOVAL, decided_on=date(2021, 12, 14), appeal_reserved=True)
        assert found.day == date(2022, 1, 13)

    def test_an_order_in_absentia_is_reopened_within_180_days_and_not_appealed(self):
        found = deadline_of(Result.IN_ABSENTIA, decided_on=DAY, appeal_reserved=False)
        assert (found.day, found.is_appeal) == (date(2022, 6, 14), False)

    def test_none_runs_where_nobody_appeals(self):
        assert deadline_of(Result.REMOVAL, decided_on=DAY, appeal_reserved=False) is None


@pytest.mark.django_db
class TestNoteOutcome:
    @pytest.mark.parametrize(
        ("result", "step"),
        [
            (Result.RELIEF, Step.RELIEF),
            (Result.REMOVAL, Step.REMOVED),
            (Result.IN_ABSENTIA, Step.IN_ABSENTIA),
            (Result.TERMINATED, Step.TERMINATED),
            (Result.ADMIN_CLOSED, Step.ADMIN_CLOSED),
            (Result.WITHDRAWN, Step.WITHDRAWN),
            (Result.DISENROLLED, Step.DISENROLLED),
            (Result.INTERVIEW_PENDING, Step.INTERVIEW_PENDING),
            (Result.NO_SHOW, Step.NO_SHOW),
            (Result.LOST_CONTACT, Step.LOST_CONTACT),
            (Result.RESET, Step.PRESENTED),
        ],
    )
    @pytest.mark.parametrize("from_step", [Step.PRESENTED, Step.PLACED])
    def test_moves_the_household_and_the_hearing_counts_as_held(self, hearing, officer, after, result, step, from_step):
        Household.objects.filter(pk=hearing.household_id).update(step=from_step)
        note(hearing, result, officer, after)
        hearing.household.refresh_from_db()
        expected = from_step if result == Result.RESET else step
        assert (hearing.status, hearing.household.step) == (Hearing.Status.HELD, expected)

    def test_keeps_one_a_person_and_they_may_differ(self, hearing, officer, after):
        mother, child = hearing.household.people.in_order()
        decisions = [decided(hearing, Result.RELIEF, [mother]), decided(hearing, Result.RESET, [child])]
        note_outcome(hearing=hearing, decisions=decisions, source="sheet", decided_on=DAY, actor=officer, at=after)
        assert dict(Outcome.objects.values_list("person", "result")) == {mother.pk: "relief", child.pk: "reset"}
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.PRESENTED

    def test_is_recorded_without_a_word_of_the_note(self, hearing, officer, after):
        note(hearing, Result.REMOVAL, officer, after, note="The judge was Reyes")
        event = Event.objects.get(type=EventType.OUTCOME_NOTED)
        assert event.facts["results"] == ["removal"]
        assert "Reyes" not in str(event.facts)
        assert Outcome.objects.first().note == "The judge was Reyes"

    def test_leaves_those_who_came_back_since_where_they_are(self, hearing, officer, after, actor_in):
        back = {"uid": uuid.uuid4(), "household": hearing.household, "crossing": None, "occurred_at": after}
        record_return(actor=actor_in("reception"), at=after, **back)
        note(hearing, Result.TERMINATED, officer, after + timedelta(hours=1))
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.RECEIVED

    def test_before_the_day_only_an_authority_ends_a_case(self, hearing, officer, now):
        with pytest.raises(HearingStillAhead):
            note(hearing, Result.REMOVAL, officer, now)
        note(hearing, Result.TERMINATED, officer, now)
        assert (hearing.status, hearing.version) == (Hearing.Status.CANCELLED, 2)

    def test_refuses_a_second_one(self, hearing, officer, after):
        note(hearing, Result.RELIEF, officer, after)
        with pytest.raises(OutcomeAlreadyNoted):
            note(hearing, Result.REMOVAL, officer, after)

    def test_refuses_one_of_a_cancelled_hearing(self, household, officer, after):
        with pytest.raises(HearingNotStanding):
            note(HearingFactory(household=household, status=Hearing.Status.CANCELLED), Result.RELIEF, officer, after)

    def test_refuses_an_appeal_from_what_nobody_appeals(self, hearing, officer, after):
        decisions = [decided(hearing, Result.IN_ABSENTIA, appeal_reserved=True)]
        with pytest.raises(NoAppealFromThis):
            note_outcome(hearing=hearing, decisions=decisions, source="sheet", decided_on=DAY, actor=officer, at=after)

    def test_refuses_people_of_others_and_the_same_one_twice(self, hearing, officer, after):
        one = hearing.household.people.first()
        for people, refusal in (([PersonFactory()], NotOfThisHousehold), ([one, one], NobodyDecided)):
            decisions = [decided(hearing, Result.RELIEF, people)]
            with pytest.raises(refusal):
                note_outcome(
                    hearing=hearing, decisions=decisions, source="sheet", decided_on=DAY, actor=officer, at=after
                )

    def test_refuses_whoever_does_not_note_hearings_there(self, hearing, actor_in, after):
        for stranger in (actor_in("shelter"), actor_in("hearings", "TJ")):
            with pytest.raises(NotAllowed):
                note(hearing, Result.RELIEF, stranger, after)


@pytest.mark.django_db
class TestCorrectOutcome:
    def correct(self, hearing, result, actor, at):
        decisions = [decided(hearing, result)]
        return correct_outcome(hearing=hearing, decisions=decisions, source="eoir", decided_on=DAY, actor=actor, at=at)

    def test_takes_the_place_of_the_first_which_stays_in_the_file(self, hearing, officer, after):
        note(hearing, Result.IN_ABSENTIA, officer, after)
        self.correct(hearing, Result.TERMINATED, officer, after + timedelta(hours=1))
        assert set(Outcome.objects.standing().values_list("result", flat=True)) == {"terminated"}
        assert Outcome.objects.count() == 4
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.TERMINATED

    def test_a_new_date_after_all_leads_back_to_reception(self, hearing, officer, after):
        note(hearing, Result.IN_ABSENTIA, officer, after)
        self.correct(hearing, Result.RESET, officer, after + timedelta(hours=1))
        hearing.household.refresh_from_db()
        assert hearing.household.step == Step.RECEIVED

    def test_refuses_where_nothing_is_noted(self, hearing, officer, after):
        with pytest.raises(NothingToCorrect):
            self.correct(hearing, Result.RESET, officer, after)

    def test_is_the_hearings_office_s_work(self, hearing, officer, actor_in, after):
        note(hearing, Result.IN_ABSENTIA, officer, after)
        with pytest.raises(NotAllowed):
            self.correct(hearing, Result.RESET, actor_in("reception"), after)


@pytest.mark.django_db
class TestReopenCase:
    def test_leads_back_to_where_they_stood_at_reception(self, hearing, officer, after):
        note(hearing, Result.IN_ABSENTIA, officer, after)
        household = reopen_case(
            household=hearing.household, reason=Reopening.READMITTED, actor=officer, at=after + timedelta(days=90)
        )
        assert household.step == Step.RECEIVED
        assert Event.objects.get(type=EventType.CASE_REOPENED).facts["reason"] == "readmitted"

    def test_refuses_what_is_open(self, household, officer, now):
        with pytest.raises(CaseIsOpen):
            reopen_case(household=household, reason=Reopening.COURT, actor=officer, at=now)

    def test_refuses_a_role_of_elsewhere(self, household, actor_in, now):
        Household.objects.update(step=Step.REMOVED)
        for stranger in (actor_in("shelter"), actor_in("hearings", "TJ")):
            with pytest.raises(NotAllowed):
                reopen_case(household=household, reason=Reopening.COURT, actor=stranger, at=now)


@pytest.mark.django_db
class TestNoteFollowUp:
    def test_keeps_who_was_asked_once_per_form(self, hearing, officer, after):
        uid = uuid.uuid4()
        told = {"uid": uid, "hearing": hearing, "contact": "phone", "answer": "no_answer", "note": "It rang"}
        first, is_new = note_follow_up(actor=officer, at=after, **told)
        again, is_news = note_follow_up(actor=officer, at=after, **told)
        assert (is_new, is_news, first) == (True, False, again)
        assert FollowUp.objects.get().note == "It rang"
        assert Event.objects.get(type=EventType.FOLLOW_UP_NOTED).facts == {"contact": "phone", "answer": "no_answer"}

    def test_is_refused_to_whoever_finds_out_nothing(self, hearing, actor_in, after):
        told = {"hearing": hearing, "contact": "phone", "answer": "safe"}
        for stranger in (actor_in("shelter"), actor_in("hearings", "TJ")):
            with pytest.raises(NotAllowed):
                note_follow_up(uid=uuid.uuid4(), actor=stranger, at=after, **told)
