"""The same deed from two taps or two desks at the same moment, against the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from itertools import cycle
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Event, EventType
from cases.actions.cards import issue_card
from cases.actions.consent import note_consent
from cases.actions.covid import take_tests
from cases.actions.papers import give_documents
from cases.actions.splitting import NotOfThisFamily, SameFamily, join_households, split_household
from cases.kinds import ANTIGEN, FMM
from cases.models import Card, Consent, CovidTest, Document, Household, Regrouping
from core.actors import Actor
from tests.factories.cases import HouseholdFactory

pytestmark = pytest.mark.django_db(transaction=True)
TAPS = 6


def all_at_once(deed: Callable[[], object]) -> None:
    """Do `deed` in `TAPS` threads that start together; what one raises is raised."""
    gate = Barrier(TAPS)

    def tap() -> None:
        try:
            gate.wait()
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(TAPS) as desks:
        for done in [desks.submit(tap) for _ in range(TAPS)]:
            done.result()


@pytest.fixture
def household() -> Household:
    found: Household = HouseholdFactory(people=2)
    return found


@pytest.fixture
def officer(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


class TestTwoTaps:
    def test_an_answer_stands_once(self, household: Household, officer: Actor, now: datetime) -> None:
        answers = {Consent.Purpose.PARTNERS: True}
        all_at_once(
            lambda: note_consent(household=household, answers=answers, language="spa", actor=officer, at=now),
        )
        assert Consent.objects.filter(household=household, withdrawn_at=None).count() == 1
        assert Event.objects.filter(type=EventType.CONSENT_RECORDED).count() == TAPS

    def test_nobody_is_tested_twice(self, household: Household, officer: Actor, now: datetime) -> None:
        people = list(household.people.all())
        all_at_once(
            lambda: take_tests(household=household, people=people, kind=ANTIGEN, taken_at=now, actor=officer, at=now)
        )
        assert CovidTest.objects.count() == len(people)

    def test_nobody_gets_the_paper_twice(self, household: Household, officer: Actor, now: datetime) -> None:
        all_at_once(
            lambda: give_documents(
                household=household,
                kind=FMM,
                issued_on=date(2021, 12, 8),
                valid_until=None,
                actor=officer,
                at=now,
            )
        )
        assert Document.objects.count() == 2

    def test_a_family_has_one_card(self, household: Household, officer: Actor, now: datetime) -> None:
        all_at_once(lambda: issue_card(household=household, actor=officer, at=now))
        assert Card.objects.count() == 1

    def test_a_family_parts_once(self, household: Household, officer: Actor, now: datetime) -> None:
        goer = household.people.last()
        assert goer is not None

        def part() -> None:
            with suppress(NotOfThisFamily):
                split_household(
                    household=household, people=[goer], reason=Regrouping.Reason.FAMILY, actor=officer, at=now
                )

        all_at_once(part)
        assert Regrouping.objects.count() == 1
        assert Household.objects.count() == 2

    def test_two_families_that_join_each_other_become_one(
        self, household: Household, officer: Actor, now: datetime
    ) -> None:
        other = HouseholdFactory(people=2)
        turns = cycle([(household, other), (other, household)])

        def join() -> None:
            goes, stays = next(turns)
            with suppress(SameFamily):
                join_households(household=goes, into=stays, reason=Regrouping.Reason.ENTRY, actor=officer, at=now)

        all_at_once(join)
        assert Regrouping.objects.count() == 1
        assert Household.objects.get().people.count() == 4
