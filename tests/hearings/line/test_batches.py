"""Lists for callers of the EOIR line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings import line
from hearings.actions.checks import (
    CallerHasAList,
    NotACaller,
    NothingToAsk,
    end_batch,
    note_line_busy,
)
from hearings.models import CheckBatch, CheckCall, Hearing, due_for_a_check
from tests.factories.accounts import MembershipFactory
from tests.factories.hearings import HearingFactory, SummonsFactory
from tests.hearings.line.calling import only_call

pytestmark = pytest.mark.django_db


HOURS = timedelta(hours=8)


class TestHandBatch:
    def test_gives_the_most_urgent_first(self, hand, caller, hearing):
        later, sooner = hearing(date(2022, 1, 20)), hearing(date(2021, 12, 20))
        batch = hand(caller())
        assert [call.hearing_id for call in batch.calls.order_by("position")] == [sooner.pk, later.pk]

    def test_asks_by_the_number_of_the_head(self, hand, caller, hearing):
        found = hearing()
        assert only_call(hand(caller())).person == found.household.people.get(relation="head")

    def test_asks_by_whoever_has_a_number(self, hand, caller, hearing):
        found = hearing(number="")
        found.household.people.filter(relation="child").update(a_number="098765432")
        assert only_call(hand(caller())).person.relation == "child"

    def test_passes_over_those_without_any_number(self, hand, caller, hearing):
        hearing(number="")
        with pytest.raises(NothingToAsk):
            hand(caller())

    def test_costs_as_much_for_many_as_for_one(self, hand, caller, hearing, django_assert_max_num_queries):
        for day in range(1, 21):
            hearing(date(2022, 2, day))
        user = caller()
        with django_assert_max_num_queries(20):
            assert hand(user, count=20).calls.count() == 20

    def test_leaves_out_what_was_verified_a_moment_ago(self, hand, caller, hearing, now):
        hearing(verified_at=now - timedelta(days=1))
        with pytest.raises(NothingToAsk):
            hand(caller())

    def test_gives_no_hearing_to_two(self, hand, caller, hearing):
        hearing()
        hand(caller("one"))
        with pytest.raises(NothingToAsk):
            hand(caller("two"))

    def test_gives_again_what_a_list_that_ran_out_left(self, hand, caller, hearing, now):
        hearing()
        first = hand(caller("one"))
        again = hand(caller("two"), at=now + HOURS)
        assert only_call(again).hearing == only_call(first).hearing
        assert only_call(first).lapsed_at == now + HOURS

    def test_gives_nothing_to_whoever_sees_people_besides(self, hand, caller, hearing, site):
        hearing()
        user = caller()
        MembershipFactory(user=user, role="hearings", site=site)
        with pytest.raises(NotACaller):
            hand(user)

    def test_gives_one_list_at_a_time(self, hand, caller, hearing):
        hearing()
        hearing(date(2022, 3, 1))
        hand(caller(), count=1)
        with pytest.raises(CallerHasAList):
            hand(caller(), count=1)

    def test_only_to_callers(self, hand, staff_in, hearing):
        hearing()
        with pytest.raises(NotACaller):
            hand(staff_in("hearings", "JZ"))

    def test_only_to_callers_of_the_site(self, hand, staff_in, hearing):
        hearing()
        with pytest.raises(NotACaller):
            hand(staff_in("caller", "TJ"))

    def test_is_for_those_who_work_on_hearings(self, hand, caller, actor_in, hearing):
        hearing()
        with pytest.raises(NotAllowed):
            hand(caller(), by=actor_in("reception", "JZ"))

    def test_records_how_many_and_to_whom(self, hand, caller, hearing):
        hearing()
        user = caller()
        hand(user)
        assert Event.objects.get(type=EventType.CALLS_HANDED).facts == {"caller": user.pk, "hearings": 1}


class TestNoteLineBusy:
    def test_puts_the_call_at_the_end_of_its_list(self, hand, caller, hearing, now):
        from accounts.actors import actor_of

        hearing(date(2021, 12, 20))
        hearing(date(2022, 1, 20))
        user = caller()
        batch = hand(user)
        first = batch.calls.to_make().first()
        note_line_busy(call=first, tries=0, actor=actor_of(user), at=now)
        assert batch.calls.to_make().last() == first


class TestEndBatch:
    def test_frees_what_was_not_asked(self, hand, caller, hearing, officer, now):
        hearing()
        batch = hand(caller("one"))
        end_batch(batch=batch, actor=officer, at=now)
        assert not batch.calls.to_make().exists()
        assert hand(caller("two")).calls.count() == 1

    def test_is_for_its_caller_and_the_office(self, hand, caller, hearing, actor_in, now):
        hearing()
        batch = hand(caller())
        with pytest.raises(NotAllowed):
            end_batch(batch=batch, actor=actor_in("reception", "JZ"), at=now)


class TestTheDatabase:
    def test_refuses_two_open_calls_about_one_hearing(self, hand, caller, hearing):
        found = hearing()
        call = only_call(hand(caller("one")))
        other = CheckBatch.objects.create(
            site=call.batch.site,
            caller=caller("two"),
            handed_by="1",
            handed_at=call.batch.handed_at,
            expires_at=call.batch.expires_at,
        )
        with pytest.raises(IntegrityError, match="one_open_per_hearing"), transaction.atomic():
            CheckCall.objects.create(batch=other, hearing=found, person=call.person, position=0)


class TestUrgencyInTheDatabase(TestCase):
    """The database works out what `line.urgency` says."""

    @settings(max_examples=25, deadline=None)
    @given(st.one_of(st.none(), st.integers(0, 90 * 24)), st.integers(1, 60 * 24))
    def test_is_that_of_the_rule(self, hours_since, hours_left):
        now = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
        court_at = now + timedelta(hours=hours_left)
        verified_at = None if hours_since is None else now - timedelta(hours=hours_since)
        hearing = HearingFactory(
            household__people=1,
            verified_at=verified_at,
            court_at=court_at,
            report_at=court_at - timedelta(hours=4),
        )
        SummonsFactory(hearing=hearing, person=hearing.household.people.first())
        expected = line.urgency(days_since=None if hours_since is None else hours_since / 24, days_left=hours_left / 24)
        found = due_for_a_check(Hearing.objects.filter(pk=hearing.pk), now)
        if expected < line.DUE - 1e-9:
            assert not found
        elif expected > line.DUE + 1e-9:
            assert abs(found[0].urgency - expected) < 1e-6
