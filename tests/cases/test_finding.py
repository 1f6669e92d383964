"""Finding people by what is remembered of them."""

from collections.abc import Callable
from datetime import date

import pytest

from cases.cards import code_of, payload_of
from cases.finding import find
from core.actors import Actor
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.kin import CardFactory


@pytest.mark.django_db
class TestFind:
    @pytest.fixture
    def actor(self, actor_in: Callable[..., Actor]) -> Actor:
        return actor_in("reception")

    @pytest.mark.parametrize(
        "query",
        [
            "José Ángel Muñoz de la Cruz",
            "MUNOZ CRUZ JOSE ANGEL",
            "jose anjel munos",
            "Muños",
            "A 012-345-678",
            "12345678",
            "+52 1 656 123 4567",
            "044 656 123 4567",
            "1985-07-23",
            "jose 23/07/1985",
        ],
    )
    def test_answers_what_is_remembered(self, actor: Actor, query: str) -> None:
        household = HouseholdFactory()
        wanted = PersonFactory(
            household=household,
            given_names="José Ángel",
            surnames="Muñoz de la Cruz",
            a_number="012345678",
            phone="+526561234567",
            birth_date=date(1985, 7, 23),
        )
        for surname in ("Orellana Paz", "Caal Xol", "Rugama Téllez"):
            PersonFactory(household=HouseholdFactory(), given_names="Rosa", surnames=surname)
        assert [found.person for found in find(query, actor=actor)][:1] == [wanted]

    def test_a_first_name_and_the_birth_date_go_before_a_shorter_name(self, actor: Actor) -> None:
        for _ in range(25):
            PersonFactory(household=HouseholdFactory(), given_names="Rosa", surnames="Paz", birth_date=date(1991, 2, 3))
        wanted = PersonFactory(
            household=HouseholdFactory(),
            given_names="Rosa Guadalupe",
            surnames="Muñoz de la Cruz",
            birth_date=date(1985, 7, 23),
        )
        assert find("rosa 23/07/1985", actor=actor)[0].person == wanted

    @pytest.mark.parametrize("query", ["1985", "23 julio 1985", "23 July 1985"])
    def test_a_year_alone_and_a_month_in_words_find_who_was_born_then(self, actor: Actor, query: str) -> None:
        one, other = (
            PersonFactory(household=HouseholdFactory(), birth_date=born)
            for born in (date(1985, 7, 23), date(1991, 2, 3))
        )
        found = [each.person for each in find(query, actor=actor)]
        assert one in found
        assert other not in found

    def test_a_year_says_nothing_beside_a_name_or_a_date(self, actor: Actor) -> None:
        PersonFactory(household=HouseholdFactory(), birth_date=date(1985, 7, 23))
        assert find("Wilmer Ordóñez 1985", actor=actor) == []
        assert find("24/07/1985", actor=actor) == []

    def test_a_card_finds_its_household(self, actor: Actor) -> None:
        card = CardFactory(household=HouseholdFactory(people=2))
        for text in (code_of(card.token), payload_of(card.token)):
            assert len(find(text, actor=actor)) == 2

    def test_a_case_code_finds_the_whole_household(self, actor: Actor) -> None:
        household = HouseholdFactory(people=3)
        assert len(find(household.code.lower(), actor=actor)) == 3

    def test_other_sites_find_nobody(self, actor_in: Callable[..., Actor]) -> None:
        household = HouseholdFactory(people=1)
        stranger = actor_in("reception", "TJ")
        assert find("Funes Amador", actor=stranger) == find(household.code, actor=stranger) == []

    @pytest.mark.parametrize("query", ["", "   ", "de la", "zzzzz", "%_'; --", "\x00"])
    def test_nothing_to_go_by_finds_nobody(self, actor: Actor, query: str) -> None:
        HouseholdFactory(people=1)
        assert find(query, actor=actor) == []
