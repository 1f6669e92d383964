"""Arithmetic of people and papers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import age_on, birth_from_age, household_step, is_minor, normal_a_number
from cases.states import MOVES, RECEPTION, Step, can_move

DAYS = st.dates(date(1930, 1, 1), date(2030, 12, 31))


class TestAge:
    @pytest.mark.parametrize(
        ("birth", "day", "years"),
        [
            (date(2003, 12, 8), date(2021, 12, 7), 17),
            (date(2003, 12, 8), date(2021, 12, 8), 18),
            (date(2004, 2, 29), date(2022, 2, 28), 17),
            (date(2004, 2, 29), date(2022, 3, 1), 18),
        ],
    )
    def test_counts_whole_years(self, birth: date, day: date, years: int) -> None:
        assert age_on(birth, day) == years

    @given(age=st.integers(0, 99), day=DAYS)
    def test_a_birth_date_made_from_an_age_gives_that_age_back(self, age: int, day: date) -> None:
        assert age_on(birth_from_age(age, day), day) == age

    def test_an_unknown_birth_date_is_neither_minor_nor_adult(self) -> None:
        assert is_minor(None, date(2021, 12, 8)) is None


class TestNormalANumber:
    @pytest.mark.parametrize(
        "text", ["A 012-345-678", "012345678", "12345678", "a12.345.678", "A12345678", "٠١٢٣٤٥٦٧٨"]
    )
    def test_is_nine_digits_however_it_is_written(self, text: str) -> None:
        assert normal_a_number(text) == "012345678"

    @pytest.mark.parametrize("text", ["", "A", "1234567", "1234567890", "A12E45678"])
    def test_refuses_anything_else(self, text: str) -> None:
        with pytest.raises(ValueError, match="8 or 9"):
            normal_a_number(text)


class TestHouseholdStep:
    def test_is_the_furthest_that_all_took(self) -> None:
        assert (
            household_step([frozenset({Step.RECEIVED, Step.DOCUMENTED}), frozenset({Step.RECEIVED})]) == Step.RECEIVED
        )

    def test_one_isolated_isolates_all_until_all_are_placed(self) -> None:
        ill, well = frozenset({Step.RECEIVED, Step.ISOLATED}), frozenset({Step.RECEIVED, Step.TESTED})
        assert household_step([ill, well]) == Step.ISOLATED
        assert household_step([ill | {Step.PLACED}, well | {Step.PLACED}]) == Step.PLACED


class TestMoves:
    def test_every_station_can_be_left_and_reached(self) -> None:
        reached = {Step.ANNOUNCED}.union(*MOVES.values())
        assert set(MOVES) == set(Step) == reached
        assert all(MOVES.values())

    @given(st.sampled_from(RECEPTION), st.sampled_from(RECEPTION))
    def test_reception_has_no_forced_order(self, start: Step, end: Step) -> None:
        assert start == end or can_move(start, end)

    def test_nobody_moves_to_where_they_stand(self) -> None:
        assert not any(step in ends for step, ends in MOVES.items())
