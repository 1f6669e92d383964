"""When the EOIR line is asked, and what follows from its answer: arithmetic only."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hearings.line import NEVER_DAYS, SOON, Found, found_of_call, is_soon, urgency

AT = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
FAR = AT + timedelta(days=40)
NEAR = AT + timedelta(days=3)
days = st.floats(min_value=0, max_value=400, allow_nan=False)
moments = st.integers(min_value=1, max_value=60 * 24 * 90).map(lambda minutes: AT + timedelta(minutes=minutes))


class TestUrgency:
    @given(days, days, days)
    def test_never_falls_as_a_check_grows_older(self, one, other, left):
        young, old = sorted((one, other))
        assert urgency(days_since=young, days_left=left) <= urgency(days_since=old, days_left=left)

    @given(days, days, days)
    def test_never_falls_as_the_hearing_comes_closer(self, since, one, other):
        near, far = sorted((one, other))
        assert urgency(days_since=since, days_left=far) <= urgency(days_since=since, days_left=near)

    @given(days, days)
    def test_of_one_never_verified_is_as_high_as_any(self, since, left):
        assert urgency(days_since=None, days_left=left) >= urgency(days_since=since, days_left=left)

    def test_puts_a_close_hearing_of_yesterdays_check_below_one_never_verified_a_week_off(self):
        assert urgency(days_since=1, days_left=2) < urgency(days_since=None, days_left=7)

    def test_is_staleness_times_closeness(self):
        assert urgency(days_since=10, days_left=19) == 0.5
        assert urgency(days_since=None, days_left=0) == NEVER_DAYS


class TestWhatFollows:
    def test_one_call_confirms_whatever_the_distance(self):
        for shown in (NEAR, FAR):
            assert found_of_call(said=shown, shown=shown, heard=[], at=AT) is Found.AGREES

    def test_one_call_changes_what_is_far_away(self):
        assert found_of_call(said=FAR + timedelta(days=1), shown=FAR, heard=[], at=AT) is Found.CHANGED

    def test_a_change_of_what_is_soon_waits_for_a_second_call(self):
        assert found_of_call(said=FAR, shown=NEAR, heard=[], at=AT) is Found.SECOND_WANTED

    def test_a_change_to_something_soon_waits_for_a_second_call(self):
        assert found_of_call(said=NEAR, shown=FAR, heard=[], at=AT) is Found.SECOND_WANTED

    def test_seven_days_to_the_minute_are_not_soon(self):
        edge = AT + SOON
        assert not is_soon(at=AT, shown=edge, said=FAR)
        assert is_soon(at=AT, shown=edge - timedelta(minutes=1), said=FAR)

    def test_two_calls_that_agree_change_it(self):
        assert found_of_call(said=FAR, shown=NEAR, heard=[FAR], at=AT) is Found.CHANGED

    def test_two_calls_that_disagree_are_for_a_person(self):
        assert found_of_call(said=FAR, shown=NEAR, heard=[NEAR + timedelta(days=1)], at=AT) is Found.DISAGREES

    def test_a_second_call_that_hears_what_is_shown_contradicts_the_first(self):
        assert found_of_call(said=NEAR, shown=NEAR, heard=[FAR], at=AT) is Found.DISAGREES

    @given(moments, moments)
    def test_nothing_soon_is_ever_changed_by_one_call(self, said, shown):
        found = found_of_call(said=said, shown=shown, heard=[], at=AT)
        if is_soon(at=AT, shown=shown, said=said):
            assert found is not Found.CHANGED
