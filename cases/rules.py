"""Arithmetic of people and papers; no database, no clock."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cases.states import RECEPTION, Step

ADULT_YEARS = 18

# How long a negative test counts before presenting. No public rule states the port's own limit [inference]: ask enfermería.
TEST_VALID_FOR = timedelta(hours=72)

# "Quarantine 14 days": Hotel Filtro, Ciudad Juárez, IOM, May 2020 (shelters/data/shelters_public.csv). A family may be told another day
# of its retest.
ISOLATION_DAYS = 14


def isolation_day(day: date, begun_on: date) -> int:
    """Which day of isolation `day` is, the first being day 1; both are dates where the family is."""
    return (day - begun_on).days + 1


def age_on(birth: date, day: date) -> int:
    """Whole years of someone born on `birth`, on `day`. Born on 29 February, the year is full on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date | None, day: date) -> bool | None:
    """Whether someone is under 18 on `day`; None when no birth date is known."""
    return None if birth is None else age_on(birth, day) < ADULT_YEARS


MIDDLE_OF_YEAR = (7, 1)  # what an estimated birth date keeps for month and day


def birth_from_age(age: int, day: date) -> date:
    """The birth date to keep, marked as estimated, for someone who only tells an age: 1 July of the likely year."""
    return date(day.year - age - (1 if (day.month, day.day) < MIDDLE_OF_YEAR else 0), *MIDDLE_OF_YEAR)


# The bands that people are counted in (age at the bridge is often told by sight), and the age that stands for each.
AGE_BANDS = {"0-5": 3, "6-11": 9, "12-17": 15, "18-59": 35, "60+": 68}


def band_of(age: int) -> str:
    """The band that `age` in whole years falls into."""
    return next((band for band, last in (("0-5", 5), ("6-11", 11), ("12-17", 17), ("18-59", 59)) if age <= last), "60+")


def normal_a_number(text: str) -> str:
    """The nine digits of an A-number as people write it: "A 012-345-678", "12345678". Eight digits get a leading zero.

    Raises ValueError for anything else. There is no check digit (justice.gov, EOIR 1.6).
    """
    digits = re.sub(r"[\s.\-]", "", text.upper()).removeprefix("A")
    if not re.fullmatch(r"\d{8,9}", digits):
        raise ValueError("an A-number has 8 or 9 digits")
    return f"{int(digits):09d}"  # in plain digits, whatever script they were typed in


def household_step(taken: Iterable[frozenset[Step]]) -> Step:
    """Where a household stands at reception: the furthest step that all its people have taken.

    `taken` holds one set of steps a person. Isolation is the exception: one isolated person isolates the household until all are
    placed.
    """
    people = list(taken)
    if people and all(Step.PLACED in steps for steps in people):
        return Step.PLACED
    if any(Step.ISOLATED in steps for steps in people):
        return Step.ISOLATED
    for step in reversed(RECEPTION[:3]):
        if people and all(step in steps for steps in people):
            return step
    return Step.RECEIVED


def test_counts_at(taken_at: datetime, moment: datetime) -> bool:
    """Whether a test taken at `taken_at` still counts at `moment`; both aware, subtracted in UTC."""
    return timedelta(0) <= moment - taken_at <= TEST_VALID_FOR
