"""The list against who came, on the page."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from audit.actions import dispatch_pending
from audit.models import Read
from cases.models import Household
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedList, Pairing
from tests.factories.cases import ArrivalFactory, HouseholdFactory, PersonFactory
from tests.factories.expected import (
    ExpectedDayFactory,
    ExpectedHouseholdFactory,
    ExpectedListFactory,
    ExpectedPersonFactory,
    PairingFactory,
)
from tests.factories.places import CrossingFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
DAY = "2021-12-08"
PASTED = "Familia\tNombres\tApellidos\tFecha de nacimiento\n1\tDayanara Lizeth\tFunes Amador\t05/03/1990\n2\tOsmany\tLeyva\t\n"


@pytest.fixture(autouse=True)
def on_the_day() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(client_of: Callable[..., Client]) -> Client:
    return client_of("reception")


def bring(client: Client, **more: object) -> str:
    data = {"site": SiteFactory().pk, "day": DAY, "source": "inm", "pasted": PASTED, **more}
    return client.post("/expected/new/", data, follow=True).content.decode()


def came(**person: object) -> Household:
    household: Household = HouseholdFactory()
    PersonFactory(household=household, **person)
    ArrivalFactory(household=household)
    return household


class TestBring:
    def test_pasted_rows_become_the_list_of_the_day(self, client: Client) -> None:
        assert "Funes Amador" in bring(client)
        assert ExpectedHousehold.objects.count() == 2

    def test_takes_no_harm_from_a_site_that_no_address_of_ours_names(self, client: Client) -> None:
        assert client.get("/expected/new/?site=%00").status_code == 200

    def test_the_same_again_says_so(self, client: Client) -> None:
        bring(client)
        assert "x-note accent" in bring(client)
        assert ExpectedList.objects.count() == 1

    def test_takes_a_workbook_and_never_a_formula_of_it(self, client: Client) -> None:
        content = BytesIO()
        with xlsxwriter.Workbook(content) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["LISTA DEL DÍA"])
            sheet.write_row(2, 0, ["Nombres", "Apellidos"])
            sheet.write_row(3, 0, ["Dayanara", "Funes"])
            sheet.write_formula(4, 0, '=HYPERLINK("http://x","Ana")', None, "Ana")
            sheet.write(4, 1, "Caal")
        upload = SimpleUploadedFile("lista.xlsx", content.getvalue())
        bring(client, pasted="", sheet=upload)
        names = {household.people.get().given_names for household in ExpectedHousehold.objects.all()}
        assert names == {"Dayanara", "Ana"}

    @pytest.mark.parametrize(
        "given",
        [
            {"pasted": ""},
            {"pasted": "no heading at all\n"},
            {"pasted": "Nombres,Apellidos\n"},
            {"pasted": "", "sheet": SimpleUploadedFile("x.xlsx", b"PK\x03\x04broken")},
            {"sheet": SimpleUploadedFile("x.csv", b"Nombres,Apellidos\nAna,Caal\n")},
        ],
        ids=["nothing", "no headings", "nobody", "broken", "both"],
    )
    def test_refuses_in_words_and_keeps_what_was_written(self, client: Client, given: dict[str, object]) -> None:
        assert 'role="alert"' in bring(client, **given)
        assert not ExpectedDay.objects.exists()

    def test_says_which_cells_were_left_empty(self, client: Client) -> None:
        page = bring(client, pasted="Nombres,Apellidos,Edad\nAna,Caal,¿15-20?\n")
        assert "x-note warn" in page
        assert "¿15-20?" not in page

    def test_shows_html_in_a_name_as_text(self, client: Client) -> None:
        assert "<b>Ana" not in bring(client, pasted="Nombres,Apellidos\n<b>Ana</b>,Caal\n")


class TestCompare:
    def test_is_flat_and_light_at_280_families_and_records_the_read(
        self, client: Client, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        listed = ExpectedListFactory()
        ExpectedListFactory(day=ExpectedDayFactory(day=date(2021, 12, 7)), number=1)
        for position in range(1, 281):
            household = ExpectedHouseholdFactory(
                day=listed.day, announced_in=listed, position=position, size=3, person=False
            )
            for place in (1, 2, 3):
                ExpectedPersonFactory(household=household, position=place, tokens=[])
            if position <= 90:
                PairingFactory(
                    household=household,
                    arrival__household__people=2,
                    **({"standing": "matched", "decided_at": NOW, "decided_by": "1"} if position <= 45 else {}),
                )
        for _number in range(45):
            HouseholdFactory(people=2)
        for show in ("", "doubtful", "missing", "came", "unannounced", "taken_off"):
            with django_assert_max_num_queries(10):
                page = client.get(f"/expected/?day={DAY}&show={show}")
            assert page.status_code == 200
            assert len(gzip.compress(page.content)) < 30_000, show
        seen = Read.objects.filter(page="expected").order_by("pk")
        assert [len(each.households) for each in seen] == [80, 80, 40, 80, 40]

    def test_counts_each_family_once(self, client: Client) -> None:
        listed = ExpectedListFactory()
        first, second, _third = (ExpectedHouseholdFactory(day=listed.day) for _number in range(3))
        ExpectedHouseholdFactory(day=listed.day, withdrawn_in=listed)
        decided = {"standing": "matched", "decided_at": NOW, "decided_by": "1"}
        PairingFactory(household=first, **decided)
        PairingFactory(household=second)
        came(surnames="Sin Lista")
        day = ExpectedDay.objects.with_counts().get()
        assert (day.families, day.families_came, day.families_doubtful, day.families_missing) == (3, 1, 1, 1)
        assert (day.unannounced, day.taken_off) == (1, 1)

    def test_without_a_list_leads_to_bringing_one(self, client: Client) -> None:
        HouseholdFactory()
        assert "/expected/new/?day=2021-12-08" in client.get("/expected/").content.decode()

    def test_says_who_did_not_arrive_once_the_day_is_over(self, client: Client) -> None:
        User.objects.update(language="en")
        ended = ExpectedDayFactory(day=date(2021, 12, 7), begins_at=NOW - timedelta(days=1), ends_at=NOW)
        for day in (ExpectedDayFactory(), ended):
            ExpectedHouseholdFactory(day=day)
            page = client.get(f"/expected/?day={day.day}").content.decode()
            assert ("Did not arrive" in page) == (day == ended)

    @pytest.mark.parametrize(
        "query", ["?day=never", "?day=0001-01-01", "?day=9999-12-31", "?show=<b>", "?page=-3", "?page=999"]
    )
    def test_an_address_made_up_still_answers(self, client: Client, query: str) -> None:
        ExpectedHouseholdFactory()
        assert client.get(f"/expected/{query}").status_code == 200

    def test_another_site_looks_missing(self, client_of: Callable[..., Client]) -> None:
        household = ExpectedHouseholdFactory()
        stranger = client_of("reception", "TJ")
        assert stranger.get("/expected/?site=JZ").status_code == 404
        for deed in ("answer", "undo", "arrive"):
            assert stranger.post(f"/expected/{household.uid}/{deed}/").status_code == 404

    def test_the_board_tells_it_in_one_line(self, client: Client) -> None:
        ExpectedHouseholdFactory()
        User.objects.update(language="en")
        page = client.get("/reception/").content.decode()
        assert "Expected list: 1 · came 0 · not on it 0" in page
        assert "/expected/" in page


class TestQuestions:
    def test_are_asked_once_of_a_family_that_was_written_down_twice(self, client: Client) -> None:
        first = PairingFactory()
        again = PairingFactory(household=first.household)
        Household.objects.filter(pk=again.arrival.household_id).update(merged_into=first.arrival.household)
        page = client.get("/expected/?show=doubtful").content.decode()
        assert page.count(f"/expected/{first.household.uid}/answer/") == 1
        assert Pairing.objects.offered().count() == 2

    def test_are_answered_of_the_arrival_that_each_is_about(self, client: Client) -> None:
        pairings = [PairingFactory(), PairingFactory()]
        kept, other = (pairing.arrival.household_id for pairing in pairings)
        Household.objects.filter(pk=other).update(merged_into=kept)
        page = client.get("/expected/?show=doubtful").content.decode()
        for pairing in pairings:
            answer = rf'action="/expected/{pairing.household.uid}/answer/".*?name="arrival" value="(.*?)"'
            assert re.search(answer, page)[1] == str(pairing.arrival.uid)


class TestDeciding:
    def test_yes_no_and_not_after_all(self, client: Client) -> None:
        pairing = PairingFactory()
        uid = pairing.household.uid
        client.post(f"/expected/{uid}/answer/", {"arrival": pairing.arrival.uid, "same": "yes"})
        assert Pairing.objects.get().standing == "matched"
        client.post(f"/expected/{uid}/undo/")
        assert Pairing.objects.get().standing == "refused"

    @pytest.mark.parametrize("arrival", ["", "x", "6f1c0b9e-0000-4000-8000-000000000000"])
    def test_an_arrival_that_was_not_offered_looks_missing(self, client: Client, arrival: str) -> None:
        uid = PairingFactory().household.uid
        assert client.post(f"/expected/{uid}/answer/", {"arrival": arrival, "same": "yes"}).status_code == 404
        assert Pairing.objects.get().standing == "offered"


class TestLogFromTheList:
    def test_fills_the_form_and_matches_what_is_saved(self, client: Client) -> None:
        household = ExpectedHouseholdFactory(crossing=CrossingFactory(), size=2, person=False)
        ExpectedPersonFactory(household=household, a_number="012345678")
        ExpectedPersonFactory(household=household, position=2, given_names="Ángel")
        page = client.post(f"/expected/{household.uid}/arrive/")
        content = page.content.decode()
        assert page.status_code == 200
        assert all(word in content for word in ("Dayanara Lizeth", "Funes Amador", "05/03/1990", "Ángel"))
        assert "no-store" in page["Cache-Control"]
        assert Read.objects.get(page="expected.log").households == [household.uid]
        form = page.context["form"]
        sent = {
            "uid": form.initial["uid"],
            **{"size": "1", "p1-given_names": "Otra", "p1-surnames": "Grafía", "crossing": household.crossing_id},
            **{"arrived_on": DAY, "arrived_time": "10:30", "language": "spa", "notice_read": "on"},
        }
        client.post("/arrivals/new/", sent)
        dispatch_pending(at=NOW)
        assert Pairing.objects.matched().get().household == household
