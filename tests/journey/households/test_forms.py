"""The forms of the household page."""

import re
from datetime import UTC, date, datetime

import pytest

from accounts.roles import Role
from audit.models import Event, EventType
from cases.models import Consent, CovidTest, Document, Person
from cases.states import Step
from hearings.models import Claim, Hearing
from places.models import Court, Crossing
from tests.factories.cases import ConsentFactory, CovidTestFactory, HouseholdFactory
from tests.journey.households.pages import NOW, is_noted, read, url_of

pytestmark = pytest.mark.django_db


class TestTakeStep:
    def test_marks_it_for_everybody_without_a_tick(self, household, client_of):
        response = client_of(Role.RECEPTION).post(url_of("take_step", household), {"step": Step.DOCUMENTED})
        household.refresh_from_db()
        assert is_noted(response, household)
        assert household.step == Step.DOCUMENTED

    def test_keeps_what_was_typed_when_the_step_is_unknown(self, household, client_of):
        response = client_of(Role.RECEPTION).post(url_of("take_step", household), {"step": "flown"})
        assert response.status_code == 422


class TestGiveDocument:
    def test_notes_the_paper_of_those_ticked(self, household, client_of):
        person = household.people.first()
        sent = {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07", "people": [person.pk]}
        assert is_noted(client_of(Role.RECEPTION).post(url_of("give_document", household), sent), household)
        assert Document.objects.get().person == person

    def test_shows_the_refusal_in_place_and_loses_nothing(self, household, client_of):
        sent = {
            "kind": "tvrh",
            "issued_on": "2021-12-08",
            "valid_until": "2021-12-01",
            "people": [household.people.first().pk],
        }
        response = client_of(Role.RECEPTION).post(url_of("give_document", household), sent)
        page = response.content.decode()
        assert response.status_code == 422
        assert 'value="2021-12-01"' in page
        assert 'role="alert"' in page
        assert not Document.objects.exists()

    def test_offers_the_fmm_of_120_days_to_those_without_one(self, household, client_of):
        page = read(client_of(Role.RECEPTION), url_of("give_document", household))
        assert 'value="2022-04-07"' in page

    def test_is_not_for_a_shelter_desk(self, household, client_of):
        assert client_of(Role.SHELTER).get(url_of("give_document", household)).status_code == 404


class TestTakeTest:
    def test_notes_it_at_the_clock_of_the_site(self, household, client_of):
        person = household.people.first()
        sent = {"kind": "94558-4", "taken_on": "2021-12-08", "taken_time": "10:30", "people": [person.pk]}
        assert is_noted(client_of(Role.RECEPTION).post(url_of("take_test", household), sent), household)
        assert CovidTest.objects.get().taken_at == datetime(2021, 12, 8, 17, 30, tzinfo=UTC)

    def test_refuses_one_that_is_still_to_come(self, household, client_of):
        sent = {
            "kind": "94558-4",
            "taken_on": "2021-12-08",
            "taken_time": "12:30",
            "people": [household.people.first().pk],
        }
        assert client_of(Role.RECEPTION).post(url_of("take_test", household), sent).status_code == 422

    @pytest.mark.parametrize("role", [Role.SHELTER, Role.HEARINGS])
    def test_looks_missing_to_roles_without_health(self, household, client_of, role):
        assert client_of(role).get(url_of("take_test", household)).status_code == 404


class TestNoteResult:
    def test_notes_it_and_moves_the_family_on(self, household, client_of):
        test = CovidTestFactory(person=household.people.first())
        sent = {
            f"result-{test.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert is_noted(client_of(Role.RECEPTION).post(url_of("note_result", household), sent), household)
        household.refresh_from_db()
        assert household.step == Step.TESTED

    def test_takes_a_result_of_the_minute_in_which_the_test_was_tapped(self, household, client_of):
        test = CovidTestFactory(person=household.people.first(), taken_at=datetime(2021, 12, 8, 17, 58, 40, tzinfo=UTC))
        sent = {
            f"result-{test.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert is_noted(client_of(Role.RECEPTION).post(url_of("note_result", household), sent), household)

    def test_refuses_the_test_of_another_family(self, household, client_of):
        other = CovidTestFactory(person=HouseholdFactory(people=1).people.get())
        sent = {
            f"result-{other.pk}": CovidTest.Result.NOT_DETECTED,
            "read_on": "2021-12-08",
            "read_time": "10:58",
        }
        assert client_of(Role.RECEPTION).post(url_of("note_result", household), sent).status_code == 422
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
        assert is_noted(client_of(Role.RECEPTION).post(url_of("note_hearing", household), sheet), household)
        hearing = Hearing.objects.get()
        assert (hearing.report_basis, hearing.report_at) == ("documented", datetime(2022, 1, 3, 11, 30, tzinfo=UTC))

    def test_asks_once_more_about_a_weekend(self, household, client_of, sheet):
        browser, saturday = client_of(Role.HEARINGS), {**sheet, "court_on": "2022-01-08"}
        response = browser.post(url_of("note_hearing", household), saturday)
        assert response.status_code == 422
        assert 'name="is_right"' in response.content.decode()
        assert is_noted(browser.post(url_of("note_hearing", household), {**saturday, "is_right": "on"}), household)

    def test_needs_the_crossing_for_its_time(self, household, client_of, sheet):
        response = client_of(Role.HEARINGS).post(url_of("note_hearing", household), {**sheet, "crossing": ""})
        assert response.status_code == 422
        assert 'value="04:30"' in response.content.decode()

    def test_shows_the_refusal_of_the_same_hearing_twice(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(url_of("note_hearing", household), sheet)
        assert browser.post(url_of("note_hearing", household), sheet).status_code == 422
        assert Hearing.objects.count() == 1

    def test_is_verified_and_contradicted_from_the_page(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(url_of("note_hearing", household), sheet)
        hearing = Hearing.objects.get()
        url = url_of("verify_hearing", household, hearing.uid)
        shown = re.search(
            rf'action="{url}".*?name="version" value="(\d+)"', read(browser, url_of("household", household))
        )
        for _tap in range(2):
            assert is_noted(browser.post(url, {"version": shown[1]}), household)
        assert browser.post(url).status_code == 404
        hearing.refresh_from_db()
        assert hearing.verified_at == NOW
        assert Event.objects.filter(type=EventType.HEARING_VERIFIED).count() == 1
        word = {"source": Claim.Source.LAWYER, "said_on": "2021-12-08", "court_time": "13:00"}
        assert is_noted(browser.post(url_of("change_hearing", household, hearing.uid), word), household)
        assert hearing.claims.filter(source=Claim.Source.LAWYER).exists()

    def test_shows_a_refusal_when_a_source_says_nothing(self, household, client_of, sheet):
        browser = client_of(Role.HEARINGS)
        browser.post(url_of("note_hearing", household), sheet)
        word = {"source": Claim.Source.LAWYER, "said_on": "2021-12-08"}
        assert browser.post(url_of("change_hearing", household, Hearing.objects.get().uid), word).status_code == 422


class TestCorrect:
    def test_changes_only_what_was_written(self, household, client_of):
        person = household.people.first()
        Person.objects.filter(pk=person.pk).update(a_number="012345678")
        url = url_of("correct", household, person.uid)
        page = read(client_of(Role.RECEPTION), url)
        assert "012345678" not in page
        sent = {
            "given_names": "Dayanara",
            "surnames": person.surnames,
            "birth_date": "1990-03-05",
            "nationality": "HN",
            "phone": "656 123 4567",
            "phone_owner": "own",
        }
        assert is_noted(client_of(Role.RECEPTION).post(url, sent), household)
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
        browser, url = client_of(Role.RECEPTION), url_of("correct", household, person.uid)
        page = read(browser, url)
        assert "Edad, estimada" in page
        assert 'value="27"' in page
        assert "1994-07-01" not in page
        assert is_noted(browser.post(url, {"given_names": person.given_names, **written}), household)
        person.refresh_from_db()
        assert (person.birth_date, person.birth_is_estimated) == kept

    def test_asks_for_no_estimate_where_the_date_is_known_and_refuses_nonsense(self, household, client_of):
        known, other = household.people.order_by("pk")[:2]
        browser = client_of(Role.RECEPTION)
        assert "Edad, estimada" not in read(browser, url_of("correct", household, known.uid))
        Person.objects.filter(pk=other.pk).update(birth_date=None)
        response = browser.post(url_of("correct", household, other.uid), {"age": "300"})
        assert response.status_code == 422
        assert "Escriba una edad en años o un año de nacimiento." in response.content.decode()

    def test_shows_a_wrong_phone_in_place(self, household, client_of):
        url = url_of("correct", household, household.people.first().uid)
        response = client_of(Role.RECEPTION).post(url, {"given_names": "Lizeth", "phone": "12"})
        assert response.status_code == 422
        assert 'value="Lizeth"' in response.content.decode()

    def test_finds_nobody_of_another_family(self, household, client_of):
        stranger = HouseholdFactory(people=1).people.get()
        assert client_of(Role.RECEPTION).get(url_of("correct", household, stranger.uid)).status_code == 404


class TestConsent:
    def test_is_withdrawn_by_a_no(self, household, client_of):
        ConsentFactory(household=household, purpose=Consent.Purpose.MESSAGES)
        answers = {"reception": "yes", "messages": "no", "partners": "no", "language": "spa", "way": "aloud"}
        response = client_of(Role.RECEPTION).post(url_of("consent", household), answers)
        assert is_noted(response, household)
        standing = Consent.objects.filter(withdrawn_at=None).values_list("purpose", "is_given")
        assert dict(standing) == {"reception": True, "messages": False, "partners": False}
