"""The daily situation report, as page and as files."""

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import python_calamine
import time_machine
from django.test import Client

from accounts.models import User
from audit.models import Event, EventType, Read
from cases.models import Arrival, Household
from cases.states import Step
from core.actors import Actor
from dashboard.exporting import as_csv, as_xlsx, plain, tables_of
from dashboard.situation import AgeGroup, Situation, situation
from places.models import Site
from shelters.rules import Kind
from tests.factories.cases import (
    ArrivalFactory,
    HouseholdFactory,
    MergeFactory,
    PersonFactory,
    StepTakenFactory,
)
from tests.factories.expected import ExpectedHouseholdFactory
from tests.factories.places import CrossingFactory, ShelterSiteFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
CAME_AT = datetime(2021, 12, 8, 15, 0, tzinfo=UTC)
DAY = date(2021, 12, 8)


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    found: Site = SiteFactory(code="JZ")
    return found


@pytest.fixture
def report(site: Site, actor_in: Callable[..., Actor]) -> Callable[..., Situation]:
    def of(role: str = "coordinator", *, day: date = DAY, now: datetime = NOW) -> Situation:
        return situation(site=site, day=day, actor=actor_in(role), now=now)

    return of


def come(*people: dict[str, Any], at: datetime = CAME_AT, kind: str = "first_return", **taken: int) -> Household:
    """A household whose `people` came at `at`; `taken` are steps with the minutes after it."""
    household: Household = HouseholdFactory(arrived_at=at)
    arrival = ArrivalFactory(household=household, occurred_at=at, kind=kind)
    for position, fields in enumerate(people or ({},), start=1):
        relation = "head" if position == 1 else "child"
        person = PersonFactory(household=household, position=position, relation=relation, **fields)
        for step, minutes in {"received": 0, **taken}.items():
            StepTakenFactory(person=person, arrival=arrival, step=step, occurred_at=at + timedelta(minutes=minutes))
    return household


class TestArrivals:
    def test_count_families_and_people_by_crossing_and_country(self, report: Callable[..., Situation]) -> None:
        come({"nationality": "HN"}, {"nationality": "HN"}, {"nationality": "GT"})
        come({"nationality": ""})
        found = report()
        assert (found.families, found.people) == (2, 4)
        assert [(share.label, share.families, share.people) for share in found.crossings] == [("Paso del Norte", 2, 4)]
        assert [(share.key, share.families, share.people) for share in found.countries] == [
            ("HN", 1, 2),
            ("GT", 1, 1),
            ("", 1, 1),
        ]

    def test_are_those_of_the_day_on_the_clocks_of_the_site(self, report: Callable[..., Situation]) -> None:
        come(at=datetime(2021, 12, 8, 6, 59, tzinfo=UTC))  # 23:59 of the day before in Ciudad Juárez
        come(at=datetime(2021, 12, 8, 7, 0, tzinfo=UTC))
        assert report().people == 1
        assert report(day=DAY - timedelta(days=1)).people == 1

    def test_back_from_court_are_told_apart(self, report: Callable[..., Situation]) -> None:
        come()
        come({}, {}, kind=Arrival.Kind.COURT_RETURN)
        found = report()
        assert (found.people, found.back_families, found.back_people) == (1, 1, 2)
        assert sum(share.people for share in found.crossings) == 1

    def test_of_another_site_are_not_counted(
        self, site: Site, actor_in: Callable[..., Actor], report: Callable[..., Situation]
    ) -> None:
        come()
        assert report().people == 1
        assert situation(site=site, day=DAY, actor=actor_in("coordinator", "TJ"), now=NOW).people == 0

    def test_a_household_merged_into_another_is_nobody_twice(self, report: Callable[..., Situation]) -> None:
        kept, other = come(), come()
        MergeFactory(kept=kept, other=other)
        Household.with_merged.filter(pk=other.pk).update(merged_into=kept)
        other.people.all().model.with_merged.filter(household=other).update(merged_into=kept.people.get())
        assert report().people == 1


class TestAges:
    def test_are_counted_by_sex_in_groups_on_that_day(self, report: Callable[..., Situation]) -> None:
        come(
            {"birth_date": date(2003, 12, 9), "sex": "F"},  # 18 tomorrow
            {"birth_date": date(2003, 12, 8), "sex": "M"},
            {"birth_date": None, "sex": "F"},
            {"birth_date": date(1950, 1, 1), "sex": "X"},
        )
        lines = {line.group: (line.women, line.men, line.others) for line in report().ages if line.people}
        assert lines == {
            AgeGroup.ADOLESCENTS: (1, 0, 0),
            AgeGroup.ADULTS: (0, 1, 0),
            AgeGroup.UNKNOWN: (1, 0, 0),
            AgeGroup.ELDERLY: (0, 0, 1),
        }

    def test_keep_their_zeros(self, report: Callable[..., Situation]) -> None:
        come()
        assert len(report().ages) == 5


class TestSteps:
    def test_say_how_many_and_how_long_since_the_one_before(self, report: Callable[..., Situation]) -> None:
        come(documented=30, placed=90)
        come(documented=50)
        come(documented=100)
        come()
        lines = {line.step: line for line in report().steps}
        assert [lines[step].people for step in (Step.RECEIVED, Step.DOCUMENTED, Step.TESTED, Step.PLACED)] == [
            4,
            3,
            0,
            1,
        ]
        assert (lines[Step.DOCUMENTED].median_minutes, lines[Step.DOCUMENTED].longest_minutes) == (50, 100)
        assert lines[Step.PLACED].median_minutes == 60
        assert lines[Step.TESTED].median_minutes is None

    def test_out_of_order_are_no_negative_wait(self, report: Callable[..., Situation]) -> None:
        come(tested=20, documented=40)
        lines = {line.step: line for line in report().steps}
        assert lines[Step.TESTED].longest_minutes is None
        assert lines[Step.DOCUMENTED].longest_minutes == 40

    def test_isolation_is_for_those_who_may_see_health(self, report: Callable[..., Situation]) -> None:
        come(isolated=10)
        assert Step.ISOLATED in {line.step for line in report("protection").steps}
        assert Step.ISOLATED not in {line.step for line in report("hearings").steps}


class TestPlaces:
    def test_are_those_of_the_one_formula_now(self, report: Callable[..., Situation], site: Site) -> None:
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), kind=Kind.FAMILY, places=6)
        StayFactory(person=PersonFactory(), unit=unit)
        (house,) = report().houses
        assert (house.figures.occupied, house.figures.free, house.free_by_kind) == (1, 5, {"family": 5})

    def test_of_a_past_day_count_who_slept_there_then(self, report: Callable[..., Situation], site: Site) -> None:
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), places=6)
        left = StayFactory(person=PersonFactory(), unit=unit, begins_at=NOW - timedelta(days=3))
        left.ends_at, left.leaving_reason = NOW - timedelta(hours=2), "left"
        left.save()
        assert report().places.occupied == 0
        assert report(day=DAY - timedelta(days=1)).places.occupied == 1


class TestFiles:
    def test_say_what_the_page_says_with_tags_under_the_headings(
        self, report: Callable[..., Situation], site: Site
    ) -> None:
        come({"nationality": "HN"}, {"nationality": "GT"})
        ExpectedHouseholdFactory(day__site=site, size=3)
        found = report()
        rows = list(csv.reader(io.StringIO(as_csv(found).decode("utf-8-sig"))))
        assert all(re.fullmatch(r"#[a-z]+(\+[a-z_]+)*", tag) for tag in rows[1])
        assert {row[2] for row in rows[2:]} == {"JZ"}
        assert sum(int(row[6]) for row in rows if row[3] == tables_of(found)[2].title and row[5] == rows[3][5]) == 2
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(found)))
        assert len(book.sheet_names) == len(tables_of(found))
        for name in book.sheet_names:
            tags = [cell for cell in book.get_sheet_by_name(name).to_python()[1] if cell]
            assert all(re.fullmatch(r"#[a-z]+(\+[a-z_]+)*", str(tag)) for tag in tags), name

    @pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+52", "-1", "@SUM(A1)"])
    def test_hold_no_formula_whatever_a_shelter_is_called(
        self, report: Callable[..., Situation], site: Site, name: str
    ) -> None:
        UnitFactory(shelter=ShelterFactory(name=name, site=ShelterSiteFactory(parent=site)), places=6)
        cells = [cell for row in csv.reader(io.StringIO(as_csv(report()).decode("utf-8-sig"))) for cell in row]
        assert f"'{name}" in cells
        assert name not in cells
        assert b"<f>" not in as_xlsx(report())
        assert plain("Casa Peregrina") == "Casa Peregrina"


class TestPage:
    def test_is_flat_and_light_on_the_worst_day(
        self, client_of: Callable[..., Client], django_assert_max_num_queries: Callable[..., object], site: Site
    ) -> None:
        for number in range(60):
            come({}, {}, documented=number, tested=number * 2)
            UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), places=6)
        ExpectedHouseholdFactory(day__site=site)
        client = client_of("coordinator")
        with django_assert_max_num_queries(10):
            page = client.get("/report/")
        assert len(gzip.compress(page.content)) < 30_000
        assert not Read.objects.exists()  # it shows nobody

    def test_says_who_is_over_in_one_line_beside_the_name(self, client_of: Callable[..., Client], site: Site) -> None:
        shelter = ShelterFactory(site=ShelterSiteFactory(parent=site))
        UnitFactory(shelter=shelter, places=6)
        full = UnitFactory(shelter=shelter, places=1)
        for _ in range(2):
            StayFactory(person=PersonFactory(), unit=full, over_capacity_reason="llegó de noche", over_capacity_by="1")
        client = client_of("coordinator")
        User.objects.update(language="en")
        page = client.get("/report/").content.decode()
        (name,) = re.findall(rf'<th scope="row"><a href="/shelters/{shelter.uid}/">.*?</th>', page, re.DOTALL)
        assert '<small class="t-stop x-nowrap">1 over in 1 room' in name
        assert page.count("1 over in 1 room") == 2  # there, and under the sum

    def test_says_the_day_in_small_letters_within_a_line(self, client_of: Callable[..., Client]) -> None:
        page = client_of("reception").get("/report/").content.decode()
        assert " · miércoles " in page
        assert "<b>Miércoles " in page

    def test_names_nobody(self, client_of: Callable[..., Client]) -> None:
        household = come({"surnames": "Xochiquétzal", "given_names": "Ñandú"})
        page = client_of("reception").get("/report/").content.decode()
        assert not [word for word in ("Xochiquétzal", "Ñandú", household.code, str(household.uid)) if word in page]

    def test_of_a_day_without_anybody_says_so(self, client_of: Callable[..., Client], site: Site) -> None:
        client = client_of("reception")
        User.objects.update(language="en")
        assert "Nobody was logged on this day." in client.get("/report/?day=2021-12-01").content.decode()

    @pytest.mark.parametrize("query", ["?day=never", "?day=0001-01-01", "?day=9999-12-31", "?day=2030-01-01"])
    def test_an_address_made_up_still_answers(self, client_of: Callable[..., Client], site: Site, query: str) -> None:
        assert client_of("reception").get(f"/report/{query}").status_code == 200

    def test_of_another_site_looks_missing(self, client_of: Callable[..., Client], site: Site) -> None:
        stranger = client_of("coordinator", "TJ")
        assert stranger.get("/report/?site=JZ").status_code == 404
        assert stranger.post("/report/export/", {"site": "JZ"}).status_code == 404
        assert not Event.objects.filter(type=EventType.REPORT_EXPORTED).exists()


class TestExport:
    @pytest.mark.parametrize(("form", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
    def test_is_written_down_and_never_kept_by_a_browser(
        self, client_of: Callable[..., Client], site: Site, form: str, begins: bytes
    ) -> None:
        come({"surnames": "Xochiquétzal"})
        CrossingFactory()
        answer = client_of("coordinator").post("/report/export/", {"day": "2021-12-08", "site": "JZ", "form": form})
        assert answer.content.startswith(begins)
        assert f'"situation-JZ-2021-12-08.{form}"' in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
        assert "Xochiquétzal".encode() not in answer.content
        event = Event.objects.get(type=EventType.REPORT_EXPORTED)
        assert event.facts == {"day": "2021-12-08", "form": form, "site": "JZ"}

    def test_as_something_else_is_missing(self, client_of: Callable[..., Client], site: Site) -> None:
        assert client_of("coordinator").post("/report/export/", {"form": "exe"}).status_code == 404
