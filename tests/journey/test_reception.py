"""The reception board."""

import gzip
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from audit.models import Read
from cases.models import CovidTest, Document, Household
from cases.states import Step
from core.actors import Actor
from journey import board
from journey.board import CARDS_PER_LANE, Lane, cards, lanes
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory
from tests.factories.places import ShelterSiteFactory


@pytest.mark.django_db
class TestBoard:
    def lane_of(self, household: Household, actor: Actor, now: datetime) -> Lane:
        return next(card.lane for card in cards(actor=actor, now=now) if card.household == household)

    def test_a_test_without_result_is_a_lane_of_its_own(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        actor, household = actor_in("reception"), HouseholdFactory(people=1, step=Step.DOCUMENTED)
        assert self.lane_of(household, actor, now) == Lane.DOCUMENTED
        CovidTestFactory(person=household.people.get())
        assert self.lane_of(household, actor, now) == Lane.TESTING

    def test_the_longest_wait_stands_first(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        late, early = (HouseholdFactory(people=1, step_at=now - timedelta(hours=h)) for h in (1, 3))
        assert [card.household for card in cards(actor=actor_in("reception"), now=now)] == [early, late]

    def test_the_placed_are_gone(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        HouseholdFactory(people=1, step=Step.PLACED, guest_site=ShelterSiteFactory())
        assert cards(actor=actor_in("reception"), now=now) == []

    def test_says_what_is_missing_without_health_for_those_who_may_not_see_it(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        HouseholdFactory(people=2)
        (seen,) = cards(actor=actor_in("reception"), now=now)
        (hidden,) = cards(actor=actor_in("hearings"), now=now)
        assert {tag.icon for tag in seen.missing} == {"file-off", "test-pipe", "phone-off"}
        assert "test-pipe" not in {tag.icon for tag in hidden.missing}

    def test_isolation_and_tests_are_no_lanes_for_those_who_may_not_see_health(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        HouseholdFactory(people=1, step=Step.ISOLATED)
        CovidTestFactory(person=HouseholdFactory(people=1, step=Step.RECEIVED).people.get(), result="")
        hidden = cards(actor=actor_in("hearings"), now=now)
        assert {card.lane for card in hidden} == {Lane.DOCUMENTED, Lane.RECEIVED}
        assert not any(card.isolation_day for card in hidden)
        assert [each.lane for each in lanes(hidden, actor=actor_in("hearings"))] == [
            Lane.RECEIVED,
            Lane.DOCUMENTED,
            Lane.TO_PLACE,
        ]
        assert {card.lane for card in cards(actor=actor_in("reception"), now=now)} == {Lane.ISOLATED, Lane.TESTING}

    def test_a_full_lane_says_how_many_more(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        HouseholdFactory.create_batch(CARDS_PER_LANE + 2)
        officer = actor_in("reception")
        received = lanes(cards(actor=officer, now=now), actor=officer)[0]
        assert (len(received.cards), received.hidden) == (CARDS_PER_LANE, 2)


@pytest.mark.django_db
class TestBoardPage:
    def test_is_flat_light_and_records_the_read(
        self, client_of: Callable[..., Client], django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        families = [HouseholdFactory(people=3) for _ in range(80)]
        DocumentFactory(person=families[0].people.all()[0])
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            page = client.get("/reception/").content
        assert len(gzip.compress(page)) < 30_000
        assert len(Read.objects.get(page="reception").households) == CARDS_PER_LANE

    def test_says_which_part_of_all_it_shows_and_leads_to_the_rest(
        self, client_of: Callable[..., Client], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting = [HouseholdFactory(people=1, step_at=now - timedelta(hours=hours)) for hours in range(5, 0, -1)]
        client = client_of("reception")
        assert "x-part" not in client.get("/reception/").content.decode()
        monkeypatch.setattr(board, "MOST_FAMILIES", 2)
        shown, leads = {}, {}
        for past in (0, 2, 4, 90):
            page = client.get(f"/reception/?past={past}").content.decode()
            shown[past] = [each for each in waiting if each.code in page]
            leads[past] = re.findall(r'href="/reception/([^"]*)"', page.split("x-part")[1].split("</p>")[0])
        assert shown == {0: waiting[:2], 2: waiting[2:4], 4: waiting[4:], 90: waiting[:2]}
        assert leads == {0: ["?past=2"], 2: ["", "?past=4"], 4: ["?past=2"], 90: ["?past=2"]}

    def test_filters(self, client_of: Callable[..., Client]) -> None:
        HouseholdFactory(people=1, language="mam")
        HouseholdFactory(people=1)
        assert client_of("reception").get("/reception/?only=interpreter").content.decode().count('class="x-fam"') == 1

    @pytest.mark.parametrize("query", ["?lane=nowhere", "?only=<b>", "?only=minors&lane=to_place"])
    def test_an_address_made_up_still_answers(self, client_of: Callable[..., Client], query: str) -> None:
        assert client_of("reception").get(f"/reception/{query}").status_code == 200


@pytest.mark.django_db
class TestAdvance:
    def test_documents_then_tests_with_one_tap_each(self, client_of: Callable[..., Client]) -> None:
        client, household = client_of("reception"), HouseholdFactory(people=2)
        client.post(f"/households/{household.uid}/advance/", {"deed": "documents", "lane": "received"})
        client.post(f"/households/{household.uid}/advance/", {"deed": "tests", "lane": "documented"})
        household.refresh_from_db()
        assert household.step == Step.DOCUMENTED
        assert Document.objects.count() == 2
        assert CovidTest.objects.count() == 1

    def test_twice_says_so_and_changes_nothing(self, client_of: Callable[..., Client]) -> None:
        client, household = client_of("reception"), HouseholdFactory(people=2)
        for _ in range(2):
            answer = client.post(f"/households/{household.uid}/advance/", {"deed": "documents"}, follow=True)
        assert Document.objects.count() == 2
        assert "x-note warn" in answer.content.decode()

    def test_another_site_and_no_deed_look_missing(self, client_of: Callable[..., Client]) -> None:
        household = HouseholdFactory(people=1)
        url = f"/households/{household.uid}/advance/"
        assert client_of("reception", "TJ").post(url, {"deed": "documents"}).status_code == 404
        assert client_of("reception").post(url, {"deed": "delete"}).status_code == 404


@pytest.mark.django_db
class TestWithoutPlace:
    def test_a_family_whose_stay_ended_waits_for_a_place_again(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=1, step=Step.PLACED, guest_site=None)
        (card,) = cards(actor=actor_in("coordinator"), now=now)
        assert (card.household, card.lane) == (household, Lane.TO_PLACE)
