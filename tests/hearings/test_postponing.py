"""The rule of a postponement, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearings.postponing import Adjusted, Base, Rule, Unit, months_later, rule_of
from places.federal_holidays import federal_holiday

NEVER = lambda day: False  # noqa: E731
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
SHIFTS = st.tuples(st.sampled_from([Unit.MONTHS, Unit.WEEKS, Unit.DAYS]), st.integers(1, 24))


def is_holiday(day):
    return bool(federal_holiday(day))


class TestTheRuleOfTenMay2020:
    """Hearings before 22 June 2020 move one month; on a weekend to the Monday after; 22 June and later stay.

    Worked out by hand with a printed calendar of 2020.
    """

    RULE = Rule(unit=Unit.MONTHS, count=1, before_on=date(2020, 6, 22))

    @pytest.mark.parametrize(
        ("noticed", "lands", "why"),
        [
            (date(2020, 5, 11), date(2020, 6, 11), Adjusted.NO),  # Monday to Thursday
            (date(2020, 5, 13), date(2020, 6, 15), Adjusted.WEEKEND),  # 13 June is a Saturday
            (date(2020, 5, 14), date(2020, 6, 15), Adjusted.WEEKEND),  # 14 June is a Sunday
            (date(2020, 5, 29), date(2020, 6, 29), Adjusted.NO),
            (date(2020, 6, 1), date(2020, 7, 1), Adjusted.NO),
            (
                date(2020, 6, 3),
                date(2020, 7, 3),
                Adjusted.NO,
            ),  # Friday; the announcement makes no exception for holidays
            (date(2020, 6, 4), date(2020, 7, 6), Adjusted.WEEKEND),  # Independence Day is a Saturday
            (date(2020, 6, 5), date(2020, 7, 6), Adjusted.WEEKEND),
            (date(2020, 6, 19), date(2020, 7, 20), Adjusted.WEEKEND),  # 19 July is a Sunday
        ],
    )
    def test_moves_by_one_month(self, noticed, lands, why):
        assert self.RULE.covers(noticed)
        assert self.RULE.new_day(noticed, NEVER) == (lands, why)

    @pytest.mark.parametrize("day", [date(2020, 6, 22), date(2020, 6, 23), date(2020, 12, 1)])
    def test_leaves_22_june_and_later_alone(self, day):
        assert not self.RULE.covers(day)

    def test_is_about_the_day_before_the_cut_off(self):
        assert self.RULE.covers(date(2020, 6, 21))


class TestMonthsLater:
    @pytest.mark.parametrize(
        ("day", "months", "lands"),
        [
            (date(2020, 1, 31), 1, date(2020, 2, 29)),
            (date(2021, 1, 31), 1, date(2021, 2, 28)),
            (date(2020, 3, 31), 1, date(2020, 4, 30)),
            (date(2020, 12, 31), 2, date(2021, 2, 28)),
            (date(2020, 11, 30), 3, date(2021, 2, 28)),
            (date(2020, 2, 29), 12, date(2021, 2, 28)),
            (date(2020, 5, 10), 1, date(2020, 6, 10)),
        ],
    )
    def test_ends_with_the_month_where_it_is_too_short(self, day, months, lands):
        assert months_later(day, months) == lands

    @given(DAYS, st.integers(1, 24))
    def test_keeps_the_day_of_the_month_or_is_the_last_of_it(self, day, months):
        lands = months_later(day, months)
        assert lands.day == day.day or ((lands + timedelta(days=1)).day == 1 and lands.day < day.day)
        assert (lands.year * 12 + lands.month) - (day.year * 12 + day.month) == months


class TestNewDay:
    @given(DAYS, SHIFTS, st.booleans())
    def test_is_later_and_never_on_a_weekend(self, day, shift, skips):
        unit, count = shift
        lands, _why = Rule(unit=unit, count=count, skips_holidays=skips).new_day(day, is_holiday)
        assert lands > day
        assert lands.weekday() < 5
        assert not (skips and is_holiday(lands))

    @given(DAYS, SHIFTS)
    def test_is_the_plain_day_or_the_first_monday_after(self, day, shift):
        unit, count = shift
        rule = Rule(unit=unit, count=count)
        lands, why = rule.new_day(day, is_holiday)
        assert (lands - rule.plain_day(day)).days == {5: 2, 6: 1}.get(rule.plain_day(day).weekday(), 0)
        assert (why == Adjusted.WEEKEND) is (rule.plain_day(day).weekday() >= 5)

    def test_goes_past_a_holiday_where_that_is_asked_for(self):
        rule = Rule(unit=Unit.WEEKS, count=1, skips_holidays=True)
        # Thanksgiving of 2020 was on Thursday 26 November.
        assert rule.new_day(date(2020, 11, 19), is_holiday) == (date(2020, 11, 27), Adjusted.HOLIDAY)

    def test_goes_past_a_weekend_and_the_holiday_behind_it(self):
        rule = Rule(unit=Unit.DAYS, count=2, skips_holidays=True)
        # Saturday 5 September 2020; Monday the 7th was Labor Day.
        assert rule.new_day(date(2020, 9, 3), is_holiday) == (date(2020, 9, 8), Adjusted.HOLIDAY)

    def test_sends_all_to_one_day_where_that_was_announced(self):
        rule = Rule(unit=Unit.DAY, to_on=date(2020, 8, 1))  # a Saturday
        assert rule.new_day(date(2020, 5, 4), NEVER) == (date(2020, 8, 3), Adjusted.WEEKEND)


class TestCovers:
    def test_takes_the_first_day_and_leaves_the_last(self):
        rule = Rule(unit=Unit.DAYS, count=1, from_on=date(2020, 5, 1), before_on=date(2020, 5, 8))
        days = [day for day in range(1, 32) if rule.covers(date(2020, 5, day))]
        assert days == [1, 2, 3, 4, 5, 6, 7]


class TestRuleOf:
    @given(
        st.builds(
            Rule,
            unit=st.sampled_from(list(Unit)),
            count=st.integers(0, 99),
            to_on=st.none() | DAYS,
            from_on=st.none() | DAYS,
            before_on=st.none() | DAYS,
            base=st.sampled_from(list(Base)),
            skips_holidays=st.booleans(),
            courts=st.frozensets(st.integers(1, 9)),
            crossings=st.frozensets(st.integers(1, 9)),
            kinds=st.frozensets(st.sampled_from(["individual", "master_reset"])),
        )
    )
    def test_reads_what_was_written(self, rule):
        assert rule_of(rule.as_json()) == rule
