from datetime import date

import pytest
from django.utils import translation

from places.federal_holidays import federal_holiday


class TestFederalHoliday:
    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (date(2021, 11, 25), "Thanksgiving Day"),
            (date(2021, 6, 19), "Juneteenth"),
            (date(2021, 6, 18), "Juneteenth, observed"),
            (date(2022, 12, 26), "Christmas Day, observed"),
            (date(2021, 12, 31), "New Year's Day, observed"),  # of the year after
            (date(2026, 10, 12), "Columbus Day"),
        ],
    )
    def test_names_the_day_and_the_one_on_which_it_is_observed(self, day, name):
        with translation.override("en"):
            assert str(federal_holiday(day)) == name

    @pytest.mark.parametrize("day", [date(2019, 6, 19), date(2021, 12, 16), date(2022, 11, 25), date(2021, 4, 2)])
    def test_is_empty_on_any_other_day(self, day):
        assert not federal_holiday(day)

    @pytest.mark.parametrize("year", range(2019, 2031))
    def test_knows_ten_holidays_a_year_and_juneteenth_since_its_law(self, year):
        days = [
            date.fromordinal(each) for each in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
        ]
        with translation.override("en"):
            names = {str(federal_holiday(day)).removesuffix(", observed") for day in days} - {""}
        assert len(names) == (11 if year >= 2021 else 10)
