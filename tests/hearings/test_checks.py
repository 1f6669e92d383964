"""Lists for callers of the EOIR line, and what its answers come to."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings import line
from hearings.actions.checks import (
    CallerHasAList,
    CannotCount,
    DateNotHeard,
    ListIsOver,
    NotACaller,
    NothingToAsk,
    answer_call,
    end_batch,
    hand_batch,
    note_line_busy,
    settle_calls,
)
from hearings.models import CheckBatch, CheckCall, Claim, Hearing, due_for_a_check
from places.zones import NonexistentTime
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.places import CourtFactory, SiteFactory

pytestmark = pytest.mark.django_db
Answer, Finding = CheckCall.Answer, CheckCall.Finding
HOURS = timedelta(hours=8)


@pytest.fixture
def officer(actor_in):
    return actor_in("hearings", "JZ")


@pytest.fixture
def site(officer):
    return SiteFactory(code="JZ")


@pytest.fixture
def caller(site):
    """`caller(name)`: an account that calls the line at the site, with its actor."""

    def find(name: str = "one") -> User:
        user = UserFactory(email=f"{name}@staff.example", name=f"Caller {name}")
        return MembershipFactory(user=user, role="caller", site=site).user

    return find


@pytest.fixture
def hearing(site):
    """`hearing(day)`: a hearing of a family with A-numbers, as its sheet says."""

    def note(day: date = date(2022, 2, 16), number: str = "012345678", **facts: object) -> Hearing:
        household = HouseholdFactory(site=site, people=2)
        household.people.filter(relation="head").update(a_number=number)
        found = HearingFactory(household=household, court_on=day, **facts)
        ClaimFactory(hearing=found, local_on=day)
        for person in household.people.all():
            SummonsFactory(hearing=found, person=person)
        return found

    return note


@pytest.fixture
def hand(site, officer, now):
    def act(user: User, at: datetime = now, count: int = 10, lasts: timedelta = HOURS) -> CheckBatch:
        return hand_batch(site=site, caller=user, count=count, lasts=lasts, actor=officer, at=at)

    return act


@pytest.fixture
def says(now):
    """`says(user, call, day, at)`: the caller notes that the line said this day at 08:30."""

    def act(user, call, day=None, at=now, answer=Answer.DATE, clock=time(8, 30), court=None):
        from accounts.actors import actor_of

        has_date = answer in (Answer.DATE, Answer.OTHER_COURT)
        return answer_call(
            call=call,
            answer=answer,
            court_on=day if has_date else None,
            court_time=clock if has_date else None,
            court=court,
            actor=actor_of(user),
            at=at,
        )

    return act


def only_call(batch: CheckBatch) -> CheckCall:
    return CheckCall.objects.select_related("batch").get(batch=batch)


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

    def test_is_for_those_who_work_on_hearings(self, site, caller, actor_in, hearing, now):
        hearing()
        with pytest.raises(NotAllowed):
            hand_batch(site=site, caller=caller(), count=1, lasts=HOURS, actor=actor_in("reception", "JZ"), at=now)

    def test_records_how_many_and_to_whom(self, hand, caller, hearing):
        hearing()
        user = caller()
        hand(user)
        assert Event.objects.get(type=EventType.CALLS_HANDED).facts == {"caller": user.pk, "hearings": 1}


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


class TestNoteLineBusy:
    def test_puts_the_call_at_the_end_of_its_list(self, hand, caller, hearing, now):
        from accounts.actors import actor_of

        hearing(date(2021, 12, 20))
        hearing(date(2022, 1, 20))
        user = caller()
        batch = hand(user)
        first = batch.calls.to_make().first()
        note_line_busy(call=first, actor=actor_of(user), at=now)
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


def end_batch_of(batch: CheckBatch) -> None:
    """End a list as its caller does."""
    from accounts.actors import actor_of

    end_batch(batch=batch, actor=actor_of(batch.caller), at=batch.handed_at)
