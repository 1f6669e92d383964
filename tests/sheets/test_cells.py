"""What a cell says, or what is wrong with it."""

from datetime import date, datetime, time

import pytest
from django.utils.translation import override

from sheets import cells
from sheets.mistakes import MISTAKES, Unreadable

TODAY = date(2021, 12, 8)


def mistake(read, cell, **how):
    with pytest.raises(Unreadable) as caught:
        read(cell, **how)
    assert caught.value.words
    return caught.value.code


class TestDateOf:
    @pytest.mark.parametrize(
        "cell",
        [
            date(1990, 3, 5),
            datetime(1990, 3, 5, 12, 30),  # noqa: DTZ001, as sheets have them
            32937.0,
            "32937",
            "05/03/1990",
            "5-3-1990",
            "05.03.90",
            "1990-03-05",
            "1990-03-05T00:00:00.000-07:00",
            "05031990",
            5031990.0,
            "19900305",
            "5 de marzo de 1990",
            "05-mar-1990",
            "March 5, 1990",
        ],
    )
    def test_reads_a_day_in_every_way_it_is_written(self, cell):
        assert cells.date_of(cell) == date(1990, 3, 5)

    @pytest.mark.parametrize("cell", [None, "", "N/A", "s/n", "desconocida"])
    def test_reads_nothing_as_none(self, cell):
        assert cells.date_of(cell) is None

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("03/25/1990", "month_first"),
            ("31/02/1990", "no_date"),
            ("ayer", "no_date"),
            (True, "no_date"),
            ("#REF!", "error"),
            (-5.0, "no_date"),
            (1e300, "no_date"),
            (float("inf"), "no_date"),
        ],
    )
    def test_says_what_is_wrong(self, cell, code):
        assert mistake(cells.date_of, cell) == code


class TestBirthOf:
    def test_takes_an_age_where_it_finds_one_and_marks_it(self):
        assert cells.birth_of("34 años", today=TODAY) == cells.birth_of(34.0, today=TODAY) == (date(1987, 7, 1), True)

    @pytest.mark.parametrize("cell", ["8 meses", "3 semanas", "20 días", "0"])
    def test_counts_babies_as_of_this_year(self, cell):
        assert cells.birth_of(cell, today=TODAY) == (date(2021, 7, 1), True)

    def test_does_not_estimate_a_date(self):
        assert cells.birth_of("05/03/1990", today=TODAY) == (date(1990, 3, 5), False)

    @pytest.mark.parametrize(
        ("cell", "code"),
        [("09/12/2021", "future"), ("01/01/1850", "too_long_ago"), ("joven", "no_age"), ("140", "no_age")],
    )
    def test_refuses_what_nobody_can_be(self, cell, code):
        assert mistake(cells.birth_of, cell, today=TODAY) == code


class TestTimeOf:
    @pytest.mark.parametrize(
        "cell", [time(4, 30), 0.1875, "04:30", "4:30", "4.30", "0430", "4:30 a. m.", "04:30:00", "4h30"]
    )
    def test_reads_half_past_four(self, cell):
        assert cells.time_of(cell) == time(4, 30)

    def test_reads_the_afternoon(self):
        assert cells.time_of("4:30 p. m.") == time(16, 30)

    @pytest.mark.parametrize("cell", ["25:00", "04:75", "temprano", "13:00 pm", "4"])
    def test_refuses_what_no_clock_shows(self, cell):
        assert mistake(cells.time_of, cell) == "no_time"


class TestANumberOf:
    @pytest.mark.parametrize("cell", [12345678.0, "12345678", "A 012-345-678", "a012345678", "12345678.0"])
    def test_gives_back_the_zero_that_excel_took(self, cell):
        assert cells.a_number_of(cell) == "012345678"

    @pytest.mark.parametrize("cell", [None, "no tiene", "Pendiente", "N/A"])
    def test_is_empty_where_there_is_none_yet(self, cell):
        assert cells.a_number_of(cell) == ""

    @pytest.mark.parametrize(
        ("cell", "code"), [("1234567", "a_number"), ("1.23E+08", "rounded"), (1.5, "rounded"), ("A-ABC", "a_number")]
    )
    def test_refuses_others(self, cell, code):
        assert mistake(cells.a_number_of, cell) == code


class TestPhoneOf:
    @pytest.mark.parametrize(
        "cell", [6561234567.0, "656 123 4567", "+52 1 656 123 4567", "044 656 123 4567", 526561234567.0]
    )
    def test_reads_a_mexican_number(self, cell):
        assert cells.phone_of(cell) == "+526561234567"

    def test_reads_a_foreign_one_that_lost_its_plus(self):
        assert cells.phone_of(50498765432.0) == "+50498765432"

    def test_refuses_what_cannot_be_dialled(self):
        assert mistake(cells.phone_of, "123") == "phone"


class TestSexOf:
    @pytest.mark.parametrize(
        ("cell", "letters", "sex"),
        [("M", {"h"}, "F"), ("M", {"f"}, "M"), ("H", set(), "M"), ("mujer", set(), "F"), ("Otro", set(), "X")],
    )
    def test_reads_m_by_what_stands_beside_it(self, cell, letters, sex):
        assert cells.sex_of(cell, letters=letters) == sex

    @pytest.mark.parametrize("letters", [set(), {"m"}, {"h", "f"}])
    def test_does_not_guess_what_m_means(self, letters):
        assert mistake(cells.sex_of, "M", letters=letters) == "sex_m"


class TestNationalityOf:
    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("HN", "HN"),
            ("hnd", "HN"),
            ("Honduras", "HN"),
            ("hondureña", "HN"),
            ("HAITÍ", "HT"),
            ("Brazil", "BR"),
            ("Brasil", "BR"),
            ("ES", "ES"),
            ("NI", "NI"),
            ("NA", "NA"),
            ("nicaragüense", "NI"),
            ("Estados Unidos", "US"),
        ],
    )
    def test_reads_countries_and_iso_codes(self, cell, code):
        assert cells.nationality_of(cell) == code

    def test_says_when_a_code_is_of_the_courts(self):
        assert mistake(cells.nationality_of, "HO") == "nationality_eoir_only"

    def test_refuses_what_is_no_country(self):
        assert mistake(cells.nationality_of, "Narnia") == "nationality"

    @pytest.mark.parametrize(("cell", "code"), [("ES", "SV"), ("ho", "HN"), ("NU", "NI"), ("NI", "NG")])
    def test_translates_the_codes_of_the_courts_only_under_their_own_heading(self, cell, code):
        assert cells.eoir_nationality_of(cell) == code

    def test_refuses_a_code_that_the_courts_do_not_have(self):
        assert mistake(cells.eoir_nationality_of, "Honduras") == "eoir"
        assert mistake(cells.eoir_nationality_of, "XX") == "eoir_no_country"


class TestWords:
    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("Español", "spa"),
            ("spanish", "spa"),
            ("es", "spa"),
            ("Mam", "mam"),
            ("Criollo haitiano", "hat"),
            (None, ""),
        ],
    )
    def test_languages(self, cell, code):
        assert cells.language_of(cell) == code

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("Jefa de familia", "head"),
            ("ESPOSO", "partner"),
            ("hija", "child"),
            ("daughter", "child"),
            ("suegra", "relative"),
            ("", ""),
        ],
    )
    def test_relations(self, cell, code):
        assert cells.relation_of(cell) == code

    def test_numbers(self):
        assert cells.number_of("4") == cells.number_of(4.0) == 4
        assert mistake(cells.number_of, "cuatro") == "number"
        assert mistake(cells.number_of, "-1") == "number_range"


class TestNameOf:
    @pytest.mark.parametrize("text", ["<b>Óscar</b>", "D'Angelo", "Ana María", "Q'eqchi'"])
    def test_is_text_as_written(self, text):
        assert cells.name_of(text) == text

    @pytest.mark.parametrize("text", ['=HYPERLINK("http://x","clic")', "@SUM(1+1)", "+521", "'=cmd|' /C calc'!A0"])
    def test_refuses_a_formula(self, text):
        assert mistake(cells.name_of, text) == "formula"

    def test_refuses_a_novel(self):
        assert mistake(cells.name_of, "Ana " * 50) == "too_long"


class TestPartedName:
    @pytest.mark.parametrize(
        ("whole", "parts"),
        [
            ("José Ángel Muñoz de la Cruz", ("José Ángel", "Muñoz de la Cruz")),
            ("MUÑOZ CRUZ, José Ángel", ("José Ángel", "MUÑOZ CRUZ")),
            ("Ana Paz", ("Ana", "Paz")),
            ("Ana Paz Ríos", ("Ana", "Paz Ríos")),
            ("Ana", ("Ana", "")),
            ("", ("", "")),
        ],
    )
    def test_takes_the_last_two_words_for_surnames(self, whole, parts):
        assert cells.parted_name(whole) == parts


class TestMistakes:
    def test_never_repeat_the_cell(self):
        with pytest.raises(Unreadable) as caught:
            cells.a_number_of("secreto 99")
        assert "secreto" not in f"{caught.value} {caught.value.words}"

    def test_are_told_in_the_language_of_the_reader(self):
        with override("en"):
            assert "Write" in Unreadable("no_date").words

    def test_fit_into_the_table(self):
        assert max(map(len, MISTAKES)) <= 24
