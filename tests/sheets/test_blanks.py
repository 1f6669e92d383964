"""The template and the XLSForm: both come from one definition, and both come back in."""

import zipfile
from io import BytesIO

import pytest
from django.utils.translation import override
from pyxform.xls2xform import convert

from places.models import Crossing
from sheets import blanks
from sheets.grouping import table_of
from sheets.questions import OFFERED, QUESTIONS
from sheets.reading import read_book
from tests.factories.sheets import xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossings(reference_data):
    return list(Crossing.objects.filter(city__name="Ciudad Juárez").by_city())


class TestTemplate:
    @pytest.mark.parametrize("language", ["es", "en"])
    def test_has_headings_that_the_import_understands(self, crossings, language):
        with override(language):
            book = read_book(blanks.template(crossings), "a.xlsx")
        _sheet, columns = table_of(book)
        assert set(columns.found) == {question.name for question in OFFERED}
        assert not columns.unknown

    def test_says_how_and_with_which_codes(self, crossings):
        with override("es"):
            book = read_book(blanks.template(crossings), "a.xlsx")
        assert len(book) == 3
        codes = {cell for row in book[2].rows for cell in row.cells}
        assert {"HN", "Honduras", "mam", crossings[0].label} <= codes

    def test_offers_lists_where_a_code_is_wanted(self, crossings):
        page = zipfile.ZipFile(BytesIO(blanks.template(crossings))).read("xl/worksheets/sheet1.xml")
        wanted = sum(question.choices is not None or question.name == "crossing" for question in OFFERED)
        assert page.count(b'<dataValidation type="list"') == wanted

    def test_gives_examples_that_pass(self):
        for question in QUESTIONS:
            for example in filter(None, question.example):
                assert question.choices is None or example in dict(question.choices())


class TestForm:
    def test_is_an_xlsform(self, crossings):
        result = convert(xlsform=BytesIO(blanks.form(crossings)), file_type=".xlsx")
        assert "<repeat nodeset" in result.xform
        assert 'lang="Español (es)"' in result.xform
        assert not [warning for warning in result.warnings if "translation" in warning.lower()]

    def test_asks_what_the_sheet_asks(self, crossings):
        survey = read_book(blanks.form(crossings), "a.xlsx")[0]
        names = [row.at(1) for row in survey.rows[1:]]
        assert {*names} == {question.name for question in OFFERED} - {"family"} | {"member"}
        assert names.count("member") == 2

    def test_exports_come_in(self, crossings):
        export = xlsx(
            [["arrived_on", "crossing", "language", "_index"], ["2021-12-08", blanks.code_of(crossings[0]), "mam", 1]],
            name="mpp_arrivals",
            beside={
                "member": [
                    [
                        "member/given_names",
                        "member/surnames",
                        "member/sex",
                        "member/nationality",
                        "member/relation",
                        "_parent_index",
                    ],
                    ["Ana", "Paz", "female", "GT", "head", 1],
                ]
            },
        )
        _sheet, columns = table_of(read_book(export, "kobo.xlsx"))
        assert {"given_names", "surnames", "sex", "nationality", "relation", "family", "arrived_on", "crossing"} <= set(
            columns.found
        )
