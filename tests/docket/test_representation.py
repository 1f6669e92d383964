"""Who speaks for a family, on its page and on their own; lists of free legal help."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from audit.models import Event, EventType, Read
from hearings.models import LegalListGiven, LegalProvider, Representation
from tests.factories.cases import HouseholdFactory
from tests.factories.checks import LegalProviderFactory, RepresentationFactory
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.places import CityFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def household(db):
    return HouseholdFactory(site=SiteFactory(code="JZ"), people=2)


@pytest.fixture
def lawyer(household):
    return RepresentationFactory(household=household, form="EOIR-28", filed_on=date(2021, 12, 7))


@pytest.fixture
def browser(client_of):
    """The hearings office, which reads English here."""
    client = client_of("hearings", "JZ")
    User.objects.update(language="en")
    return client


def said(household, **facts):
    return {
        "kind": "lawyer",
        "name": "Lic. Amparo Quiroz",
        "organisation": "Puente Legal",
        "phone": "",
        "email": "",
        "people": [str(person.uid) for person in household.people.all()],
        "scope": "all",
        "since": "2021-12-08",
        "form": "EOIR-28",
        "filed_on": "2021-12-07",
        "may_speak": "yes",
        "may_speak_on": "",
        **facts,
    }


class TestHouseholdPage:
    def test_names_who_speaks_for_them(self, lawyer, household, browser):
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "Lic. Amparo Quiroz · Puente Legal" in page
        assert "has a lawyer" in page
        assert lawyer.phone not in page

    def test_says_nothing_of_who_no_longer_does(self, household, browser, now):
        RepresentationFactory(household=household, ended_at=now, ended_on=now.date(), ending="withdrew")
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "Quiroz" not in page

    def test_says_for_how_many_where_not_for_all(self, lawyer, household, browser):
        lawyer.represented.create(person=household.people.first())
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "for 1 of 2" in page


class TestDocket:
    def test_tells_who_has_a_lawyer(self, lawyer, browser):
        hearing = HearingFactory(household=lawyer.household)
        page = browser.get(f"{reverse('docket:hearings')}?day={hearing.report_on}").content.decode()
        assert "has a lawyer" in page


class TestLawyersWord:
    @pytest.fixture
    def hearing(self, household):
        noted = HearingFactory(household=household)
        ClaimFactory(hearing=noted)
        return noted

    def test_names_who_said_it(self, lawyer, hearing, household, browser):
        address = reverse("journey:change_hearing", args=[household.uid, hearing.uid])
        word = {"source": "lawyer", "said_on": "2021-12-08", "court_on": "2021-12-17", "court_time": "08:30"}
        browser.post(address, {**word, "representation": lawyer.pk, "is_right": "on"})
        assert {claim.representation for claim in hearing.claims.filter(source="lawyer")} == {lawyer}
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "(Puente Legal)" in page

    def test_of_another_family_is_refused(self, hearing, household, browser):
        stranger = RepresentationFactory()
        address = reverse("journey:change_hearing", args=[household.uid, hearing.uid])
        word = {"source": "lawyer", "said_on": "2021-12-08", "court_on": "2021-12-17", "court_time": "08:30"}
        RepresentationFactory(household=household)
        answer = browser.post(address, {**word, "representation": stranger.pk, "is_right": "on"})
        assert answer.status_code == 422

    def test_is_not_asked_for_where_nobody_speaks_for_them(self, hearing, household, browser):
        address = reverse("journey:change_hearing", args=[household.uid, hearing.uid])
        assert 'name="representation"' not in browser.get(address).content.decode()


class TestRepresent:
    def test_notes_who_speaks_for_them(self, household, browser, now):
        browser.post(reverse("docket:represent", args=[household.uid]), said(household))
        noted = Representation.objects.get()
        assert (noted.name, noted.may_speak, noted.may_speak_on) == ("Lic. Amparo Quiroz", True, date(2021, 12, 8))
        assert noted.represented.count() == 2

    def test_notes_them_once_however_often_it_is_sent(self, household, browser):
        for phone in ("", "", "+19155550142"):
            browser.post(reverse("docket:represent", args=[household.uid]), said(household, phone=phone))
        assert Representation.objects.count() == 2
        assert Event.objects.filter(type=EventType.REPRESENTATION_NOTED).count() == 2

    def test_keeps_name_and_phone_encrypted(self, household, browser):
        browser.post(reverse("docket:represent", args=[household.uid]), said(household, phone="+19155550142"))
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT name, phone FROM hearings_representation")
            stored = b"".join(bytes(value) for value in cursor.fetchone())
        assert b"Quiroz" not in stored
        assert b"5550142" not in stored

    def test_wants_a_name_or_an_organisation(self, household, browser):
        answer = browser.post(
            reverse("docket:represent", args=[household.uid]), said(household, name="", organisation="")
        )
        assert answer.status_code == 422
        assert not Representation.objects.exists()

    def test_wants_to_know_which_form_was_filed(self, household, browser):
        answer = browser.post(reverse("docket:represent", args=[household.uid]), said(household, form=""))
        assert answer.status_code == 422

    def test_tells_the_log_no_name(self, household, browser):
        browser.post(reverse("docket:represent", args=[household.uid]), said(household))
        assert Event.objects.get(type=EventType.REPRESENTATION_NOTED).facts == {"kind": "lawyer", "people": 2}


class TestRepresentationPage:
    def test_shows_how_to_reach_them_and_records_it(self, lawyer, household, browser):
        page = browser.get(reverse("docket:representation", args=[household.uid, lawyer.uid])).content.decode()
        assert f"tel:{lawyer.phone}" in page
        assert Read.objects.get(page="representation").households == [household.uid]

    def test_is_missing_for_another_family(self, lawyer, browser):
        other = HouseholdFactory(site=SiteFactory(code="JZ"), people=1)
        assert browser.get(reverse("docket:representation", args=[other.uid, lawyer.uid])).status_code == 404


class TestCorrectRepresentation:
    def test_says_which_facts_changed_and_not_what_they_were(self, lawyer, household, browser):
        address = reverse("docket:correct_representation", args=[household.uid, lawyer.uid])
        browser.post(address, said(household, phone="+19155550199", may_speak=""))
        lawyer.refresh_from_db()
        facts = Event.objects.get(type=EventType.REPRESENTATION_CORRECTED).facts
        assert (lawyer.phone, facts) == ("+19155550199", {"changed": ["people", "phone"]})


class TestEndRepresentation:
    def test_ends_it_once(self, lawyer, household, browser):
        address = reverse("docket:end_representation", args=[household.uid, lawyer.uid])
        browser.post(address, {"ending": "withdrew", "ended_on": "2021-12-08"})
        again = browser.post(address, {"ending": "done", "ended_on": "2021-12-08"})
        lawyer.refresh_from_db()
        assert (lawyer.ending, again.status_code) == ("withdrew", 422)

    def test_refuses_an_end_before_the_beginning(self, lawyer, household, browser):
        address = reverse("docket:end_representation", args=[household.uid, lawyer.uid])
        assert browser.post(address, {"ending": "withdrew", "ended_on": "2021-12-07"}).status_code == 422


class TestLegalHelp:
    def test_shows_the_edition_in_force_of_a_city(self, browser):
        city = CityFactory(name="El Paso")
        LegalProviderFactory(city=city, name="Old Desk", valid_from=date(2021, 1, 1))
        LegalProviderFactory(city=city, name="New Desk", valid_from=date(2021, 12, 1))
        LegalProviderFactory(city=city, name="Coming Desk", valid_from=date(2022, 1, 1))
        page = browser.get(reverse("docket:legal_help")).content.decode()
        assert "New Desk" in page
        assert "Old Desk" not in page
        assert "Coming Desk" not in page

    def test_prints_in_the_familys_language(self, household, browser):
        LegalProviderFactory(city=household.site.city)
        household.language = "eng"
        household.save()
        page = browser.get(reverse("docket:give_legal_help", args=[household.uid])).content.decode()
        assert "Free orientation." in page
        assert "This help costs nothing." in page

    def test_says_so_where_that_cannot_be(self, household, browser):
        LegalProviderFactory(city=household.site.city)
        household.language = "hat"
        household.save()
        page = browser.get(reverse("docket:give_legal_help", args=[household.uid])).content.decode()
        assert "There is no list in their language yet: Haitian Creole" in page

    def test_notes_that_it_was_given(self, household, browser):
        line = LegalProviderFactory(city=household.site.city)
        address = reverse("docket:give_legal_help", args=[household.uid])
        browser.post(address, {"city": line.city.pk, "language": "spa", "uid": uuid4()})
        given = LegalListGiven.objects.get()
        assert (given.household, given.edition, given.language) == (household, line.valid_from, "spa")
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "List of free legal help given" in page

    def test_says_that_there_is_none(self, browser):
        assert "No list has been loaded yet" in browser.get(reverse("docket:legal_help")).content.decode()


class TestLoadLegalLists:
    def test_gives_every_line_its_source_and_changes_nothing_the_second_time(self, reference_data, capsys):
        call_command("load_legal_lists")
        call_command("load_legal_lists")
        assert LegalProvider.objects.count() >= 10
        assert not LegalProvider.objects.filter(source_url="").exists()
        assert Event.objects.filter(type=EventType.LEGAL_LISTS_LOADED).count() == 1

    def test_prints_no_word_that_endangers(self, reference_data):
        call_command("load_legal_lists")
        with translation.override("es"):
            for each in LegalProvider.objects.all():
                assert "asil" not in each.what_es.lower()
                assert "asyl" not in each.what_en.lower()
