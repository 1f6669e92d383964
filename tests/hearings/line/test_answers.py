"""What the answers of the EOIR line come to."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings.actions.checks import (
    CannotCount,
    DateNotHeard,
    ListIsOver,
    NothingToAsk,
    settle_calls,
)
from hearings.models import CheckCall, Claim, Hearing, due_for_a_check
from places.zones import NonexistentTime
from tests.factories.hearings import HearingFactory
from tests.factories.places import CourtFactory
from tests.hearings.line.calling import end_batch_of, only_call

pytestmark = pytest.mark.django_db


Answer, Finding = CheckCall.Answer, CheckCall.Finding


HOURS = timedelta(hours=8)


class TestAnswerCall:
    def test_verifies_what_the_line_repeats(self, hand, caller, hearing, says, now):
        found = hearing()
        user = caller()
        call = says(user, only_call(hand(user)), found.court_on)
        found.refresh_from_db()
        assert (call.finding, found.verified_at, found.version) == (Finding.AGREES, now, 1)
        assert Event.objects.get(type=EventType.HEARING_VERIFIED).actor_name == user.name

    def test_changes_what_is_far_away(self, hand, caller, hearing, says):
        found = hearing()
        user = caller()
        says(user, only_call(hand(user)), date(2022, 2, 17))
        found.refresh_from_db()
        assert (found.court_on, found.version) == (date(2022, 2, 17), 2)
        assert found.claims.filter(source=Claim.Source.EOIR_LINE, local_on=date(2022, 2, 17)).exists()

    def test_changes_nothing_that_is_soon_by_one_call(self, hand, caller, hearing, says):
        found = hearing(date(2021, 12, 10))
        user = caller()
        call = says(user, only_call(hand(user)), date(2022, 2, 17))
        found.refresh_from_db()
        assert (call.finding, found.court_on, found.verified_at) == (Finding.SECOND_WANTED, date(2021, 12, 10), None)

    def test_changes_it_when_a_second_caller_hears_the_same(self, hand, caller, hearing, says, now):
        found = hearing(date(2021, 12, 10))
        one, two = caller("one"), caller("two")
        first = says(one, only_call(hand(one)), date(2022, 2, 17))
        second = says(two, only_call(hand(two)), date(2022, 2, 17))
        found.refresh_from_db()
        first.refresh_from_db()
        assert (found.court_on, found.verified_at) == (date(2022, 2, 17), now)
        assert (first.settled_at, second.settled_at) == (now, now)

    def test_gives_a_second_call_to_nobody_who_made_the_first(self, hand, caller, hearing, says):
        hearing(date(2021, 12, 10))
        one = caller("one")
        batch = hand(one)
        says(one, only_call(batch), date(2022, 2, 17))
        end_batch_of(batch)
        with pytest.raises(NothingToAsk):
            hand(one)

    def test_puts_a_second_call_on_top(self, hand, caller, hearing, says, now):
        urgent = hearing(date(2021, 12, 14))
        one, two = caller("one"), caller("two")
        says(one, only_call(hand(one)), date(2022, 2, 17))
        hearing(date(2021, 12, 9))
        batch = hand(two)
        assert batch.calls.order_by("position").first().hearing == urgent

    def test_leaves_calls_that_disagree_to_a_person(self, hand, caller, hearing, says):
        found = hearing(date(2021, 12, 10))
        one, two = caller("one"), caller("two")
        says(one, only_call(hand(one)), date(2022, 2, 17))
        says(two, only_call(hand(two)), date(2022, 2, 18))
        found.refresh_from_db()
        assert found.court_on == date(2021, 12, 10)
        assert set(CheckCall.objects.for_a_person().values_list("finding", flat=True)) == {Finding.DISAGREES}
        assert CheckCall.objects.for_a_person().count() == 2

    @pytest.mark.parametrize(
        ("answer", "finding"),
        [
            (Answer.NO_CASE, Finding.NOT_FOUND),
            (Answer.NO_HEARING, Finding.NOT_FOUND),
            (Answer.OTHER_COURT, Finding.OTHER_COURT),
            (Answer.DATE, Finding.OTHER_COURT),
        ],
    )
    def test_leaves_what_contradicts_the_hearing_to_a_person(self, hand, caller, hearing, says, answer, finding):
        found = hearing()
        user = caller()
        court = CourtFactory(eoir_base="SND", name="San Diego") if answer == Answer.DATE else None
        says(user, only_call(hand(user)), found.court_on, answer=answer, court=court)
        assert CheckCall.objects.for_a_person().get().finding == finding

    def test_asks_again_another_day_who_is_not_in_the_system_yet(self, hand, caller, hearing, says, now):
        hearing()
        user = caller()
        batch = hand(user)
        says(user, only_call(batch), answer=Answer.NOT_YET)
        end_batch_of(batch)
        with pytest.raises(NothingToAsk):
            hand(user, at=now + timedelta(hours=19))
        assert hand(user, at=now + timedelta(hours=21)).calls.count() == 1

    def test_leaves_to_a_person_what_the_rules_of_hearings_refuse(self, hand, caller, hearing, says):
        found = hearing()
        HearingFactory(
            household=found.household,
            court=found.court,
            court_on=date(2022, 2, 17),
            report_on=None,
            report_time=None,
            report_zone="",
            report_at=None,
            report_basis="unknown",
            present_at=datetime(2022, 2, 17, 15, 30, tzinfo=UTC),
        )
        user = caller()
        call = says(user, only_call(hand(user)), date(2022, 2, 17))
        assert (call.finding, call.settled_at) == (Finding.CANNOT, None)

    def test_refuses_a_time_that_the_clocks_skip(self, hand, caller, hearing, says):
        hearing()
        user = caller()
        with pytest.raises(NonexistentTime):
            says(user, only_call(hand(user)), date(2022, 3, 13), clock=time(2, 30))

    def test_wants_a_day_and_a_time_of_a_date(self, hand, caller, hearing, says):
        hearing()
        user = caller()
        with pytest.raises(DateNotHeard):
            says(user, only_call(hand(user)), None)

    def test_is_for_the_caller_of_the_list_only(self, hand, caller, hearing, says):
        found = hearing()
        call = only_call(hand(caller("one")))
        with pytest.raises(NotAllowed):
            says(caller("two"), call, found.court_on)

    def test_ends_with_the_list(self, hand, caller, hearing, says, now):
        found = hearing()
        user = caller()
        call = only_call(hand(user))
        with pytest.raises(ListIsOver):
            says(user, call, found.court_on, at=now + HOURS)

    def test_counts_once(self, hand, caller, hearing, says):
        found = hearing()
        user = caller()
        call = only_call(hand(user))
        says(user, call, found.court_on)
        with pytest.raises(ListIsOver):
            says(user, call, found.court_on)

    def test_tells_the_log_what_but_not_which_date(self, hand, caller, hearing, says):
        found = hearing()
        user = caller()
        says(user, only_call(hand(user)), found.court_on)
        event = Event.objects.get(type=EventType.LINE_ANSWERED)
        assert (event.household, event.facts) == (found.household.uid, {"answer": "date", "finding": "agrees"})


class TestSettleCalls:
    @pytest.fixture
    def torn(self, hand, caller, hearing, says):
        """A hearing about which two calls disagree."""
        found = hearing(date(2021, 12, 10))
        one, two = caller("one"), caller("two")
        says(one, only_call(hand(one)), date(2022, 2, 17))
        says(two, only_call(hand(two)), date(2021, 12, 10))
        return found

    def test_lets_the_chosen_word_count(self, torn, officer, now):
        chosen = CheckCall.objects.for_a_person().get(said_court_on=date(2022, 2, 17))
        settle_calls(hearing=torn, counts=chosen, actor=officer, at=now)
        torn.refresh_from_db()
        assert torn.court_on == date(2022, 2, 17)
        assert not CheckCall.objects.unsettled().exists()

    def test_verifies_where_the_chosen_word_is_what_is_shown(self, torn, officer, now):
        chosen = CheckCall.objects.for_a_person().get(said_court_on=date(2021, 12, 10))
        settle_calls(hearing=torn, counts=chosen, actor=officer, at=now)
        torn.refresh_from_db()
        assert (torn.verified_at, torn.version) == (now, 1)

    def test_takes_over_a_date_at_another_court(self, hand, caller, hearing, says, officer, now):
        found, court = hearing(), CourtFactory(eoir_base="SND", name="San Diego", zone="America/Los_Angeles")
        user = caller()
        call = says(user, only_call(hand(user)), date(2022, 3, 1), court=court)
        settle_calls(hearing=found, counts=call, actor=officer, at=now)
        found.refresh_from_db()
        assert (found.court, found.court_on, found.court_zone) == (court, date(2022, 3, 1), "America/Los_Angeles")

    def test_refuses_a_date_at_a_court_that_nobody_knows(self, hand, caller, hearing, says, officer, now):
        found = hearing()
        user = caller()
        call = says(user, only_call(hand(user)), date(2022, 3, 1), answer=Answer.OTHER_COURT)
        with pytest.raises(CannotCount):
            settle_calls(hearing=found, counts=call, actor=officer, at=now)

    def test_or_has_the_line_asked_again(self, torn, officer, now):
        settle_calls(hearing=torn, counts=None, actor=officer, at=now)
        later = now + timedelta(hours=21)
        assert list(due_for_a_check(Hearing.objects.all(), later)) == [torn]

    def test_is_for_those_who_change_hearings(self, torn, actor_in, now):
        with pytest.raises(NotAllowed):
            settle_calls(hearing=torn, counts=None, actor=actor_in("caller", "JZ"), at=now)

    def test_is_not_needed_once_somebody_verified_it(self, torn, officer, now):
        from hearings.actions import verify_hearing

        verify_hearing(hearing=torn, said_on=date(2021, 12, 8), actor=officer, at=now + timedelta(minutes=1))
        assert not CheckCall.objects.unsettled().exists()
