"""Cards: their codes, the deeds, and what a scan opens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.cards import AlreadyVoid, issue_card, replace_card, void_card
from cases.actions.splitting import join_households
from cases.actions.steps import take_step
from cases.cards import (
    ALPHABET,
    CardUnknown,
    CardVoid,
    NotACard,
    WrongCheck,
    code_of,
    household_by_card,
    household_of,
    new_token,
    payload_of,
    token_in,
)
from cases.models import Card, Regrouping
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import HouseholdFactory

TOKENS = st.text(ALPHABET, min_size=10, max_size=10)


@pytest.fixture
def actor(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


class TestCode:
    @given(TOKENS)
    def test_is_read_back_from_print_and_from_the_square(self, token: str) -> None:
        assert token_in(code_of(token)) == token
        assert token_in(payload_of(token)) == token
        assert token_in(code_of(token).lower().replace("-", " ").replace("0", "o").replace("1", "l")) == token

    @given(TOKENS, st.integers(0, 11), st.sampled_from(ALPHABET))
    def test_tells_a_sign_that_is_wrong(self, token: str, place: int, sign: str) -> None:
        signs = code_of(token).replace("-", "")
        assume(signs[place] != sign)
        with pytest.raises(WrongCheck):
            token_in(signs[:place] + sign + signs[place + 1 :])

    @given(TOKENS, st.integers(0, 8))
    def test_tells_two_signs_that_are_swapped(self, token: str, place: int) -> None:
        signs = code_of(token).replace("-", "")
        assume(signs[place] != signs[place + 1])
        with pytest.raises(WrongCheck):
            token_in(signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :])

    @pytest.mark.parametrize(
        "text", ["", "JZ-4182", "https://example.org/a", "K7QM-2F9X-3D", "K7QM-2F9X-3DWA-1", "Ñandú"]
    )
    def test_is_told_from_other_things(self, text: str) -> None:
        with pytest.raises(NotACard):
            token_in(text)

    def test_is_read_from_a_scanner_that_thinks_its_keyboard_is_american(self) -> None:
        token = new_token()
        assert token_in(payload_of(token).replace(":", "Ñ")) == token


@pytest.mark.django_db
class TestIssueCard:
    def test_prints_the_same_card_again(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        first = issue_card(household=household, actor=actor, at=now)
        assert issue_card(household=household, actor=actor, at=now + timedelta(days=1)) == first
        assert Event.objects.filter(type=EventType.CARD_ISSUED).count() == 1

    def test_says_nothing_of_the_household(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        card = issue_card(household=household, actor=actor, at=now)
        assert household.code not in payload_of(card.token)
        assert card.token not in str(Event.objects.get(type=EventType.CARD_ISSUED).facts)

    def test_refuses_who_may_not_edit(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=1)
        for actor in (actor_in("shelter"), actor_in("reception", "TJ")):
            with pytest.raises(NotAllowed):
                issue_card(household=household, actor=actor, at=now)


@pytest.mark.django_db
class TestReplaceCard:
    def test_voids_the_lost_one(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        lost = issue_card(household=household, actor=actor, at=now)
        fresh = replace_card(card=lost, actor=actor, at=now)
        assert household_by_card(code_of(fresh.token), actor=actor) == household
        with pytest.raises(CardVoid):
            household_by_card(code_of(lost.token), actor=actor)

    def test_refuses_a_card_that_is_void(self, actor: Actor, now: datetime) -> None:
        card = issue_card(household=HouseholdFactory(people=1), actor=actor, at=now)
        void_card(card=card, reason=Card.VoidReason.MISTAKE, actor=actor, at=now)
        with pytest.raises(AlreadyVoid):
            replace_card(card=card, actor=actor, at=now)


@pytest.mark.django_db
class TestDeparture:
    def test_ends_the_card(self, actor: Actor, now: datetime) -> None:
        household = HouseholdFactory(people=1)
        card = issue_card(household=household, actor=actor, at=now)
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        dispatch_pending(at=now)
        card.refresh_from_db()
        assert card.voided_at is None
        take_step(household=household, step=Step.LEFT, actor=actor, at=now)
        dispatch_pending(at=now)
        card.refresh_from_db()
        assert (card.voided_at, card.void_reason) == (now, Card.VoidReason.DEPARTED)


@pytest.mark.django_db
class TestHouseholdByCard:
    def test_looks_unknown_from_another_site(self, actor: Actor, actor_in: Callable[..., Actor], now: datetime) -> None:
        card = issue_card(household=HouseholdFactory(people=1), actor=actor, at=now)
        elsewhere = actor_in("reception", "TJ")
        for token in (card.token, new_token()):
            with pytest.raises(CardUnknown):
                household_by_card(code_of(token), actor=elsewhere)
        void_card(card=card, reason=Card.VoidReason.LOST, actor=actor, at=now)
        with pytest.raises(CardUnknown):
            household_by_card(code_of(card.token), actor=elsewhere)

    def test_leads_to_the_family_that_was_joined(self, actor: Actor, now: datetime) -> None:
        one, other = HouseholdFactory(people=1), HouseholdFactory(people=1)
        card = issue_card(household=one, actor=actor, at=now)
        join_households(household=one, into=other, reason=Regrouping.Reason.REUNITED, actor=actor, at=now)
        assert household_by_card(payload_of(card.token), actor=actor) == other

    def test_answers_find_with_nobody_for_anything_else(self, actor: Actor, now: datetime) -> None:
        card = issue_card(household=HouseholdFactory(people=1), actor=actor, at=now)
        assert household_of(code_of(card.token), actor) == card.household
        assert household_of("Reyes", actor) is None
        assert household_of(code_of(new_token()), actor) is None
