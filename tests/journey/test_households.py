"""The household page, its forms, and the list of households."""

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import EventType, Read
from cases.models import Consent, CovidTest, Document, Household, Person
from cases.states import Step
from hearings.models import Claim, Hearing
from places.models import Court, Crossing
from tests.factories.audit import EventFactory
from tests.factories.cases import ConsentFactory, CovidTestFactory, DocumentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import StayFactory, UnitFactory

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
    return HouseholdFactory(people=2)


def _url(name: str, household: Household, *more: object) -> str:
    return reverse(f"journey:{name}", args=[household.uid, *more])


def _get(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def _noted(response: object, household: Household) -> bool:
    return response.status_code == 302 and response["Location"] == _url("household", household)


class TestHouseholdPage:
    def test_shows_people_hearing_plan_and_light(self, household, client_of):
        HearingFactory(household=household)
        page = _get(client_of(Role.COORDINATOR), _url("household", household))
        assert "Familia Funes Amador" in page
        assert "04:30" in page
        assert "08:30" in page
        assert "02:45" in page
        assert household.code in page

    def test_records_the_read(self, household, client_of):
        _get(client_of(Role.RECEPTION), _url("household", household))
        assert Read.objects.get().households == [household.uid]

    def test_looks_missing_from_another_site(self, household, client_of):
        elsewhere = client_of(Role.COORDINATOR, SiteFactory(code="TJ"))
        assert elsewhere.get(_url("household", household)).status_code == 404
        assert not Read.objects.exists()

    @pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR])
    def test_looks_missing_to_who_oversees(self, household, client_of, role):
        assert client_of(role).get(_url("household", household)).status_code == 404

    def test_keeps_names_out_of_the_title(self, household, client_of):
        page = _get(client_of(Role.RECEPTION), _url("household", household))
        assert "Funes" not in page.split("<title>")[1].split("</title>")[0]

    def test_tells_a_shelter_desk_nothing_of_health(self, household, client_of):
        person = household.people.first()
        CovidTestFactory(person=person, result=CovidTest.Result.DETECTED, resulted_at=NOW)
        Household.objects.update(step=Step.ISOLATED)
        EventFactory(household=household.uid, type=EventType.TEST_RESULTED)
        HearingFactory(household=household)
        page = _get(client_of(Role.SHELTER), _url("household", household)).lower()
        assert "positiv" not in page
        assert "aislamiento" not in page
        assert "antígeno" not in page
        assert "positiv" in _get(client_of(Role.RECEPTION), _url("household", household)).lower()

    def test_hides_numbers_until_somebody_asks(self, household, client_of):
        Person.objects.filter(pk=household.people.first().pk).update(a_number="012345678")
        browser = client_of(Role.RECEPTION)
        assert "012-345" not in _get(browser, _url("household", household))
        shown = browser.post(_url("show_numbers", household))
        assert "012-345-678" in shown.content.decode()
        assert list(Read.objects.order_by("pk").values_list("page", flat=True)) == ["household", "household.numbers"]

    def test_says_that_a_message_may_have_arrived_twice(self, household, client_of):
        sent = {"status": "sent", "sent_at": NOW, "may_have_arrived_twice": True}
        MessageFactory(subject=household.uid, recipient=household.people.first().uid, **sent)
        browser = client_of(Role.HEARINGS)
        browser.post("/language/", {"language": "en", "next": "/"})
        assert "May have arrived twice" in _get(browser, _url("household", household))

    @pytest.mark.parametrize(("language", "is_draft"), [("spa", False), ("hat", True), ("mam", True)])
    def test_says_when_no_speaker_has_signed_the_words(self, household, client_of, language, is_draft):
        Household.objects.filter(pk=household.pk).update(language=language)
        MessageFactory(subject=household.uid, recipient=household.people.first().uid)
        browser = client_of(Role.HEARINGS)
        browser.post("/language/", {"language": "en", "next": "/"})
        assert ("has signed these words yet" in _get(browser, _url("household", household))) is is_draft

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.COORDINATOR, Role.SHELTER, Role.HEARINGS, Role.PROTECTION])
    def test_costs_ten_queries_and_thirty_kilobytes_at_most(self, client_of, django_assert_max_num_queries, role):
        household = _large_household()
        browser = client_of(role)
        for url in (_url("household", household), _url("household", household) + "?all=1"):
            with django_assert_max_num_queries(MOST_QUERIES):
                response = browser.get(url)
            assert len(gzip.compress(response.content)) < HEAVIEST
            assert response.status_code == 200

    def test_leads_from_one_missing_thing_to_the_next(self, household, client_of):
        browser = client_of(Role.COORDINATOR)

        def leads_to(name: str) -> bool:
            page = _get(browser, _url("household", household))
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
        assert "btn-primary" not in _get(browser, _url("household", household))

    def test_says_when_a_good_test_will_be_too_old(self, household, client_of):
        HearingFactory(household=household, court_on=date(2021, 12, 9))
        taken_at = NOW - timedelta(days=2, hours=20)
        swab = {"taken_at": taken_at, "result": CovidTest.Result.NOT_DETECTED, "resulted_at": taken_at}
        CovidTestFactory(person=household.people.first(), **swab)
        page = _get(client_of(Role.RECEPTION), _url("household", household))
        assert "x-pill stop" in page.split('id="tests"')[1].split("</table>")[0]
        assert "vence antes" in page

    def test_offers_a_shelter_desk_no_deed(self, household, client_of):
        page = _get(client_of(Role.SHELTER), _url("household", household))
        assert "btn-primary" not in page
        assert _url("give_document", household) not in page


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


class TestTakeStep:
    def test_marks_it_for_everybody_without_a_tick(self, household, client_of):
        response = client_of(Role.RECEPTION).post(_url("take_step", household), {"step": Step.DOCUMENTED})
        household.refresh_from_db()
        assert _noted(response, household)
        assert household.step == Step.DOCUMENTED

    def test_keeps_what_was_typed_when_the_step_is_unknown(self, household, client_of):
        response = client_of(Role.RECEPTION).post(_url("take_step", household), {"step": "flown"})
        assert response.status_code == 422


class TestGiveDocument:
    def test_notes_the_paper_of_those_ticked(self, household, client_of):
        person = household.people.first()
        sent = {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07", "people": [person.pk]}
        assert _noted(client_of(Role.RECEPTION).post(_url("give_document", household), sent), household)
        assert Document.objects.get().person == person

    def test_shows_the_refusal_in_place_and_loses_nothing(self, household, client_of):
        sent = {
            "kind": "tvrh",
            "issued_on": "2021-12-08",
            "valid_until": "2021-12-01",
            "people": [household.people.first().pk],
        }
        response = client_of(Role.RECEPTION).post(_url("give_document", household), sent)
        page = response.content.decode()
        assert response.status_code == 422
        assert 'value="2021-12-01"' in page
        assert 'role="alert"' in page
        assert not Document.objects.exists()

    def test_offers_the_fmm_of_120_days_to_those_without_one(self, household, client_of):
        page = _get(client_of(Role.RECEPTION), _url("give_document", household))
        assert 'value="2022-04-07"' in page

    def test_is_not_for_a_shelter_desk(self, household, client_of):
        assert client_of(Role.SHELTER).get(_url("give_document", household)).status_code == 404


class TestTakeTest:
    def test_notes_it_at_the_clock_of_the_site(self, household, client_of):
        person = household.people.first()
        sent = {"kind": "94558-4", "taken_on": "2021-12-08", "taken_time": "10:30", "people": [person.pk]}
        assert _noted(client_of(Role.RECEPTION).post(_url("take_test", household), sent), household)
        assert CovidTest.objects.get().taken_at == datetime(2021, 12, 8, 17, 30, tzinfo=UTC)

    def test_refuses_one_that_is_still_to_come(self, household, client_of):
        sent = {
            "kind": "94558-4",
            "taken_on": "2021-12-08",
            "taken_time": "12:30",
            "people": [household.people.first().pk],
        }
        assert client_of(Role.RECEPTION).post(_url("take_test", household), sent).status_code == 422

    @pytest.mark.parametrize("role", [Role.SHELTER, Role.HEARINGS])
    def test_looks_missing_to_roles_without_health(self, household, client_of, role):
        assert client_of(role).get(_url("take_test", household)).status_code == 404


class TestNoteResult:
    def test_notes_it_and_moves_the_family_on(self, household, client_of):
        test = CovidTestFactory(person=household.people.first())
        sent = {
            f"result-{test.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert _noted(client_of(Role.RECEPTION).post(_url("note_result", household), sent), household)
        household.refresh_from_db()
        assert household.step == Step.TESTED

    def test_takes_a_result_of_the_minute_in_which_the_test_was_tapped(self, household, client_of):
        test = CovidTestFactory(person=household.people.first(), taken_at=datetime(2021, 12, 8, 17, 58, 40, tzinfo=UTC))
        sent = {
            f"result-{test.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert _noted(client_of(Role.RECEPTION).post(_url("note_result", household), sent), household)

    def test_refuses_the_test_of_another_family(self, household, client_of):
        other = CovidTestFactory(person=HouseholdFactory(people=1).people.get())
        sent = {
            f"result-{other.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert client_of(Role.RECEPTION).post(_url("note_result", household), sent).status_code == 422
        other.refresh_from_db()
        assert other.result == ""


class TestNoteHearing:
    @pytest.fixture
    def sheet(self, reference_data) -> dict[str, object]:
        return {
            "kind": Hearing.Kind.INITIAL_MASTER,
            "court": Court.objects.get(eoir_base="ELP").pk,
            "court_on": "2022-01-03",
            "court_time": "08:30",
            "crossing": Crossing.objects.get(name="Paso del Norte").pk,
            "report_time": "04:30",
            "source": Claim.Source.MPP_SHEET,
            "said_on": "2021-12-08",
        }

    def test_notes_both_clocks(self, household, client_of, sheet):
        assert _noted(client_of(Role.RECEPTION).post(_url("note_hearing", household), sheet), household)
        hearing = Hearing.objects.get()
        assert (hearing.report_basis, hearing.report_at) == ("documented", datetime(2022, 1, 3, 11, 30, tzinfo=UTC))

    def test_asks_once_more_about_a_weekend(self, household, client_of, sheet):
        browser, saturday = client_of(Role.HEARINGS), {**sheet, "court_on": "2022-01-08"}
        response = browser.post(_url("note_hearing", household), saturday)
        assert response.status_code == 422
        assert 'name="is_right"' in response.content.decode()
        assert _noted(browser.post(_url("note_hearing", household), {**saturday, "is_right": "on"}), household)

    def test_needs_the_crossing_for_its_time(self, household, client_of, sheet):
        response = client_of(Role.HEARINGS).post(_url("note_hearing", household), {**sheet, "crossing": ""})
        assert response.status_code == 422
        assert 'value="04:30"' in response.content.decode()

    def test_shows_the_refusal_of_the_same_hearing_twice(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(_url("note_hearing", household), sheet)
        assert browser.post(_url("note_hearing", household), sheet).status_code == 422
        assert Hearing.objects.count() == 1

    def test_is_verified_and_contradicted_from_the_page(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(_url("note_hearing", household), sheet)
        hearing = Hearing.objects.get()
        assert _noted(browser.post(_url("verify_hearing", household, hearing.uid)), household)
        hearing.refresh_from_db()
        assert hearing.verified_at == NOW
        word = {"source": Claim.Source.LAWYER, "said_on": "2021-12-08", "court_time": "13:00"}
        assert _noted(browser.post(_url("change_hearing", household, hearing.uid), word), household)
        assert hearing.claims.filter(source=Claim.Source.LAWYER).exists()

    def test_shows_a_refusal_when_a_source_says_nothing(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(_url("note_hearing", household), sheet)
        word = {"source": Claim.Source.LAWYER, "said_on": "2021-12-08"}
        assert browser.post(_url("change_hearing", household, Hearing.objects.get().uid), word).status_code == 422


class TestCorrect:
    def test_changes_only_what_was_written(self, household, client_of):
        person = household.people.first()
        Person.objects.filter(pk=person.pk).update(a_number="012345678")
        url = _url("correct", household, person.uid)
        page = _get(client_of(Role.RECEPTION), url)
        assert "012345678" not in page
        sent = {
            "given_names": "Dayanara",
            "surnames": person.surnames,
            "birth_date": "1990-03-05",
            "nationality": "HN",
            "phone": "656 123 4567",
            "phone_owner": "own",
        }
        assert _noted(client_of(Role.RECEPTION).post(url, sent), household)
        person.refresh_from_db()
        assert (person.given_names, person.phone, person.a_number) == ("Dayanara", "+526561234567", "012345678")

    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ({"age": "27"}, (date(1994, 7, 1), True)),  # as it was shown
            ({"age": "30"}, (date(1991, 7, 1), True)),
            ({"age": "1988"}, (date(1988, 7, 1), True)),
            ({"age": "27", "birth_date": "1994-03-05"}, (date(1994, 3, 5), False)),
            ({"age": ""}, (None, False)),
        ],
    )
    def test_shows_an_estimate_as_one_and_keeps_it_so_until_a_date_is_written(
        self, household, client_of, written, kept
    ):
        person = household.people.first()
        Person.objects.filter(pk=person.pk).update(birth_date=date(1994, 7, 1), birth_is_estimated=True)
        browser, url = client_of(Role.RECEPTION), _url("correct", household, person.uid)
        page = _get(browser, url)
        assert "Edad, estimada" in page
        assert 'value="27"' in page
        assert "1994-07-01" not in page
        assert _noted(browser.post(url, {"given_names": person.given_names, **written}), household)
        person.refresh_from_db()
        assert (person.birth_date, person.birth_is_estimated) == kept

    def test_asks_for_no_estimate_where_the_date_is_known_and_refuses_nonsense(self, household, client_of):
        known, other = household.people.order_by("pk")[:2]
        browser = client_of(Role.RECEPTION)
        assert "Edad, estimada" not in _get(browser, _url("correct", household, known.uid))
        Person.objects.filter(pk=other.pk).update(birth_date=None)
        response = browser.post(_url("correct", household, other.uid), {"age": "300"})
        assert response.status_code == 422
        assert "Escriba una edad en años o un año de nacimiento." in response.content.decode()

    def test_shows_a_wrong_phone_in_place(self, household, client_of):
        url = _url("correct", household, household.people.first().uid)
        response = client_of(Role.RECEPTION).post(url, {"given_names": "Lizeth", "phone": "12"})
        assert response.status_code == 422
        assert 'value="Lizeth"' in response.content.decode()

    def test_finds_nobody_of_another_family(self, household, client_of):
        stranger = HouseholdFactory(people=1).people.get()
        assert client_of(Role.RECEPTION).get(_url("correct", household, stranger.uid)).status_code == 404


class TestConsent:
    def test_is_withdrawn_by_a_no(self, household, client_of):
        ConsentFactory(household=household, purpose=Consent.Purpose.MESSAGES)
        answers = {"reception": "yes", "messages": "no", "partners": "no", "language": "spa", "way": "aloud"}
        response = client_of(Role.RECEPTION).post(_url("consent", household), answers)
        assert _noted(response, household)
        standing = Consent.objects.filter(withdrawn_at=None).values_list("purpose", "is_given")
        assert dict(standing) == {"reception": True, "messages": False, "partners": False}


class TestPeople:
    def test_lists_the_newest_first_and_records_who_was_shown(self, household, client_of):
        older = HouseholdFactory(people=1, arrived_at=NOW - timedelta(days=9))
        page = _get(client_of(Role.RECEPTION), reverse("journey:people"))
        assert page.index(household.code) < page.index(older.code)
        assert set(Read.objects.get().households) == {household.uid, older.uid}

    def test_shows_nobody_of_another_site(self, household, client_of):
        page = _get(client_of(Role.RECEPTION, SiteFactory(code="TJ")), reverse("journey:people"))
        assert household.code not in page

    def test_costs_the_same_on_every_page(self, client_of, django_assert_max_num_queries):
        room = UnitFactory(places=200)
        for number in range(60):
            household = HouseholdFactory(people=3, arrived_at=NOW - timedelta(minutes=number))
            HearingFactory(household=household)
            StayFactory(person=household.people.first(), unit=room)
        browser = client_of(Role.COORDINATOR)
        with django_assert_max_num_queries(MOST_QUERIES):
            first = browser.get(reverse("journey:people"))
        assert len(gzip.compress(first.content)) < HEAVIEST
        cursor = first.content.decode().split("?after=")[1].split('"')[0]
        with django_assert_max_num_queries(MOST_QUERIES):
            second = browser.get(reverse("journey:people"), {"after": cursor})
        assert second.content.decode().count("<tr>") == 1 + 10
