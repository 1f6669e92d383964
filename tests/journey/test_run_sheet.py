"""The run sheet: whom to wake and when, on the page, on paper and in the file."""

import gzip
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from audit.models import Read
from cases.models import Absence
from hearings.models import Hearing
from journey import rules
from journey.paper import Paper
from journey.run_sheet import run_sheets
from journey.run_sheet_pdf import pdf_of
from shelters.models import Shelter
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory, SummonsFactory
from tests.factories.places import CityFactory
from tests.factories.shelters import BedFactory, ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 12, 16)


@pytest.fixture
def shelter():
    return ShelterFactory(name="Casa Peregrina")


@pytest.fixture
def desk(actor_in, shelter):
    return actor_in("shelter", shelter.site)


@pytest.fixture
def family(shelter):
    """A family of the shelter that stands at the bridge at 04:30 on the day; facts of the hearing may be replaced."""

    def make(surnames="Reyes Mejía", people=1, unit=None, bed=None, born=date(1990, 1, 1), language="spa", **facts):
        household = HouseholdFactory(guest_site=shelter.site, language=language)
        hearing = HearingFactory(household=household, **facts)
        unit = unit or UnitFactory(shelter=shelter, name="Cuarto 7")
        for position in range(1, people + 1):
            person = PersonFactory(
                household=household,
                position=position,
                surnames=surnames,
                birth_date=born if position == 1 else date(2015, 1, 1),
                relation="head" if position == 1 else "child",
            )
            SummonsFactory(hearing=hearing, person=person)
            StayFactory(person=person, unit=unit, bed=bed if position == 1 else None)
        return hearing

    return make


def sheet_of(shelter, actor, now, day=DAY):
    sheets, _households = run_sheets(day=day, actor=actor, now=now, shelter=shelter)
    return sheets[0] if sheets else None


class TestRunSheets:
    def test_say_when_to_wake_to_leave_and_to_meet(self, shelter, family, desk, now):
        family()
        (departure,) = sheet_of(shelter, desk, now).departures
        assert (departure.wake, departure.leave, departure.meet) == ("03:00", "03:30", "04:30")

    def test_wake_a_family_with_children_earlier_and_first(self, shelter, family, desk, now):
        family("Alvarado")
        family("Zelaya", people=3, unit=UnitFactory(shelter=shelter, name="Sala"))
        (departure,) = sheet_of(shelter, desk, now).departures
        assert [(group.called, group.wake, group.people, group.children) for group in departure.groups] == [
            ("Zelaya", "02:45", 3, 2),
            ("Alvarado", "03:00", 1, 0),
        ]
        assert departure.people == 4

    def test_part_departures_by_the_hour_the_earliest_first(self, shelter, family, desk, now):
        unit = UnitFactory(shelter=shelter)
        family("Tarde", report_time=time(7, 0), unit=unit)
        family("Temprano", unit=unit)
        found = sheet_of(shelter, desk, now).departures
        assert [departure.groups[0].called for departure in found] == ["Temprano", "Tarde"]

    def test_name_the_room_and_the_bed(self, shelter, family, desk, now):
        unit = UnitFactory(shelter=shelter, name="Cuarto 7")
        family(unit=unit, bed=BedFactory(unit=unit, label="03"))
        assert sheet_of(shelter, desk, now).departures[0].groups[0].room == "Cuarto 7 (03)"

    def test_name_no_room_for_isolation(self, shelter, family, desk, now):
        family(unit=UnitFactory(shelter=shelter, name="Aislamiento", kind="isolation"))
        assert sheet_of(shelter, desk, now).departures[0].groups[0].room in ("reserved", "reservado")

    def test_leave_out_who_isolates_for_those_who_may_not_know(self, shelter, family, actor_in, now):
        family(unit=UnitFactory(shelter=shelter, kind="isolation"))
        assert sheet_of(shelter, actor_in("hearings"), now) is None

    def test_say_that_the_gate_is_shut(self, shelter, family, desk, now):
        Shelter.objects.update(gate_opens=time(5), gate_closes=time(22))
        family()
        assert "05:00" in sheet_of(shelter, desk, now).departures[0].problem

    def test_say_all_that_stands_in_the_way(self, shelter, family, desk, now):
        Shelter.objects.update(gate_opens=time(5), gate_closes=time(22))
        family(report_basis=Hearing.Basis.ESTIMATED)
        problem = sheet_of(shelter, desk, now).departures[0].problem
        assert "05:00" in problem
        assert problem.count(". ") == 3

    def test_say_nothing_of_a_gate_that_is_open(self, shelter, family, desk, now):
        Shelter.objects.update(gate_opens=time(3), gate_closes=time(22))
        family()
        assert sheet_of(shelter, desk, now).departures[0].problem == ""

    def test_make_up_no_hour_for_who_meets_in_another_city(self, shelter, family, desk, now):
        there = CityFactory(name="Nuevo Laredo", zone="America/Matamoros")
        family(report_crossing__city=there)
        (departure,) = sheet_of(shelter, desk, now).departures
        assert (departure.leave, departure.wake) == ("—", "—")
        assert departure.problem
        assert departure.meet == "03:30"  # by the clocks of the shelter, an hour behind
        assert "04:30" in departure.place
        assert "Nuevo Laredo" in departure.place

    def test_doubt_an_estimated_hour_apart_from_the_others(self, shelter, family, desk, now):
        unit = UnitFactory(shelter=shelter)
        family("Segura", unit=unit)
        family("Dudosa", unit=unit, report_basis=Hearing.Basis.ESTIMATED)
        sure, doubted = sheet_of(shelter, desk, now).departures
        assert (sure.problem, bool(doubted.problem)) == ("", True)

    def test_say_the_language_and_who_is_not_with_them(self, shelter, family, desk, now):
        hearing = family(people=2, language="quc")
        Absence.objects.create(person=hearing.household.people.last(), noted_at=now, noted_by="x")
        remarks = sheet_of(shelter, desk, now).departures[0].groups[0].remarks
        assert "1 " in remarks
        assert "·" in remarks

    def test_list_only_those_who_are_summoned(self, shelter, family, desk, now):
        hearing = family(people=3)
        hearing.summonses.exclude(person__position=1).delete()
        assert sheet_of(shelter, desk, now).people == 1

    def test_know_of_nobody_elsewhere(self, shelter, family, desk, actor_in, now):
        family()
        other = ShelterFactory()
        assert sheet_of(other, actor_in("shelter", other.site), now) is None
        assert sheet_of(shelter, desk, now, DAY + timedelta(days=1)) is None

    def test_put_those_without_a_place_on_a_sheet_of_their_own(self, shelter, family, actor_in, now):
        family()
        SummonsFactory(hearing=HearingFactory(household=(lost := HouseholdFactory())), person__household=lost)
        sheets, households = run_sheets(day=DAY, actor=actor_in("coordinator"), now=now)
        assert [sheet.shelter for sheet in sheets] == ["Casa Peregrina", ""]
        assert len(households) == 2


class TestNightOf:
    @pytest.mark.parametrize(("hour", "day"), [(2, 15), (13, 15), (14, 16), (23, 16)])
    def test_is_the_night_that_runs_until_two_in_the_afternoon(self, hour, day):
        assert rules.night_of(datetime(2021, 12, 15, hour)) == date(2021, 12, day)  # noqa: DTZ001


class TestPage:
    @pytest.fixture(autouse=True)
    def the_evening_before(self):
        with time_machine.travel(datetime(2021, 12, 16, 2, 0, tzinfo=UTC), tick=False):
            yield

    @pytest.fixture
    def browser(self, client_of, shelter):
        client = client_of("shelter", shelter.site)
        User.objects.update(language="en")
        return client

    @pytest.fixture
    def address(self, shelter):
        return reverse("journey:run_sheet", args=[shelter.uid])

    def test_opens_on_the_coming_night(self, family, browser, address):
        family()
        tonight, tomorrow = browser.get(address), browser.get(f"{address}?day=2021-12-17")
        # Above the sheets stands whom nobody told, whatever the night.
        assert "Reyes Mejía" in tonight.content.decode().partition("<article")[2]
        assert "Reyes Mejía" not in tomorrow.content.decode().partition("<article")[2]

    def test_says_nothing_of_why(self, family, browser, address):
        hearing = family(people=2)
        page = browser.get(address).content.decode().split("<article")[1]
        for word in ("08:30", "El Paso", "court", "corte", "MPP", "hearing", hearing.household.code):
            assert word not in page

    def test_records_that_it_was_seen_and_that_it_was_kept(self, family, browser, shelter, address):
        uid = family().household.uid
        browser.get(address)
        browser.get(reverse("journey:run_sheet_pdf", args=[shelter.uid]))
        assert list(Read.objects.order_by("pk").values_list("page", "households")) == [
            ("departure_sheet", [uid]),
            ("departure_sheet.print", [uid]),
        ]

    def test_costs_at_most_ten_queries_and_thirty_kilobytes_with_fifty_families(
        self, family, browser, shelter, address, django_assert_max_num_queries
    ):
        units = [UnitFactory(shelter=shelter, places=60) for _ in range(5)]
        for number in range(50):
            family(f"Apellido{number} Largo{number}", people=3, unit=units[number % 5])
        browser.get(address)
        with django_assert_max_num_queries(10):
            page = browser.get(address)
        assert page.content.count(b"<tr>") == 51
        assert len(gzip.compress(page.content, 6)) < 30_000

    @pytest.mark.parametrize("paper", Paper)
    def test_is_saved_as_a_file_that_no_cache_keeps(self, family, browser, shelter, paper):
        family()
        response = browser.get(reverse("journey:run_sheet_pdf", args=[shelter.uid]) + f"?paper={paper}")
        assert response.content.startswith(b"%PDF")
        assert response["Content-Disposition"] == 'attachment; filename="sheet-2021-12-16.pdf"'
        assert "no-store" in response["Cache-Control"]

    def test_knows_no_other_paper(self, browser, shelter):
        url = reverse("journey:run_sheet_pdf", args=[shelter.uid])
        assert browser.get(f"{url}?paper=../x").status_code == 404

    def test_survives_nonsense_in_its_address(self, browser, address):
        assert browser.get(f"{address}?day=yesterday").status_code == 200


class TestPdfOf:
    def test_carries_the_fonts_of_the_house_and_a_page_a_shelter(self, shelter, family, actor_in, now):
        family()
        other = ShelterFactory(name="San Matías")
        household = HouseholdFactory(guest_site=other.site)
        person = PersonFactory(household=household)
        SummonsFactory(hearing=HearingFactory(household=household), person=person)
        StayFactory(person=person, unit__shelter=other)
        sheets, _households = run_sheets(day=DAY, actor=actor_in("coordinator"), now=now)
        pdf = pdf_of(sheets, paper=Paper.A4, printed_by="M. Ontiveros", at=now)
        assert b"AtkinsonHyperlegible" in pdf
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
