"""The pages of imports."""

import csv
import gzip
import zipfile
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Read
from cases.models import Household, Person
from core.actors import Actor
from places.models import Site
from sheets import working
from sheets.models import Family, Flaw, Import
from sheets.reading import read_sheet
from tests.factories.accounts import MembershipFactory
from tests.factories.places import SiteFactory
from tests.factories.sheets import BROKEN, FUNES, HEADINGS, PINEDA, ImportFactory, csv_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day_of_the_story(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def browser(client_of):
    return client_of("coordinator")


def upload(browser, content, name="llegadas.xlsx", **others):
    data = {"arrived_on": "2021-12-08", "pasted": "", **others}
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content)
    return browser.post(reverse("sheets:imports"), data)


def carry_on():
    working.carry_on(actor=Actor.system("imports"), clock=timezone.now)


def page_of(sheet):
    return reverse("sheets:import", args=[sheet.uid])


@pytest.fixture
def ready(browser):
    """A sheet of three families, one of them with mistakes, checked."""
    upload(browser, xlsx([HEADINGS, *FUNES, *BROKEN, *PINEDA]))
    carry_on()
    return Import.objects.get()


class TestImports:
    def test_takes_a_file_to_its_own_page(self, browser):
        response = upload(browser, xlsx([HEADINGS, *FUNES]))
        sheet = Import.objects.get()
        assert (response.status_code, response["Location"]) == (302, page_of(sheet))
        assert sheet.name == "llegadas.xlsx"

    def test_takes_rows_that_were_pasted(self, browser):
        upload(browser, None, pasted="Nombres\tApellidos\nAna\tPaz\n")
        assert Family.objects.get().content == '[[2, ["Ana", "Paz"]]]'
        assert Import.objects.get().name in ("Pasted rows", "Filas pegadas")

    def test_asks_for_a_file_in_our_own_words_and_not_in_the_browsers(self, browser):
        browser.post(reverse("set_language"), {"language": "en", "next": "/"})
        page = browser.get(reverse("sheets:imports")).content.decode()
        field = page[page.index('class="x-choose"') : page.index("data-chosen")]
        assert 'type="file"' in field
        assert 'title="Choose a file"' in field
        assert "</svg>Choose a file" in field

    def test_takes_a_workbook_of_the_old_excel_to_people_on_file(self, browser):
        upload(browser, (Path(__file__).parent / "files" / "llegadas.xls").read_bytes(), "llegadas.xls")
        carry_on()
        browser.post(reverse("sheets:let_in", args=[Import.objects.get().uid]))
        carry_on()
        people = {person.full_name: person for person in Person.objects.all()}
        assert set(people) == {"Dayanara Lizeth Funes Amador", "Kevin Josué Funes Amador", "Wilmer Pineda López"}
        head = people["Dayanara Lizeth Funes Amador"]
        assert (head.a_number, head.birth_date) == ("012345678", date(1990, 3, 5))

    def test_takes_the_same_file_to_the_page_of_the_first(self, browser, ready):
        response = upload(browser, xlsx([HEADINGS, *FUNES, *BROKEN, *PINEDA]))
        assert (response["Location"], Import.objects.count()) == (page_of(ready), 1)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (None, "Choose a file"),
            (b"", "This sheet is empty"),
            (b"%PDF-1.7", "no sheet"),
            (b"x,y\n1,2\n", "column names"),
            (b"Sexo,Edad\nMujer,30\n", "No column with names"),
            (b"Nombres,Apellidos\n", "there is nobody"),
        ],
    )
    def test_says_what_is_wrong_with_a_file(self, browser, content, words):
        browser.post(reverse("set_language"), {"language": "en", "next": "/"})
        response = upload(browser, content, "a.csv")
        assert response.status_code == 422
        assert words in response.content.decode()

    def test_does_not_let_a_name_of_a_file_become_markup(self, browser, ready):
        Import.objects.update(name='<script>alert("x")</script>.xlsx')
        for address in (reverse("sheets:imports"), page_of(ready)):
            assert b"<script>alert" not in browser.get(address).content

    def test_asks_for_the_site_only_who_has_several(self, client_of, staff_in):
        assert b'name="site"' not in client_of("coordinator").get(reverse("sheets:imports")).content
        MembershipFactory(user=staff_in("coordinator", "NL"), role="coordinator", site=SiteFactory(code="TJ"))
        browser = Client()
        browser.force_login(User.objects.get(email="coordinator-nl@staff.example"))
        assert b'name="site"' in browser.get(reverse("sheets:imports")).content
        upload(browser, xlsx([HEADINGS, *FUNES]), site=Site.objects.get(code="TJ").pk)
        assert Import.objects.get().site.code == "TJ"


class TestImportPage:
    def test_says_how_far_a_worker_is_and_asks_again(self, browser):
        upload(browser, xlsx([HEADINGS, *FUNES]))
        page = browser.get(page_of(Import.objects.get())).content.decode()
        assert 'hx-trigger="every 2s"' in page
        assert "0 %" in page

    def test_answers_htmx_with_the_progress_alone_and_reloads_at_the_end(self, browser):
        upload(browser, xlsx([HEADINGS, *FUNES]))
        sheet = Import.objects.get()
        part = browser.get(page_of(sheet), headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        carry_on()
        assert browser.get(page_of(sheet), headers={"HX-Request": "true"})["HX-Refresh"] == "true"

    def test_shows_families_as_they_were_read_and_mistakes_by_cell(self, browser, ready):
        page = browser.get(page_of(ready)).content.decode()
        assert "Dayanara Lizeth Funes Amador" in page
        assert "F4" in page
        assert '<td class="x-nowrap">31/02/1991</td>' in page  # a date is read in one line

    def test_shows_html_in_names_as_text(self, browser):
        upload(browser, xlsx([HEADINGS, ["1", "jefa", "<b onclick=x>Ana</b>", "Paz", "Mujer", "x", "HN", ""], *FUNES]))
        carry_on()
        page = browser.get(page_of(Import.objects.get())).content.decode()
        assert "<b onclick" not in page

    def test_records_who_looked(self, browser, ready):
        browser.get(page_of(ready))
        assert Read.objects.latest("pk").households == [ready.uid]

    def test_costs_ten_queries_and_thirty_kilobytes_with_two_thousand_mistakes(
        self, browser, django_assert_max_num_queries
    ):
        sheet = ImportFactory(site=Site.objects.get(code="JZ"))
        families = [
            Family(sheet=sheet, number=n, first_row=n, size=1, fate="bad", content=f'[[{n}, ["Ana"]]]')
            for n in range(1, 2001)
        ]
        Family.objects.bulk_create(families)
        Flaw.objects.bulk_create(
            Flaw(family=family, row=family.number, column=0, code="no_name") for family in families
        )
        with django_assert_max_num_queries(10):
            page = browser.get(page_of(sheet))
        assert len(gzip.compress(page.content)) < 30_000
        assert browser.get(f"{page_of(sheet)}?page=40").content.decode().count("<tr>") > 50

    def test_puts_in_and_undoes(self, browser, ready):
        browser.post(reverse("sheets:let_in", args=[ready.uid]))
        carry_on()
        assert Household.objects.count() == 2
        assert browser.get(page_of(ready)).status_code == 200
        browser.post(reverse("sheets:undo", args=[ready.uid]))
        carry_on()
        assert not Household.objects.exists()
        assert browser.get(page_of(ready)).status_code == 200

    def test_says_that_it_gave_up_and_lets_try_again(self, browser, ready):
        browser.post(reverse("set_language"), {"language": "en", "next": "/"})
        Import.objects.update(state="checking", trouble=working.GAVE_UP, tries=5)
        Family.objects.update(fate="unchecked")
        page = browser.get(page_of(ready)).content.decode()
        assert "the fault is ours" in page
        assert "hx-trigger" not in page, "nobody waits for a worker that will not come"
        browser.post(reverse("sheets:check_again", args=[ready.uid]))
        carry_on()
        assert "the fault is ours" not in browser.get(page_of(ready)).content.decode()

    def test_says_when_somebody_was_faster(self, browser, ready):
        browser.post(reverse("sheets:discard", args=[ready.uid]))
        browser.post(reverse("sheets:let_in", args=[ready.uid]))
        assert b"x-messages" in browser.get(page_of(ready)).content
        assert not Family.objects.exists()

    def test_is_missing_for_other_sites(self, client_of, ready):
        assert client_of("coordinator", "TJ").get(page_of(ready)).status_code == 404


class TestToCorrect:
    @pytest.fixture
    def hostile(self, browser):
        upload(browser, xlsx([HEADINGS, ["3", "jefa", "=1+1", "@SUM(A1)", "Mujer", "ayer", "HN", "12"], *FUNES]))
        carry_on()
        return Import.objects.get()

    def test_holds_the_bad_rows_with_their_mistakes_before_them(self, browser, ready):
        sheet = read_sheet(browser.get(reverse("sheets:to_correct", args=[ready.uid])).content, "a.xlsx")
        assert sheet.rows[0].cells[1:] == tuple(HEADINGS)
        assert len(sheet.rows) == 2
        assert sheet.rows[1].at(3) == "Suyapa"
        assert "Fecha de nacimiento: " in sheet.rows[1].at(0)

    def test_comes_in_again_once_it_is_corrected(self, browser, ready):
        browser.post(reverse("sheets:let_in", args=[ready.uid]))
        carry_on()
        sheet = read_sheet(browser.get(reverse("sheets:to_correct", args=[ready.uid])).content, "a.xlsx")
        cells = [*sheet.rows[1].cells]
        cells[6], cells[7], cells[8] = "28/02/1991", "Honduras", ""
        upload(browser, xlsx([sheet.rows[0].cells, cells]), "corregido.xlsx")
        carry_on()
        again = Import.objects.first()
        assert [family.fate for family in again.families.all()] == ["good"]

    def test_holds_no_formula(self, browser, hostile):
        content = browser.get(reverse("sheets:to_correct", args=[hostile.uid])).content
        page = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert read_sheet(content, "a").rows[1].at(3) == "=1+1"

    def test_guards_a_csv_as_well(self, browser, hostile):
        content = browser.get(reverse("sheets:to_correct", args=[hostile.uid]) + "?as=csv").content.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(content)))
        assert rows[1][3:5] == ["'=1+1", "'@SUM(A1)"]
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


class TestLatin:
    def test_a_sheet_of_windows_with_semicolons_goes_in(self, browser):
        upload(
            browser,
            csv_of([["Nombres", "Apellidos", "Nación"], ["José", "Muñoz", "x"]], delimiter=";", encoding="cp1252"),
            "a.csv",
        )
        carry_on()
        browser.post(reverse("sheets:let_in", args=[Import.objects.get().uid]))
        carry_on()
        assert Household.objects.get().people.get().full_name == "José Muñoz"
