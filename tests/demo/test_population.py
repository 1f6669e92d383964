"""Who the fictional people are."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from cases.states import can_move
from core.phones import to_e164
from demo.field import FIELDS, GROUP_SIZES
from demo.population import Population
from demo.present import MOST_WAITING, households

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)


def stories_of(people=3_000, seed=2021, at=AT):
    population = Population(people=people, seed=seed, at=at)
    return [(batch.present, story) for batch in population.batches() for story in population.stories(batch)]


@pytest.fixture(scope="module")
def everyone():
    return stories_of()


class TestPopulation:
    def test_is_as_large_as_asked(self):
        for people in (1, 7, 300):
            assert sum(len(story.people) for _, story in stories_of(people)) == people

    def test_is_the_same_for_the_same_seed(self):
        first, second = stories_of(300), stories_of(300)
        assert [story for _, story in first] == [story for _, story in second]

    def test_keeps_its_people_when_the_present_moves_on(self):
        later = stories_of(300, at=AT + timedelta(hours=5))
        assert [story.people[0].a_number for _, story in later] == [s.people[0].a_number for _, s in stories_of(300)]

    def test_is_another_for_another_seed(self):
        names = [{person.surnames for _, story in stories_of(300, seed) for person in story.people} for seed in (1, 2)]
        assert len(names[0] & names[1]) < 30

    def test_has_about_a_third_minors_and_two_fifths_women(self, everyone):
        people = [person for _, story in everyone for person in story.people]
        assert 0.22 < sum(person.is_minor for person in people) / len(people) < 0.4
        assert 0.34 < sum(person.sex == "F" for person in people) / len(people) < 0.48

    def test_missed_a_hearing_in_about_half_of_the_cases(self, everyone):
        past = [story for present, story in everyone if not present]
        assert 0.4 < sum(any(hearing.missed for hearing in story.hearings) for story in past) / len(past) < 0.6
        assert all(3 <= len(story.hearings) <= 5 for story in past)

    def test_never_has_two_people_with_one_number(self, everyone):
        numbers = [person.a_number for _, story in everyone for person in story.people if person.a_number]
        assert len(numbers) == len(set(numbers))
        assert all(len(number) == 9 and number.startswith("9") for number in numbers)

    def test_has_phones_that_nobody_can_ring(self, everyone):
        phones = [person.phone for _, story in everyone for person in story.people if person.phone]
        areas = {f"+52{site.area_code}0" for site in FIELDS.values()}
        assert phones
        assert all(to_e164(phone) == phone and phone.startswith(tuple(areas)) for phone in phones)

    def test_only_takes_steps_that_the_journey_allows(self, everyone):
        for _, story in everyone:
            taken = [step for step, _ in [*story.steps, *story.ends]]
            assert all(can_move(start, end) for start, end in pairwise(taken)), taken

    def test_happens_in_order_and_not_after_the_moment(self, everyone):
        for present, story in everyone:
            moments = [story.arrived_at, *(moment for _, moment in [*story.steps, *story.ends])]
            assert moments == sorted(moments)
            assert not present or moments[-1] <= AT


class TestThePresent:
    def test_shows_every_standing_at_the_large_sites(self):
        here = {
            each.standing
            for each in households(people=180, rng=Population(people=1, seed=1, at=AT)._rng("x"))
            if each.site == "JZ"
        }
        assert len(here) >= 8

    def test_has_the_sizes_of_real_groups(self):
        found = households(people=30_000, rng=Population(people=1, seed=1, at=AT)._rng("x"))
        sizes = Counter(each.size for each in found)
        for size, percent in GROUP_SIZES.items():
            assert 100 * sizes[size] / len(found) == pytest.approx(percent, abs=1.5)

    def test_never_waits_in_greater_numbers_than_a_bridge_has_seen(self):
        found = households(people=30_000, rng=Population(people=1, seed=1, at=AT)._rng("x"))
        lanes = {"just_received", "documented", "testing", "isolated", "to_place"}
        assert sum(each.size for each in found if each.standing in lanes) < MOST_WAITING * 1.1
