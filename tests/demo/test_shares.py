"""The fictional past is as large, month by month, as the public tables say."""

import csv
from collections import Counter
from datetime import UTC, datetime

import pytest

from demo import shares
from demo.history import groups
from demo.population import Population, people_present
from demo.shares import DATA, largest_remainder

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)


class TestLargestRemainder:
    @pytest.mark.parametrize("total", [0, 1, 7, 120, 9_999])
    def test_adds_up_to_the_whole(self, total):
        assert sum(largest_remainder(total, {"a": 1, "b": 1, "c": 5.5}).values()) == total

    def test_gives_what_is_left_to_the_largest_remainders(self):
        assert largest_remainder(10, {"a": 55, "b": 25, "c": 20}) == {"a": 6, "b": 2, "c": 2}

    def test_is_never_a_whole_person_from_the_exact_share(self):
        weights = shares.people_by_month()
        parts = largest_remainder(12_345, weights)
        assert all(abs(parts[month] - 12_345 * weights[month] / sum(weights.values())) < 1 for month in weights)


class TestThePast:
    @pytest.mark.parametrize("people", [300, 10_000])
    def test_has_the_monthly_shares_of_the_table(self, people):
        with (DATA / "ohss_mpp_bookouts_total_by_month.csv").open() as file:
            table = {line["month"]: int(line["persons_rounded_10"]) for line in csv.DictReader(file)}
        here = Counter()
        population = Population(people=people, seed=2021, at=AT)
        for batch in population.batches():
            for group in batch.groups:
                here[f"{group.month[0]}-{group.month[1]:02}"] += group.size
        expected = largest_remainder(people - people_present(people), table)
        assert dict(here) == {month: count for month, count in expected.items() if count}

    def test_has_the_nationalities_and_families_of_each_month(self):
        found = groups(people=20_000, rng=Population(people=1, seed=1, at=AT)._rng("test"))
        for month in ((2019, 8), (2020, 9), (2022, 5)):
            here = [group for group in found if group.month == month]
            people = sum(group.size for group in here)
            nationalities = Counter()
            for group in here:
                nationalities[group.nationality] += group.size
            expected = largest_remainder(people, shares.nationalities(month))
            assert dict(nationalities) == {code: count for code, count in expected.items() if count}
            in_families = sum(group.size for group in here if group.size > 1)
            assert in_families == pytest.approx(people * shares.family_share(month), abs=2)

    def test_gives_months_that_the_table_tells_by_sector_their_own_cities(self):
        assert set(shares.field_sites((2020, 3))) == {"JZ", "TJ", "MX", "NG", "PN", "NL", "MY", "RY", "MT"}
        assert set(shares.field_sites((2019, 2))) == {"TJ"}
