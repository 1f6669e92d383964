"""Which column holds what."""

import pytest

from sheets.columns import NoHeadings, find_columns, plain, rows_below
from sheets.grouping import NoNames, families_of, table_of
from sheets.questions import spellings
from sheets.reading import Row, Sheet


def sheet_of(*rows, name="Hoja1"):
    return Sheet(name, [Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1) if cells])


def found(*headings):
    return {field: heading.letters for field, heading in find_columns(sheet_of(headings), spellings()).found.items()}


class TestFindColumns:
    def test_reads_spanish_headings_in_any_order(self):
        assert found("APELLIDOS", "Nombre(s)", "F. de Nacimiento (dd/mm/aaaa) *", "Núm. A") == {
            "surnames": "A",
            "given_names": "B",
            "birth_date": "C",
            "a_number": "D",
        }

    def test_reads_english_headings(self):
        assert found("First name", "Last Name", "DOB", "Country of origin", "Household ID") == {
            "given_names": "A",
            "surnames": "B",
            "birth_date": "C",
            "nationality": "D",
            "family": "E",
        }

    def test_keeps_the_codes_of_the_courts_apart(self):
        assert found("Nombres", "Nacionalidad", "Nacionalidad (EOIR)", "Código EOIR")["nationality_eoir"] in ("C", "D")
        assert found("Nombres", "Nacionalidad", "Código EOIR") == {
            "given_names": "A",
            "nationality": "B",
            "nationality_eoir": "C",
        }

    def test_forgives_a_slip_of_the_pen(self):
        assert found("Nombres", "Nacionalidd", "Fecha de nacimento") == {
            "given_names": "A",
            "nationality": "B",
            "birth_date": "C",
        }

    def test_finds_the_headings_below_titles(self):
        sheet = sheet_of(
            ["INSTITUTO, Nombre de la oficina"],
            ["8 de diciembre"],
            ["No.", "Nombres", "Apellidos"],
            ["1", "Ana", "Paz"],
        )
        columns = find_columns(sheet, spellings())
        assert columns.row == 3
        assert [row.cells for row in rows_below(sheet, columns)] == [("1", "Ana", "Paz")]

    def test_shows_what_nobody_asked_for_and_what_comes_twice(self):
        columns = find_columns(sheet_of(["Nombres", "Color de camisa", "Nombre", "Sexo"]), spellings())
        assert [heading.text for heading in columns.unknown] == ["Color de camisa"]
        assert [heading.text for heading in columns.doubled] == ["Nombre"]

    def test_refuses_a_sheet_with_titles_only(self):
        with pytest.raises(NoHeadings):
            find_columns(sheet_of(["Lista de personas"], ["8 de diciembre de 2021"]), spellings())

    def test_leaves_out_headings_that_a_printed_list_repeats(self):
        sheet = sheet_of(["Nombres", "Sexo"], ["Ana", "M"], ["Nombres", "Sexo"], ["Luz", "M"])
        assert [row.number for row in rows_below(sheet, find_columns(sheet, spellings()))] == [2, 4]

    def test_reads_the_groups_of_odk(self):
        assert found("member/given_names", "data/member/surnames", "member:sex") == {
            "given_names": "A",
            "surnames": "B",
            "sex": "C",
        }


class TestPlain:
    def test_takes_all_spellings_of_a_heading_for_one(self):
        assert (
            len({plain(text) for text in ("Fecha de Nacimiento", "FECHA NACIMIENTO:", "fecha de nacimiento (DMA)")})
            == 1
        )

    def test_no_two_questions_go_by_one_heading(self):
        owners: dict[str, set[str]] = {}
        for question, headings in spellings().items():
            for heading in (question, *headings):
                owners.setdefault(plain(heading), set()).add(question)
        assert not {heading: names for heading, names in owners.items() if len(names) > 1}


class TestFamiliesOf:
    def families(self, *rows):
        sheet, columns = table_of([sheet_of(*rows)])
        families, way = families_of(rows_below(sheet, columns), columns)
        return [[row.number for row in family] for family in families], way

    def test_go_by_their_column_wherever_their_rows_stand(self):
        rows = (["Familia", "Nombres"], ["1", "Ana"], ["2", "Luz"], ["1", "Leo"])
        assert self.families(*rows) == ([[2, 4], [3]], "column")

    def test_take_an_empty_cell_for_the_family_above(self):
        rows = (["Familia", "Nombres"], [1.0, "Ana"], [None, "Leo"], [2.0, "Luz"])
        assert self.families(*rows) == ([[2, 3], [4]], "column")

    def test_begin_at_each_head_where_no_column_says(self):
        rows = (["Parentesco", "Nombres"], ["jefa", "Ana"], ["hijo", "Leo"], ["Titular", "Luz"])
        assert self.families(*rows) == ([[2, 3], [4]], "head")

    def test_are_single_people_where_nothing_says(self):
        rows = (["Sexo", "Nombres"], ["M", "Ana"], [], ["M", "Leo"])
        assert self.families(*rows) == ([[2], [4]], "alone")


class TestTableOf:
    def test_is_the_one_with_names(self):
        codes = sheet_of(["Sexo", "Nacionalidad", "Idioma"], ["Mujer", "Cuba", "Español"], name="Códigos")
        people = sheet_of(["Nombres", "Sexo"], ["Ana", "Mujer"], name="Personas")
        assert table_of([codes, people])[0].name == "Personas"

    def test_refuses_a_table_without_names(self):
        with pytest.raises(NoNames):
            table_of([sheet_of(["Sexo", "Nacionalidad"], ["Mujer", "Cuba"])])

    @pytest.mark.parametrize(("key", "pointer"), [("_index", "_parent_index"), ("KEY", "PARENT_KEY")])
    def test_joins_the_repeat_of_an_odk_export_to_its_households(self, key, pointer):
        households = sheet_of(
            ["arrived_on", "language", key], ["2021-12-08", "mam", "1"], ["2021-12-07", "spa", "2"], name="mpp"
        )
        members = sheet_of(
            ["member/given_names", "member/surnames", pointer],
            ["Ana", "Paz", "1"],
            ["Leo", "Paz", "1"],
            ["Luz", "Ríos", "2"],
            name="member",
        )
        sheet, columns = table_of([households, members])
        rows = rows_below(sheet, columns)
        assert [row.at(columns.index_of("language")) for row in rows] == ["mam", "mam", "spa"]
        assert [[row.number for row in family] for family in families_of(rows, columns)[0]] == [[2, 3], [4]]
        assert columns.letters_of("language") == "mpp!B"
