"""What two devices said differently: shown fact by fact, decided by a person, noted through the deeds of the pages."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from audit.models import Event, EventType, Read
from cases.actions.covid import note_result
from cases.actions.splitting import split_household
from cases.models import CovidTest, Document, Household, Person, Regrouping
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from tablets.actions.conflicts import AlreadyDecided, StandsOtherwise, decide_conflict
from tablets.conflicts import waiting_for
from tablets.models import Conflict, Delivery, Fact
from tests.factories.accounts import UserFactory
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory
from tests.factories.tablets import ConflictFactory, DeliveryFactory

pytestmark = pytest.mark.django_db

NEGATIVE, POSITIVE = "260415000", "260373001"
STOOD = {"kind": "fmm", "issued_on": "2021-12-07", "valid_until": None}
BROUGHT = {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07"}


@pytest.fixture
def household() -> Household:
    found: Household = HouseholdFactory(people=2)
    return found


@pytest.fixture
def head(household: Household) -> Person:
    return household.people.all()[0]


@pytest.fixture
def officer(actor_in: Callable[..., Actor]) -> Actor:
    return actor_in("reception")


@pytest.fixture
def about_a_result(head: Person, officer: Actor, now: datetime) -> Conflict:
    """Negative stands, a tablet says positive."""
    test = CovidTestFactory(person=head)
    note_result(test=test, result=CovidTest.Result.NOT_DETECTED, actor=officer, at=now)
    delivery = DeliveryFactory(
        household=head.household,
        author=str(UserFactory(name="Norma Prado").pk),
        deliverer=str(UserFactory(name="Hilda Rascón").pk),
    )
    found: Conflict = ConflictFactory(delivery=delivery, person=head)
    return found


@pytest.fixture
def about_a_paper(head: Person) -> Conflict:
    """Dates of the same paper."""
    DocumentFactory(person=head, issued_on=date(2021, 12, 7), valid_until=None)
    found: Conflict = ConflictFactory(
        delivery=DeliveryFactory(household=head.household),
        person=head,
        fact=Fact.DOCUMENTED,
        stands=json.dumps(STOOD),
        brought=json.dumps(BROUGHT),
    )
    return found


class TestDecideConflict:
    def test_lets_what_stands_hold(self, about_a_result: Conflict, officer: Actor, now: datetime) -> None:
        decide_conflict(conflict=about_a_result, choice=Conflict.Choice.STANDS, seen=NEGATIVE, actor=officer, at=now)
        assert CovidTest.objects.get().result == NEGATIVE
        assert (about_a_result.choice, about_a_result.decided_at, about_a_result.decided_by) == (
            Conflict.Choice.STANDS,
            now,
            officer.id,
        )
        event = Event.objects.get(type=EventType.CONFLICT_DECIDED)
        assert event.facts == {"choice": "stands"}

    def test_corrects_a_result_with_its_reason(
        self, about_a_result: Conflict, household: Household, officer: Actor, now: datetime
    ) -> None:
        decide_conflict(
            conflict=about_a_result,
            choice=Conflict.Choice.BROUGHT,
            seen=NEGATIVE,
            reason=CovidTest.Correction.MIXED_UP,
            actor=officer,
            at=now,
        )
        standing = CovidTest.objects.standing().get()
        assert (standing.result, standing.correction_reason) == (POSITIVE, CovidTest.Correction.MIXED_UP)
        household.refresh_from_db()
        assert household.step == Step.ISOLATED

    def test_corrects_the_dates_of_a_paper(self, about_a_paper: Conflict, officer: Actor, now: datetime) -> None:
        decide_conflict(conflict=about_a_paper, choice=Conflict.Choice.BROUGHT, seen=STOOD, actor=officer, at=now)
        paper = Document.objects.get()
        assert (paper.issued_on, paper.valid_until) == (date(2021, 12, 8), date(2022, 4, 7))
        assert Event.objects.filter(type=EventType.DOCUMENT_CORRECTED).count() == 1

    def test_isolates_who_was_placed(self, household: Household, head: Person, officer: Actor, now: datetime) -> None:
        conflict = ConflictFactory(
            delivery=DeliveryFactory(household=household),
            person=head,
            fact=Fact.ISOLATED,
            stands='"placed"',
            brought='"isolated"',
        )
        decide_conflict(conflict=conflict, choice=Conflict.Choice.BROUGHT, seen=None, actor=officer, at=now)
        household.refresh_from_db()
        assert household.step == Step.ISOLATED

    def test_refuses_a_second_decision(self, about_a_result: Conflict, officer: Actor, now: datetime) -> None:
        decide_conflict(conflict=about_a_result, choice=Conflict.Choice.STANDS, seen=NEGATIVE, actor=officer, at=now)
        with pytest.raises(AlreadyDecided):
            decide_conflict(
                conflict=about_a_result, choice=Conflict.Choice.BROUGHT, seen=NEGATIVE, actor=officer, at=now
            )

    def test_refuses_when_something_else_stands_by_now(
        self, about_a_paper: Conflict, officer: Actor, now: datetime
    ) -> None:
        Document.objects.update(valid_until=date(2022, 3, 1))
        with pytest.raises(StandsOtherwise):
            decide_conflict(conflict=about_a_paper, choice=Conflict.Choice.BROUGHT, seen=STOOD, actor=officer, at=now)
        about_a_paper.refresh_from_db()
        assert about_a_paper.decided_at is None

    @pytest.mark.parametrize(("role", "site"), [("reception", "TJ"), ("shelter", "JZ"), ("hearings", "JZ")])
    def test_refuses_others(
        self, actor_in: Callable[..., Actor], about_a_result: Conflict, now: datetime, role: str, site: str
    ) -> None:
        with pytest.raises(NotAllowed):
            decide_conflict(
                conflict=about_a_result,
                choice=Conflict.Choice.STANDS,
                seen=NEGATIVE,
                actor=actor_in(role, site),
                at=now,
            )


class TestConflictsPage:
    def test_shows_both_words_with_who_and_when(
        self, client_of: Callable[..., Client], about_a_result: Conflict
    ) -> None:
        page = client_of("reception").get("/tablet/conflicts/").content.decode()
        assert "Norma Prado, según la tableta · lo entregó Hilda Rascón" in page
        assert "Maribel Ontiveros" in page
        assert "10:40" in page  # written at 17:40 UTC
        assert 'name="reason"' in page
        assert Read.objects.get(page="conflicts").households == [about_a_result.household.uid]

    def test_names_once_who_wrote_it_and_delivered_it(
        self, client_of: Callable[..., Client], about_a_result: Conflict
    ) -> None:
        Delivery.objects.update(author=about_a_result.delivery.deliverer)
        page = client_of("reception").get("/tablet/conflicts/").content.decode()
        assert page.count("Hilda Rascón") == 1
        assert "según la tableta" not in page

    def test_shows_who_parted_from_the_family_under_their_own_code(
        self, about_a_paper: Conflict, officer: Actor, now: datetime
    ) -> None:
        own = split_household(
            household=about_a_paper.household,
            people=[about_a_paper.person],
            reason=Regrouping.Reason.FAMILY,
            actor=officer,
            at=now,
        )
        (waiting,) = waiting_for(actor=officer)
        assert waiting.household == own
        seen = waiting.rows[0].stands
        decide_conflict(conflict=about_a_paper, choice=Conflict.Choice.BROUGHT, seen=seen, actor=officer, at=now)
        assert Document.objects.get().issued_on == date(2021, 12, 8)

    def test_is_flat_however_many_wait(
        self, client_of: Callable[..., Client], django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        for family in [HouseholdFactory(people=2) for _ in range(12)]:
            for person in family.people.all():
                DocumentFactory(person=person)
                ConflictFactory(
                    delivery=DeliveryFactory(household=family),
                    person=person,
                    fact=Fact.DOCUMENTED,
                    stands=json.dumps(STOOD),
                    brought=json.dumps(BROUGHT),
                )
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            page = client.get("/tablet/conflicts/").content.decode()
        assert page.count('name="seen"') == 24

    def test_says_when_nothing_waits(self, client_of: Callable[..., Client]) -> None:
        page = client_of("reception").get("/tablet/conflicts/").content.decode()
        assert "x-empty" in page
        assert not Read.objects.exists()

    def test_is_decided_with_one_tap(self, client_of: Callable[..., Client], about_a_paper: Conflict) -> None:
        client = client_of("reception")
        page = client.get("/tablet/conflicts/").content.decode()
        seen = re.search(r'name="seen" value="([^"]*)"', page)
        assert seen is not None
        sent = {"choice": "brought", "seen": seen[1].replace("&quot;", '"')}
        answer = client.post(f"/tablet/conflicts/{about_a_paper.uid}/", sent)
        assert answer.headers["Location"] == "/tablet/conflicts/"
        assert Document.objects.get().valid_until == date(2022, 4, 7)

    @pytest.mark.parametrize("sent", [{}, {"choice": "both"}, {"choice": "brought", "seen": "{"}])
    def test_takes_nothing_but_one_of_the_two(
        self, client_of: Callable[..., Client], about_a_paper: Conflict, sent: dict[str, str]
    ) -> None:
        client_of("reception").post(f"/tablet/conflicts/{about_a_paper.uid}/", sent)
        assert Conflict.objects.open().count() == 1


class TestVisibility:
    def test_health_is_only_for_those_who_may_see_it(
        self, actor_in: Callable[..., Actor], about_a_result: Conflict
    ) -> None:
        assert Conflict.objects.visible_to(actor_in("reception")).get() == about_a_result
        for role in ("hearings", "dpo"):
            assert not Conflict.objects.visible_to(actor_in(role)).exists()

    def test_where_somebody_sleeps_is_health_while_it_is_in_question(
        self, actor_in: Callable[..., Actor], head: Person
    ) -> None:
        ConflictFactory(
            delivery=DeliveryFactory(household=head.household),
            person=head,
            fact=Fact.PLACED,
            stands='"isolated"',
            brought='"placed"',
        )
        assert Conflict.objects.visible_to(actor_in("reception")).exists()
        assert not Conflict.objects.visible_to(actor_in("hearings")).exists()

    def test_a_paper_is_for_all_who_see_the_family(
        self, actor_in: Callable[..., Actor], about_a_paper: Conflict
    ) -> None:
        assert Conflict.objects.visible_to(actor_in("hearings")).exists()
        assert not Conflict.objects.visible_to(actor_in("hearings", "TJ")).exists()
