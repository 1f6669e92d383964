"""The one formula of occupancy against hand-computed cases and a naive recount; the rules of rooms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelters.rules import (
    Kind,
    Mismatch,
    Party,
    Places,
    free_by_kind,
    in_city,
    in_shelter,
    in_unit,
    mismatch,
    party_of,
)

counts = st.integers(0, 40)
units = st.builds(in_unit, capacity=st.none() | counts, occupied=counts, held=counts, blocked=counts)


def recount(capacity: int, occupied: int, held: int, blocked: int) -> dict[str, int]:
    """Seat everybody one by one: guests first, then the promised, then put up the signs on blocked places."""
    places = ["free"] * capacity
    over = short = unusable = 0
    for _ in range(occupied):
        if "free" in places:
            places[places.index("free")] = "guest"
        else:
            over += 1
    for _ in range(held):
        if "free" in places:
            places[places.index("free")] = "held"
        else:
            short += 1
    for _ in range(blocked):
        if "free" in places:
            places[places.index("free")] = "blocked"
            unusable += 1
    return {"free": places.count("free"), "over": over, "short": short, "blocked": unusable}


class TestInUnit:
    @pytest.mark.parametrize(
        ("capacity", "occupied", "held", "blocked", "free", "over", "short"),
        [
            (120, 96, 6, 0, 18, 0, 0),
            (100, 84, 5, 6, 5, 0, 0),
            (80, 105, 0, 0, 0, 25, 0),
            (40, 22, 0, 18, 0, 0, 0),
            (10, 8, 5, 3, 0, 0, 3),
            (10, 12, 4, 3, 0, 2, 4),
            (0, 0, 0, 0, 0, 0, 0),
        ],
    )
    def test_computes_what_a_hand_does(self, capacity, occupied, held, blocked, free, over, short):
        places = in_unit(capacity=capacity, occupied=occupied, held=held, blocked=blocked)

        assert (places.free, places.over, places.short) == (free, over, short)

    @given(capacity=counts, occupied=counts, held=counts, blocked=counts)
    def test_agrees_with_a_naive_recount(self, capacity, occupied, held, blocked):
        places = in_unit(capacity=capacity, occupied=occupied, held=held, blocked=blocked)

        naive = recount(capacity, occupied, held, blocked)
        assert {name: getattr(places, name) for name in naive} == naive
        assert occupied + held + places.blocked + places.free == capacity + places.over + places.short

    def test_keeps_an_unknown_capacity_unknown(self):
        places = in_unit(capacity=None, occupied=7, held=0, blocked=0)

        assert places == Places(capacity=None, occupied=7, unknown=1)


class TestClosed:
    @given(capacity=counts, occupied=counts, held=counts, blocked=counts)
    def test_gives_no_place_and_still_adds_up(self, capacity, occupied, held, blocked):
        places = in_unit(capacity=capacity, occupied=occupied, held=held, blocked=blocked, receives=False)
        assert places.free == 0
        taken = places.occupied + places.held + places.blocked + places.free
        assert taken == capacity + places.over + places.short


class TestAway:
    @pytest.mark.parametrize(
        ("capacity", "occupied", "away", "free", "over"),
        [
            (40, 38, 12, 2, 0),  # twelve leave for court at 03:00: nobody is promised their beds
            (40, 40, 40, 0, 0),
            (40, 43, 5, 0, 3),  # over all the same: tonight they fit, tomorrow they do not
            (None, 7, 2, 0, 0),
        ],
    )
    def test_frees_nothing(self, capacity, occupied, away, free, over):
        places = in_unit(capacity=capacity, occupied=occupied, held=0, blocked=0, away=away)

        assert (places.free, places.over, places.away) == (free, over, away)

    def test_adds_up_over_rooms_and_shelters(self):
        one = in_shelter(in_unit(capacity=9, occupied=5, held=0, blocked=0, away=away) for away in (1, 2))

        assert (one.away, in_city([one, one]).away) == (3, 6)


class TestInShelter:
    def test_counts_the_free_places_of_one_room_for_those_over_in_another(self):
        full = in_unit(capacity=10, occupied=14, held=0, blocked=0)
        roomy = in_unit(capacity=10, occupied=3, held=0, blocked=0)

        assert in_shelter([full, roomy]) == Places(capacity=20, occupied=17, free=3, over=4)

    def test_says_in_how_many_rooms_they_are_over_where_the_sum_would_read_as_a_mistake(self):
        full, roomy = (in_unit(capacity=10, occupied=occupied, held=0, blocked=0) for occupied in (14, 3))
        assert in_shelter([full, roomy]).over_told_in == 1
        assert in_shelter([full, full, roomy]).over_told_in == 2
        assert in_shelter([full, full]).over_told_in == 0  # 28 in 20 places are 8 over
        assert (full.over_told_in, roomy.over_told_in) == (0, 0)

    @given(st.lists(units, max_size=6))
    def test_never_promises_more_than_its_rooms_do(self, rooms):
        whole = in_shelter(rooms)

        assert 0 <= whole.free <= sum(room.free for room in rooms)
        assert whole.over == sum(room.over for room in rooms)
        assert whole.occupied == sum(room.occupied for room in rooms)

    def test_says_unknown_rather_than_nought(self):
        assert in_shelter([in_unit(capacity=None, occupied=0, held=0, blocked=0)]).capacity is None


class TestInCity:
    def test_takes_nothing_from_a_neighbour_of_a_shelter_that_is_over(self):
        full = in_shelter([in_unit(capacity=10, occupied=14, held=0, blocked=0)])
        roomy = in_shelter([in_unit(capacity=10, occupied=3, held=0, blocked=0)])

        assert in_city([full, roomy]).free == 7


class TestFreeByKind:
    def test_keeps_a_zero(self):
        men = in_unit(capacity=5, occupied=0, held=0, blocked=0)
        women = in_unit(capacity=5, occupied=5, held=0, blocked=0)

        assert free_by_kind([(Kind.MEN, men), (Kind.WOMEN, women)]) == {Kind.WOMEN: 0, Kind.MEN: 5}

    def test_never_says_more_of_a_kind_than_the_house_has(self):
        men = in_unit(capacity=5, occupied=0, held=0, blocked=0)
        women = in_unit(capacity=5, occupied=9, held=0, blocked=0)

        assert free_by_kind([(Kind.MEN, men), (Kind.WOMEN, women)]) == {Kind.WOMEN: 0, Kind.MEN: 1}


class TestMismatch:
    @pytest.mark.parametrize(
        ("kind", "party", "refusal"),
        [
            (Kind.MIXED, Party(women=1, men=1, minors=3), None),
            (Kind.WOMEN, Party(women=1, minors=2), None),
            (Kind.WOMEN, Party(women=1, men=1), Mismatch.WOMEN_ONLY),
            (Kind.WOMEN, Party(others=1), None),
            (Kind.MEN, Party(men=2), None),
            (Kind.MEN, Party(men=1, women=1), Mismatch.MEN_ONLY),
            (Kind.MEN, Party(men=1, minors=1), Mismatch.NO_CHILDREN),
            (Kind.FAMILY, Party(men=1, minors=1), None),
            (Kind.FAMILY, Party(men=1), Mismatch.FAMILIES_ONLY),
            (Kind.ISOLATION, Party(men=1), Mismatch.ISOLATION_ONLY),
            (Kind.ISOLATION, Party(men=1, is_isolated=True), None),
            (Kind.MIXED, Party(men=1, is_isolated=True), Mismatch.NEEDS_ISOLATION),
        ],
    )
    def test_knows_whom_a_room_is_for(self, kind, party, refusal):
        assert mismatch(kind, party) == refusal


class TestPartyOf:
    def test_counts_minors_apart_and_guesses_no_sex(self):
        party = party_of([(False, "F"), (False, "M"), (False, ""), (False, "X"), (True, "M")])

        assert party == Party(women=1, men=1, others=2, minors=1)
        assert (party.adults, party.people) == (4, 5)
