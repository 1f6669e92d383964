"""The page of who belongs to whom, and what the household page and the list say of it."""

import gzip
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event, EventType, Read
from cases.models import Absence, Household, Kinship, Person, Regrouping, Relation
from cases.states import Step
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.kin import AbsenceFactory, KinshipFactory, RegroupingFactory
from tests.factories.places import SiteFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
MOST_QUERIES = 10
HEAVIEST = 30_000

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def household() -> Household:
    return HouseholdFactory(people=3)


def _url(name: str, household: Household, *more: object) -> str:
    return reverse(f"journey:{name}", args=[household.uid, *more])


def _get(browser: Client, url: str, language: str = "en") -> str:
    browser.post("/language/", {"language": language, "next": "/"})
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def _large() -> Household:
    household = HouseholdFactory(people=12)
    for person in household.people.all():
        KinshipFactory(person=person)
        AbsenceFactory(person=person)
    for _each in range(10):
        RegroupingFactory(household=household)
    return household


class TestBelonging:
    def test_says_who_takes_care_of_a_child(self, household, client_of):
        Person.objects.filter(household=household, position__gt=1).update(relation=Relation.SIBLING)
        page = _get(client_of(Role.RECEPTION), _url("belonging", household))
        assert "Separated minor" in page
        assert "SC-SC" in page

    def test_names_kin_elsewhere_only_to_those_who_see_them(self, household, client_of):
        here, away = PersonFactory(), PersonFactory(household=HouseholdFactory(site=SiteFactory(code="TJ")))
        for relative in (here, away):
            KinshipFactory(person=household.people.first(), relative=relative)
        for name in ("belonging", "household"):
            page = _get(client_of(Role.RECEPTION), _url(name, household))
            assert here.household.code in page
            assert away.household.code not in page

    def test_reads_a_relation_from_the_other_end(self, household, client_of):
        mother = PersonFactory()
        KinshipFactory(person=household.people.last(), relative=mother, kind=Kinship.Kind.PARENT)
        assert "son or daughter of Dayanara" in _get(client_of(Role.RECEPTION), _url("belonging", mother.household))

    def test_records_everybody_shown(self, household, client_of):
        other = PersonFactory().household
        KinshipFactory(person=household.people.first(), relative=other.people.get())
        _get(client_of(Role.RECEPTION), _url("belonging", household))
        assert set(Read.objects.get().households) == {household.uid, other.uid}

    def test_costs_ten_queries_and_thirty_kilobytes_at_most(self, client_of, django_assert_max_num_queries):
        household = _large()
        for role in (Role.COORDINATOR, Role.SHELTER):
            browser = client_of(role)
            if role == Role.SHELTER:
                Household.objects.filter(pk=household.pk).update(guest_site=SiteFactory(code="JZ"))
            browser.get(_url("belonging", household))
            for name in ("belonging", "household"):
                with django_assert_max_num_queries(MOST_QUERIES):
                    response = browser.get(_url(name, household))
                assert len(gzip.compress(response.content)) < HEAVIEST

    def test_does_not_name_whom_protection_keeps_apart(self, household, client_of):
        own = HouseholdFactory(people=1)
        row = RegroupingFactory(household=household, into=own, reason=Regrouping.Reason.PROTECTION)
        page = _get(client_of(Role.RECEPTION), _url("belonging", household))
        assert own.code not in page
        Regrouping.objects.filter(pk=row.pk).update(reason=Regrouping.Reason.FAMILY)
        assert own.code in _get(client_of(Role.RECEPTION), _url("belonging", household))

    def test_tells_a_shelter_desk_nothing_of_isolation(self, household, client_of):
        Household.objects.filter(pk=household.pk).update(guest_site=SiteFactory(code="JZ"))
        RegroupingFactory(household=household, reason=Regrouping.Reason.ISOLATION)
        assert "Isolation" not in _get(client_of(Role.SHELTER), _url("belonging", household))
        assert "Isolation" in _get(client_of(Role.RECEPTION), _url("belonging", household))


class TestHouseholdPage:
    def test_says_how_many_have_a_document_and_who_is_missing(self, household, client_of):
        AbsenceFactory(person=household.people.last())
        page = _get(client_of(Role.RECEPTION), _url("household", household))
        assert "0 of 3 with a document" in page
        assert "1 not here" in page
        assert "one adult with minors" in page
        assert "1 not here" in _get(client_of(Role.RECEPTION), reverse("journey:people"))


class TestAbsence:
    def test_is_noted_and_ends(self, household, client_of):
        browser, person = client_of(Role.RECEPTION), household.people.last()
        for word, is_open in (("missing", True), ("found", False)):
            browser.post(_url("absence", household), {"person": person.uid, word: "1"})
            assert Absence.objects.open().exists() is is_open

    def test_of_those_unticked_is_noted_with_the_deed(self, household, client_of):
        first, *others = household.people.all()
        AbsenceFactory(person=first)
        asked = {"step": Step.DOCUMENTED, "people": [first.pk], "others_missing": "on"}
        client_of(Role.RECEPTION).post(_url("take_step", household), asked)
        missing = set(Absence.objects.open().values_list("person", flat=True))
        assert missing == {person.pk for person in others}

    def test_unticks_who_is_missing(self, household, client_of):
        missing = household.people.last()
        AbsenceFactory(person=missing)
        page = _get(client_of(Role.RECEPTION), _url("take_step", household))
        ticked = [line for line in page.split("<input") if 'name="people"' in line and "checked" in line]
        assert len(ticked) == 2
        assert f'value="{missing.pk}"' not in "".join(ticked)

    def test_is_not_noted_of_those_unticked_unless_told(self, household, client_of):
        first = household.people.first()
        asked = {"step": Step.DOCUMENTED, "people": [first.pk]}
        client_of(Role.RECEPTION).post(_url("take_step", household), asked)
        assert not Absence.objects.exists()


class TestKin:
    def test_is_noted_with_a_family_by_its_code(self, household, client_of):
        other, browser = PersonFactory(), client_of(Role.RECEPTION)
        url = f"{_url('kin', household)}?with={other.household.code.lower()}"
        assert other.given_names in _get(browser, url)
        person = household.people.first()
        response = browser.post(url, {"person": person.pk, "relative": other.pk, "kind": "sibling"})
        assert response.status_code == 302
        assert Kinship.objects.get().relative == other

    def test_of_an_unknown_or_foreign_code_says_the_same(self, household, client_of):
        foreign = HouseholdFactory(people=1, site=SiteFactory(code="TJ"))
        for code in (foreign.code, "JZ-9999", "whatever"):
            page = _get(client_of(Role.RECEPTION), f"{_url('kin', household)}?with={code}")
            assert "No family here has this code" in page

    def test_is_taken_back(self, household, client_of):
        kinship = KinshipFactory(person=household.people.first())
        client_of(Role.RECEPTION).post(_url("withdraw_kin", household, kinship.uid))
        assert not Kinship.objects.standing().exists()

    def test_of_a_legal_caregiver_ends_the_warning(self, household, client_of):
        head, *children = household.people.all()
        Person.objects.filter(household=household, position__gt=1).update(relation=Relation.UNRELATED)
        browser = client_of(Role.RECEPTION)
        assert "Unaccompanied minor" in _get(browser, _url("belonging", household))
        for child in children:
            asked = {"person": child.pk, "relative": head.pk, "kind": "caregiver"}
            assert browser.post(f"{_url('kin', household)}?with=own", asked).status_code == 302
        assert "Unaccompanied minor" not in _get(browser, _url("belonging", household))


class TestSplit:
    def test_leads_to_the_new_family_and_back(self, household, client_of):
        browser, goer = client_of(Role.RECEPTION), household.people.last()
        response = browser.post(_url("split", household), {"people": [goer.pk], "reason": "family"})
        own = Household.objects.exclude(pk=household.pk).get()
        assert response["Location"] == _url("belonging", own)
        page = _get(browser, _url("household", own))
        assert "Separated from another family" in page
        assert household.code in page
        undo = _url("undo_regrouping", own, Regrouping.objects.get().uid)
        assert browser.post(undo)["Location"] == _url("belonging", household)
        assert household.people.count() == 3
        assert browser.get(_url("household", own)).status_code in (301, 302)

    def test_says_at_once_that_children_are_left_without_an_adult(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        browser.post("/language/", {"language": "en", "next": "/"})
        _head, child, other = household.people.order_by("pk")
        Person.objects.filter(pk=other.pk).update(birth_date=date(1992, 3, 5))
        browser.post(_url("split", household), {"people": [other.pk], "reason": "family"})
        assert "No adult is with the children" not in _get(browser, _url("household", household))
        browser.post(_url("split", household), {"people": [child.pk], "reason": "family"})
        own = Household.objects.get(people=child)
        assert f"No adult is with the children of {own.code}" in _get(browser, _url("belonging", own))

    def test_names_its_refusals_and_keeps_what_was_ticked(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        browser.post("/language/", {"language": "en", "next": "/"})
        everybody = [person.pk for person in household.people.all()]
        for people, words in (([], "Choose who becomes"), (everybody, "Somebody has to stay")):
            response = browser.post(_url("split", household), {"people": people, "reason": "family"})
            assert response.status_code == 422
            assert words in response.content.decode()
            assert response.content.decode().count(" checked") >= len(people)

    def test_offers_isolation_only_to_those_who_see_health(self, household, client_of):
        assert 'value="isolation"' in _get(client_of(Role.RECEPTION), _url("split", household))


class TestJoin:
    def test_shows_both_and_makes_them_one(self, household, client_of):
        other, browser = HouseholdFactory(people=2), client_of(Role.RECEPTION)
        url = f"{_url('join', household)}?with={other.code}"
        assert other.code in _get(browser, url)
        browser.post(url, {"relation": "sibling", "reason": "reunited"})
        assert household.people.count() == 5
        page = _get(browser, _url("belonging", household))
        assert "2 people joined" in page
        undo = _url("undo_regrouping", household, Regrouping.objects.get().uid)
        browser.post(undo)
        assert household.people.count() == 3
        assert Event.objects.filter(type=EventType.REGROUPING_UNDONE).count() == 2

    def test_asks_for_another_code_than_its_own(self, household, client_of):
        page = _get(client_of(Role.RECEPTION), f"{_url('join', household)}?with={household.code}")
        assert "Code of the other family" in page


class TestToday:
    def test_tells_of_a_child_without_its_adult(self, household, client_of):
        AbsenceFactory(person=household.people.first())
        browser = client_of(Role.RECEPTION)
        page = _get(browser, "/")
        assert f"{household.code}: a child is without its adult" in page
        Absence.objects.update(found_at=NOW, found_by="1")
        assert "without its adult" not in _get(browser, "/")

    def test_tells_of_children_who_parted_from_their_adults_until_they_are_one_again(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        _head, *children = household.people.order_by("pk")
        browser.post(_url("split", household), {"people": [child.pk for child in children], "reason": "family"})
        own = Household.objects.get(people=children[0])
        page = _get(browser, "/")
        assert f"{own.code}: a child is without its adult" in page
        assert "Since a separation no adult is in this family" in page
        assert f"{household.code}: a child" not in page
        browser.post(_url("undo_regrouping", own, Regrouping.objects.get().uid))
        assert "without its adult" not in _get(browser, "/")

    def test_leaves_out_children_who_parted_and_are_gone(self, household, client_of):
        browser = client_of(Role.RECEPTION)
        child = household.people.last()
        browser.post(_url("split", household), {"people": [child.pk], "reason": "family"})
        Household.objects.filter(people=child).update(step=Step.VOLUNTARY_RETURN)
        assert "without its adult" not in _get(browser, "/")

    def test_says_nothing_of_an_adult_alone(self, client_of):
        AbsenceFactory(person__birth_date=date(1990, 3, 5))
        assert "without its adult" not in _get(client_of(Role.RECEPTION), "/")


class TestBoard:
    def test_shows_a_child_without_its_parents_and_who_is_missing(self, household, client_of):
        Person.objects.filter(household=household, position__gt=1).update(relation=Relation.SIBLING)
        AbsenceFactory(person=household.people.first())
        browser = client_of(Role.RECEPTION)
        page = _get(browser, reverse("journey:reception"))
        assert "separated minor" in page
        assert "1 not here" in page
        head, *children = household.people.all()
        for child in children:
            KinshipFactory(person=child, relative=head, kind=Kinship.Kind.CAREGIVER)
        assert "separated minor" not in _get(browser, reverse("journey:reception"))
