"""The list of a day on paper holds no more than its lines need."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from docket.sheet import sheets_of
from docket.sheet_pdf import pdf_of
from journey.paper import Paper
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.places import CrossingFactory
from tests.factories.shelters import StayFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 12, 16)
URL, PDF = reverse("docket:sheet"), reverse("docket:sheet_pdf")


@pytest.fixture
def family(officer):
    def make(surnames="Reyes Mejía", **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids))
        for position, relation, born in ((1, "head", "1990-01-01"), (2, "child", "2015-01-01")):
            PersonFactory(
                household=household,
                position=position,
                relation=relation,
                birth_date=date.fromisoformat(born),
                given_names="Wilmer Antonio",
                surnames=surnames,
                a_number="012345678",
                findable=False,
            )
        hearing = HearingFactory(household=household, **facts)
        ClaimFactory(hearing=hearing)
        for person in household.people.all():
            SummonsFactory(hearing=hearing, person=person)
        return hearing

    return make


class TestSheetsOf:
    def test_is_one_a_crossing_by_the_name_that_people_use(self, family, officer, now):
        family()
        family(report_crossing=CrossingFactory(name="Stanton Street", also_called="Puente Lerdo"))
        sheets, _households = sheets_of(day=DAY, actor=officer, now=now)
        assert [(sheet.place, sheet.groups, sheet.people, sheet.children) for sheet in sheets] == [
            ("Puente Santa Fe", 1, 2, 1),
            ("Puente Lerdo", 1, 2, 1),
        ]

    def test_is_of_one_crossing_when_told(self, family, officer, now):
        family()
        lerdo = family(report_crossing=CrossingFactory(name="Stanton Street", also_called="Puente Lerdo"))
        sheets, households = sheets_of(day=DAY, actor=officer, now=now, crossing=lerdo.report_crossing_id)
        assert [sheet.place for sheet in sheets] == ["Puente Lerdo"]
        assert households == {lerdo.household.uid}

    def test_calls_them_as_a_desk_does_with_hour_and_house(self, family, officer, now):
        hearing = family()
        stay = StayFactory(person=hearing.household.people.first(), household=hearing.household)
        TellingFactory(hearing=hearing)
        (sheet,), _households = sheets_of(day=DAY, actor=officer, now=now)
        (line,) = sheet.lines
        assert (line.hour, line.called, line.people, line.children) == ("04:30", "Reyes Mejía", 2, 1)
        assert line.sleeps == stay.unit.shelter.name

    def test_says_whom_somebody_must_still_tell(self, family, officer, now):
        family()
        (sheet,), _households = sheets_of(day=DAY, actor=officer, now=now)
        untold = sheet.lines[0].remarks
        TellingFactory(hearing=family(surnames="Ac Tiul"))
        (sheet,), _households = sheets_of(day=DAY, actor=officer, now=now)
        assert len(untold.split(" · ")) == len(sheet.lines[1].remarks.split(" · ")) + 1


class TestPage:
    @pytest.fixture(autouse=True)
    def the_day_before(self):
        with time_machine.travel(datetime(2021, 12, 15, 20, 0, tzinfo=UTC), tick=False):
            yield

    @pytest.fixture
    def browser(self, client_of):
        return client_of("hearings", "JZ")

    def test_holds_nothing_that_gives_them_away(self, family, browser):
        hearing = family()
        page = browser.get(f"{URL}?day={DAY}").content.decode().split("<article")[1].split("</article>")[0]
        assert "Reyes Mejía" in page
        for word in ("Wilmer", "345678", "08:30", "El Paso", "corte", "court", "MPP", "audiencia"):
            assert word not in page
        assert hearing.household.code not in page

    def test_records_a_look_and_a_file_apart(self, family, browser):
        hearing = family()
        browser.get(f"{URL}?day={DAY}")
        browser.get(f"{PDF}?day={DAY}")
        assert [read.page for read in Read.objects.order_by("pk")] == ["docket_sheet", "docket_sheet.print"]
        assert Read.objects.first().households == [hearing.household.uid]

    @pytest.mark.parametrize("paper", ["a4", "us-letter"])
    def test_is_a_file_for_either_paper(self, family, browser, paper):
        family()
        answer = browser.get(f"{PDF}?day={DAY}&paper={paper}")
        assert answer.content.startswith(b"%PDF")
        assert browser.get(f"{PDF}?day={DAY}&paper=wall").status_code == 404

    def test_says_that_nobody_leaves(self, browser):
        assert b"x-empty" in browser.get(f"{URL}?day={DAY}").content

    def test_costs_ten_queries_at_most(self, family, browser, django_assert_max_num_queries):
        for _ in range(12):
            family()
        browser.get(f"{URL}?day={DAY}")
        with django_assert_max_num_queries(10):
            browser.get(f"{URL}?day={DAY}")


class TestPdfOf:
    def test_sets_two_hundred_families(self, family, officer, now):
        family()
        (sheet,), _households = sheets_of(day=DAY, actor=officer, now=now)
        sheet = type(sheet)(sheet.day, sheet.place, sheet.city, sheet.zone, sheet.lines * 200)
        pdf = pdf_of([sheet], paper=Paper.LETTER, printed_by="Marta Ontiveros", at=now)
        assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page") >= 1
        assert len(pdf) < 400_000
