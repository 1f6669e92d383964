"""What the bridge may assume, and what the file still owes."""

from datetime import date

import pytest

from cases.actions.people import PersonEntry
from cases.intake import likely_relation, owed_of, owes
from cases.models import Owed, Relation
from cases.rules import AGE_BANDS, band_of

WHOLE = {
    "given_names": "Dayanara",
    "birth_date": date(1990, 3, 5),
    "sex": "F",
    "nationality": "HN",
    "a_number": "012345678",
    "phone": "+526561234567",
}


class TestLikelyRelation:
    @pytest.mark.parametrize(
        ("head", "age", "relation"),
        [
            (35, 9, Relation.CHILD),
            (35, 35, Relation.PARTNER),
            (35, 68, Relation.PARENT),
            (42, 19, Relation.CHILD),
            (19, 42, Relation.PARENT),
            (68, 35, Relation.CHILD),
            (68, 3, Relation.RELATIVE),
            (68, 70, Relation.PARTNER),
            (15, 9, Relation.SIBLING),
            (15, 35, Relation.RELATIVE),
            (None, 9, Relation.CHILD),
            (None, 35, Relation.PARTNER),
            (35, None, Relation.RELATIVE),
        ],
    )
    def test_goes_by_the_two_ages(self, head: int | None, age: int | None, relation: Relation) -> None:
        assert likely_relation(head, age, has_partner=False) is relation

    def test_gives_a_head_one_partner(self) -> None:
        assert likely_relation(35, 35, has_partner=True) is Relation.RELATIVE

    def test_never_takes_an_adult_for_the_keeper_of_a_child_that_heads_the_household(self) -> None:
        kept = {likely_relation(head, age, has_partner=False) for head in range(18) for age in range(18, 90)}
        assert kept == {Relation.RELATIVE}


class TestBandOf:
    def test_every_age_stands_for_its_own_band(self) -> None:
        assert {band: band_of(age) for band, age in AGE_BANDS.items()} == {band: band for band in AGE_BANDS}

    @pytest.mark.parametrize(
        ("age", "band"), [(0, "0-5"), (5, "0-5"), (6, "6-11"), (17, "12-17"), (18, "18-59"), (60, "60+")]
    )
    def test_ends_where_the_next_begins(self, age: int, band: str) -> None:
        assert band_of(age) == band


class TestOwedOf:
    def test_a_whole_file_owes_nothing(self) -> None:
        assert owed_of([PersonEntry(**WHOLE)], answered=["reception"], has_hearing=True) == []

    @pytest.mark.parametrize(
        ("blank", "owed"),
        [
            ({"given_names": ""}, Owed.NAMES),
            ({"birth_date": None}, Owed.BIRTH),
            ({"sex": ""}, Owed.SEX),
            ({"nationality": ""}, Owed.NATIONALITY),
            ({"a_number": ""}, Owed.A_NUMBER),
            ({"phone": ""}, Owed.PHONE),
        ],
    )
    def test_names_what_is_lacking(self, blank: dict[str, object], owed: Owed) -> None:
        someone = PersonEntry(**{**WHOLE, **blank})  # type: ignore[arg-type]
        assert owed_of([someone], answered=["reception"], has_hearing=True) == [owed.value]

    def test_an_answer_that_there_is_none_is_an_answer(self) -> None:
        without = PersonEntry(
            **{**WHOLE, "a_number": "", "has_no_a_number_yet": True, "phone": "", "phone_owner": "none"}
        )
        assert owed_of([without], answered=["reception"], has_hearing=True) == []

    def test_one_phone_is_enough_but_each_has_a_number_of_their_own(self) -> None:
        child = PersonEntry(**{**WHOLE, "a_number": "", "phone": ""})
        assert owed_of([PersonEntry(**WHOLE), child], answered=["messages"], has_hearing=True) == ["a_number"]
        assert owes(child) == [Owed.A_NUMBER]
