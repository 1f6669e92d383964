"""The household page."""

import gzip
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.models import EventType, Read
from cases.models import Consent, CovidTest, Household, Person
from cases.states import Step
from hearings.models import Claim
from shelters.rules import Kind
from tests.factories.audit import EventFactory
from tests.factories.cases import (
    ConsentFactory,
    CovidTestFactory,
    DocumentFactory,
    HouseholdFactory,
    IsolationFactory,
    PersonFactory,
)
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import StayFactory, UnitFactory
from tests.journey.households.pages import HEAVIEST, MOST_QUERIES, NOW, read, url_of

pytestmark = pytest.mark.django_db


def _primary(browser, household) -> str:
    """Where the page's one primary button leads."""
    deed = browser.get(url_of("household", household)).context["next"]
    return deed.url if deed else ""


class TestHouseholdPage:
    def test_shows_people_hearing_plan_and_light(self, household, client_of):
        HearingFactory(household=household)
        page = read(client_of(Role.COORDINATOR), url_of("household", household))
        assert "Familia Funes Amador" in page
        assert "04:30" in page
        assert "08:30" in page
        assert "02:45" in page
        assert household.code in page

    def test_tells_who_lost_their_place_apart_from_who_has_one(self, household, client_of):
        Household.objects.filter(pk=household.pk).update(step=Step.PLACED, guest_site=None)
        coordinator = client_of(Role.COORDINATOR)
        User.objects.update(language="en")
        assert "without a place again" in read(coordinator, url_of("household", household))

    def test_records_the_read(self, household, client_of):
        read(client_of(Role.RECEPTION), url_of("household", household))
        assert Read.objects.get().households == [household.uid]

    def test_looks_missing_from_another_site(self, household, client_of):
        elsewhere = client_of(Role.COORDINATOR, SiteFactory(code="TJ"))
        assert elsewhere.get(url_of("household", household)).status_code == 404
        assert not Read.objects.exists()

    @pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR])
    def test_looks_missing_to_who_oversees(self, household, client_of, role):
        assert client_of(role).get(url_of("household", household)).status_code == 404

    def test_keeps_names_out_of_the_title(self, household, client_of):
        page = read(client_of(Role.RECEPTION), url_of("household", household))
        assert "Funes" not in page.split("<title>")[1].split("</title>")[0]

    def test_tells_a_shelter_desk_nothing_of_health(self, household, client_of):
        person = household.people.first()
        CovidTestFactory(person=person, result=CovidTest.Result.DETECTED, resulted_at=NOW)
        Household.objects.update(step=Step.ISOLATED)
        EventFactory(household=household.uid, type=EventType.TEST_RESULTED)
        HearingFactory(household=household)
        page = read(client_of(Role.SHELTER), url_of("household", household)).lower()
        assert "positiv" not in page
        assert "aislamiento" not in page
        assert "antígeno" not in page
        assert "positiv" in read(client_of(Role.RECEPTION), url_of("household", household)).lower()

    def test_hides_numbers_until_somebody_asks(self, household, client_of):
        Person.objects.filter(pk=household.people.first().pk).update(a_number="012345678")
        browser = client_of(Role.RECEPTION)
        assert "012-345" not in read(browser, url_of("household", household))
        shown = browser.post(url_of("show_numbers", household))
        assert "012-345-678" in shown.content.decode()
        assert list(Read.objects.order_by("pk").values_list("page", flat=True)) == ["household", "household.numbers"]

    def test_says_that_a_message_may_have_arrived_twice(self, household, client_of):
        sent = {"status": "sent", "sent_at": NOW, "may_have_arrived_twice": True}
        MessageFactory(subject=household.uid, recipient=household.people.first().uid, **sent)
        browser = client_of(Role.HEARINGS)
        browser.post("/language/", {"language": "en", "next": "/"})
        assert "May have arrived twice" in read(browser, url_of("household", household))

    @pytest.mark.parametrize(("language", "is_draft"), [("spa", False), ("hat", True), ("mam", True)])
    def test_says_when_no_speaker_has_signed_the_words(self, household, client_of, language, is_draft):
        Household.objects.filter(pk=household.pk).update(language=language)
        MessageFactory(subject=household.uid, recipient=household.people.first().uid)
        browser = client_of(Role.HEARINGS)
        browser.post("/language/", {"language": "en", "next": "/"})
        assert ("has signed these words yet" in read(browser, url_of("household", household))) is is_draft

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.COORDINATOR, Role.SHELTER, Role.HEARINGS, Role.PROTECTION])
    def test_costs_ten_queries_and_thirty_kilobytes_at_most(self, client_of, django_assert_max_num_queries, role):
        household = _large_household()
        browser = client_of(role)
        for url in (url_of("household", household), url_of("household", household) + "?all=1"):
            with django_assert_max_num_queries(MOST_QUERIES):
                response = browser.get(url)
            assert len(gzip.compress(response.content)) < HEAVIEST
            assert response.status_code == 200

    def test_leads_from_one_missing_thing_to_the_next(self, household, client_of):
        browser = client_of(Role.COORDINATOR)

        def leads_to(name: str) -> bool:
            page = read(browser, url_of("household", household))
            address = reverse(name, args=[household.uid])
            return page.count("btn-primary") == 1 and f'btn-primary" href="{address}"' in page

        assert leads_to("journey:give_document")
        for person in household.people.all():
            DocumentFactory(person=person)
        assert leads_to("journey:take_test")
        CovidTestFactory(person=household.people.first())
        assert leads_to("journey:note_result")
        CovidTest.objects.update(result=CovidTest.Result.NOT_DETECTED, resulted_at=NOW)
        assert leads_to("journey:note_hearing")
        HearingFactory(household=household)
        assert leads_to("shelters:place")
        room = UnitFactory()
        for person in household.people.all():
            StayFactory(person=person, unit=room)
        assert "btn-primary" not in read(browser, url_of("household", household))

    @pytest.mark.parametrize(("kind", "asked"), [(Kind.MEN, True), (Kind.ISOLATION, False)])
    def test_asks_to_move_who_isolates_beside_others(self, household, client_of, kind, asked):
        unit = UnitFactory(kind=kind)
        for person in household.people.all():
            StayFactory(person=person, unit=unit)
            DocumentFactory(person=person)
            CovidTestFactory(person=person, result=CovidTest.Result.DETECTED, resulted_at=NOW)
        HearingFactory(household=household)
        IsolationFactory(household=household)
        coordinator = client_of(Role.COORDINATOR)
        assert (f"{reverse('shelters:move', args=[household.uid])}" in _primary(coordinator, household)) is asked

    def test_says_when_a_good_test_will_be_too_old(self, household, client_of):
        HearingFactory(household=household, court_on=date(2021, 12, 9))
        taken_at = NOW - timedelta(days=2, hours=20)
        swab = {"taken_at": taken_at, "result": CovidTest.Result.NOT_DETECTED, "resulted_at": taken_at}
        CovidTestFactory(person=household.people.first(), **swab)
        page = read(client_of(Role.RECEPTION), url_of("household", household))
        assert "x-pill stop" in page.split('id="tests"')[1].split("</table>")[0]
        assert "vence antes" in page

    def test_offers_a_shelter_desk_no_deed(self, household, client_of):
        page = read(client_of(Role.SHELTER), url_of("household", household))
        assert "btn-primary" not in page
        assert url_of("give_document", household) not in page


def _large_household() -> Household:
    """Twelve people with papers, tests and places, a hearing with claims, sixty events, twelve messages."""
    household = HouseholdFactory(people=1)
    for position in range(2, 13):
        PersonFactory(household=household, position=position, relation="child", birth_date=date(2000 + position, 5, 1))
    room = UnitFactory(places=20)
    for person in household.people.all():
        DocumentFactory(person=person)
        CovidTestFactory.create_batch(3, person=person)
        StayFactory(person=person, unit=room)
        MessageFactory(subject=household.uid, recipient=person.uid)
    hearing = HearingFactory(household=household)
    for source in (Claim.Source.MPP_SHEET, Claim.Source.LAWYER, Claim.Source.RETURNEE):
        ClaimFactory(hearing=hearing, source=source)
        crossing = {"local_on": None, "local_time": None, "zone": "", "crossing": hearing.report_crossing}
        ClaimFactory(hearing=hearing, source=source, fact=Claim.Fact.CROSSING, **crossing)
    for purpose in Consent.Purpose:
        ConsentFactory(household=household, purpose=purpose)
    for number in range(60):
        EventFactory(household=household.uid, occurred_at=NOW - timedelta(hours=number), facts={"people": 12})
    return household
