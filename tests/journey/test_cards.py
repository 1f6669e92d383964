"""Printing and scanning cards."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import EventType, Read
from cases.cards import code_of, payload_of
from cases.models import Aid, Card, CovidTest, Document, Household
from journey.cards import Face, Paper, pdf_of
from tests.factories.cases import AidFactory, HouseholdFactory
from tests.factories.kin import AbsenceFactory, CardFactory
from tests.factories.places import SiteFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
SCAN = "/scan/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def household() -> Household:
    return HouseholdFactory(people=2)


def _url(name: str, household: Household) -> str:
    return reverse(f"journey:{name}", args=[household.uid])


def _english(browser: Client) -> Client:
    browser.post("/language/", {"language": "en", "next": "/"})
    return browser


def _scan(browser: Client, card: Card, station: str, **more: object):
    return browser.post(SCAN, {"code": code_of(card.token), "station": station, "look": str(uuid4()), **more})


class TestPdf:
    @pytest.mark.parametrize("paper", Paper)
    def test_holds_four_to_a_page(self, paper):
        face = Face("JZ-0412", 4, "español", "K7QM2F9X3D")
        for count, pages in ((1, 1), (4, 1), (5, 2)):
            pdf = pdf_of([face] * count, paper=paper)
            assert pdf.startswith(b"%PDF-")
            assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") + pdf.count(b"/Type /Page/") >= 0
            assert f"/Count {pages}".encode() in pdf

    def test_brings_its_own_fonts(self):
        pdf = pdf_of([Face("JZ-0412", 4, "español", "K7QM2F9X3D")], paper=Paper.A4)
        assert b"AtkinsonHyperlegible" in pdf

    def test_is_made_of_data_and_never_of_source(self):
        pdf_of([Face('#panic("x")', 2, '$ #import "y" "', "K7QM2F9X3D")], paper=Paper.A4)


class TestCard:
    def test_is_given_once_and_shown_without_a_name(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        for _twice in range(2):
            browser.post(_url("card", household))
        card = Card.objects.get()
        page = browser.get(_url("card", household)).content.decode()
        assert code_of(card.token) in page
        assert 'src="data:image/svg+xml' in page

    def test_is_printed(self, household, client_of):
        CardFactory(household=household)
        browser = client_of(Role.RECEPTION)
        response = browser.get(_url("card_pdf", household), {"paper": "us-letter", "copies": "4"})
        assert response["Content-Type"] == "application/pdf"
        assert "no-store" in response["Cache-Control"]
        assert Read.objects.get().page == "card.print"
        assert browser.get(_url("card_pdf", household), {"paper": "stone"}).status_code == 404

    def test_is_printed_on_the_paper_that_the_page_offers(self, household, client_of):
        CardFactory(household=household)
        browser = client_of(Role.RECEPTION)
        for page in (_url("card", household), "/cards/"):
            offered = re.findall(r'name="paper" value="([^"]*)"', browser.get(page).content.decode())
            assert offered == ["us-letter", "a4"]

    def test_is_missing_until_it_is_given(self, household, client_of):
        assert client_of(Role.RECEPTION).get(_url("card_pdf", household)).status_code == 404
        assert not Card.objects.exists()

    def test_is_replaced_when_it_was_lost(self, household, client_of):
        lost = CardFactory(household=household)
        browser = client_of(Role.RECEPTION)
        browser.post(_url("end_card", household), {"lost": "1"})
        assert Card.objects.standing().get() != lost
        browser.post(_url("end_card", household), {"void": "1"})
        assert not Card.objects.standing().exists()
        browser.post(_url("end_card", household), {"void": "1"})
        assert Card.objects.count() == 2


class TestCards:
    def test_are_given_to_those_ticked(self, household, client_of):
        other, foreign = HouseholdFactory(people=1), HouseholdFactory(people=1, site=SiteFactory(code="TJ"))
        response = client_of(Role.RECEPTION).post("/cards/", {"uid": [household.uid, foreign.uid, "x"]})
        assert response.content.startswith(b"%PDF-")
        assert [card.household for card in Card.objects.all()] == [household]
        assert other.cards.count() == 0

    def test_are_not_printed_for_nobody(self, household, client_of):
        assert client_of(Role.RECEPTION).post("/cards/").status_code == 302

    def test_cost_ten_queries_and_thirty_kilobytes_at_most(self, client_of, django_assert_max_num_queries):
        for _each in range(60):
            HouseholdFactory(people=2)
        browser = client_of(Role.RECEPTION)
        browser.get("/cards/")
        with django_assert_max_num_queries(10):
            response = browser.get("/cards/")
        assert len(gzip.compress(response.content)) < 30_000


class TestScan:
    def test_opens_the_family(self, household, client_of):
        card = CardFactory(household=household)
        response = _scan(client_of(Role.SHELTER, "JZ"), card, "open")
        assert response["Location"] == _url("household", household)

    def test_does_the_deed_of_the_table_and_says_it(self, household, client_of):
        card, browser = CardFactory(household=household), _english(client_of(Role.RECEPTION))
        page = _scan(browser, card, "documents").content.decode()
        assert Document.objects.count() == 2
        assert "2 people" in page
        assert reverse("journey:undo", args=[household.taps.get().uid]) in page
        assert household.code in page
        assert _scan(browser, card, "tests").status_code == 200
        assert CovidTest.objects.count() == 1

    def test_says_when_nothing_is_left_to_do(self, household, client_of):
        card, browser = CardFactory(household=household), _english(client_of(Role.RECEPTION))
        _scan(browser, card, "documents")
        again = _scan(browser, card, "documents")
        assert again.status_code == 422
        assert "already done" in again.content.decode()

    def test_gives_food_once_for_one_scan(self, household, client_of):
        card, browser, look = CardFactory(household=household), client_of(Role.RECEPTION), str(uuid4())
        for _twice in range(2):
            _scan(browser, card, "food", look=look)
        assert Aid.objects.get().kind == "food"
        _scan(browser, card, "kit")
        assert Aid.objects.count() == 2

    def test_says_when_they_were_given_the_same_before(self, household, client_of):
        card, browser = CardFactory(household=household), _english(client_of(Role.RECEPTION))
        with time_machine.travel(NOW, tick=False) as clock:
            assert "They were given it at" not in _scan(browser, card, "food").content.decode()
            clock.shift(timedelta(hours=2))
            assert "They were given it at 11:00 too" in _scan(browser, card, "food").content.decode()
            assert "They were given it at" not in _scan(browser, card, "kit").content.decode()

    def test_forgets_what_was_given_on_another_shift(self, household, client_of):
        AidFactory(household=household, kind="food", given_at=NOW - timedelta(hours=13))
        page = _scan(_english(client_of(Role.RECEPTION)), CardFactory(household=household), "food").content.decode()
        assert "Food: 2 people" in page
        assert "They were given it at" not in page

    def test_finds_who_was_missing(self, household, client_of):
        AbsenceFactory(person=household.people.last())
        page = _scan(_english(client_of(Role.RECEPTION)), CardFactory(household=household), "here").content.decode()
        assert "1 who was missing is here again" in page

    def test_remembers_the_table(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        _scan(browser, CardFactory(household=household), "food")
        assert 'value="food" checked' in browser.get(SCAN).content.decode()

    def test_offers_a_shelter_desk_to_open_and_its_own_door(self, household, client_of):
        page = client_of(Role.SHELTER, "JZ").get(SCAN).content.decode()
        assert re.findall(r'name="station" value="(\w+)"', page) == ["open", "door"]
        response = _scan(client_of(Role.SHELTER, "JZ"), CardFactory(household=household), "documents")
        assert response.status_code == 302
        assert not Document.objects.exists()

    def test_looks_the_same_for_foreign_and_unknown_cards(self, household, client_of):
        card, browser = CardFactory(household=household), client_of(Role.RECEPTION, "TJ")
        foreign = _scan(browser, card, "open")
        Card.objects.all().delete()
        unknown = _scan(browser, card, "open")
        assert foreign.status_code == unknown.status_code == 422
        assert not Read.objects.exists()

    @pytest.mark.parametrize(
        ("text", "words"), [("K7QM-2F9X-3DGH", "One sign of the code is wrong"), ("hello", "not the code of a card")]
    )
    def test_names_what_is_wrong_with_a_code(self, client_of, text, words):
        response = _english(client_of(Role.RECEPTION)).post(SCAN, {"code": text})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert text in response.content.decode()

    def test_says_that_a_void_card_no_longer_counts(self, household, client_of):
        card = CardFactory(household=household, voided_at=NOW, void_reason="lost")
        assert "no longer counts" in _scan(_english(client_of(Role.RECEPTION)), card, "open").content.decode()

    def test_answers_htmx_with_the_part_alone(self, household, client_of):
        card = CardFactory(household=household)
        sent = {"code": payload_of(card.token), "station": "food"}
        response = client_of(Role.RECEPTION).post(SCAN, sent, headers={"hx-request": "true"})
        assert response.content.decode().strip().startswith("<div")
        assert EventType.AID_GIVEN
