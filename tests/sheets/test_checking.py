"""One family on a sheet, read whole."""

from datetime import UTC, date, datetime

import pytest

from cases.models import Relation
from places.models import Crossing
from sheets.checking import Ground, check, fingerprint_of
from sheets.columns import rows_below
from sheets.grouping import families_of, table_of
from sheets.outlines import Outline, rows_as_text, rows_of_text
from sheets.reading import Row, Sheet
from tests.factories.sheets import FUNES, HEADINGS

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
BRIDGE = Crossing(pk=5, name="Paso del Norte")
GROUND = Ground(
    site=1,
    zone="America/Ciudad_Juarez",
    now=NOW,
    arrived_on=date(2021, 12, 8),
    crossing=None,
    crossings={},
)


def checked(headings, *rows, ground=GROUND):
    sheet = Sheet("x", [Row(number, tuple(cells)) for number, cells in enumerate([headings, *rows], start=1)])
    table, columns = table_of([sheet])
    below = rows_below(table, columns)
    families, way = families_of(below, columns)
    outline = Outline.read(Outline.of(columns, below, way).text())
    return [check(rows_of_text(rows_as_text(family)), outline, ground) for family in families]


def wrongs(headings, *rows):
    return [(wrong.row, wrong.column, wrong.code) for each in checked(headings, *rows) for wrong in each.wrongs]


class TestCheck:
    def test_reads_a_family_head_first(self):
        family = checked(HEADINGS, *reversed(FUNES))[0]
        head, child = family.people
        assert (head.given_names, head.surnames, head.relation, head.sex) == (
            "Dayanara Lizeth",
            "Funes Amador",
            "head",
            "F",
        )
        assert (head.birth_date, head.nationality, head.a_number) == (date(1990, 3, 5), "HN", "012345678")
        assert (child.surnames, child.relation, child.birth_date) == ("Funes Amador", "child", date(2014, 6, 17))
        assert not family.wrongs

    def test_tells_apart_who_has_no_number_yet_from_who_was_not_asked(self):
        (family,) = checked(["Familia", "Nombres", "Número A"], ["1", "Ana", "no tiene"], ["1", "Leo", None])
        assert [person.has_no_a_number_yet for person in family.people] == [True, False]

    @pytest.mark.parametrize(
        ("headings", "cells"),
        [
            (["Nombre completo"], ["Ana María Paz Ríos"]),
            (["Nombres", "Apellidos"], ["Ana María", "Paz Ríos"]),
            (
                ["Primer nombre", "Segundo nombre", "Primer apellido", "Segundo apellido"],
                ["Ana", "María", "Paz", "Ríos"],
            ),
            (["Apellidos y nombres"], ["Paz Ríos, Ana María"]),
            (["Nombre", "Edad"], ["Ana María Paz Ríos", "30"]),
        ],
    )
    def test_reads_names_in_one_two_or_four_columns(self, headings, cells):
        person = checked([*headings, "Sexo"], [*cells, "Mujer"])[0].people[0]
        assert (person.given_names, person.surnames) == ("Ana María", "Paz Ríos")

    def test_takes_the_first_adult_for_the_head_and_the_others_for_what_is_likely(self):
        rows = (["1", "Leo", "7"], ["1", "Ana", "30"], ["1", "Luis", "33"])
        people = checked(["Familia", "Nombres", "Edad"], *rows)[0].people
        assert [(person.given_names, person.relation) for person in people] == [
            ("Ana", Relation.HEAD),
            ("Leo", Relation.CHILD),
            ("Luis", Relation.PARTNER),
        ]

    def test_reads_m_by_the_whole_column(self):
        families = checked(["Nombres", "Sexo", "Edad"], ["Ana", "M", "30"], ["Leo", "H", "30"])
        assert [family.people[0].sex for family in families] == ["F", "M"]

    def test_does_not_mix_the_codes_of_the_courts_with_iso(self):
        families = checked(["Nombres", "Nacionalidad", "EOIR"], ["Ana", "ES", None], ["Luz", None, "ES"])
        assert [family.people[0].nationality for family in families] == ["ES", "SV"]

    def test_takes_the_day_and_hour_at_the_site_unless_told(self):
        told, untold = checked(
            ["Nombres", "Fecha de llegada", "Hora"], ["Ana", "07/12/2021", "04:30"], ["Luz", None, None]
        )
        assert told.occurred_at == datetime(2021, 12, 7, 11, 30, tzinfo=UTC)
        assert untold.occurred_at == NOW

    def test_finds_a_crossing_by_either_name(self):
        ground = Ground(
            site=1,
            zone="UTC",
            now=NOW,
            arrived_on=date(2021, 12, 8),
            crossing=None,
            crossings={"puente santa fe": BRIDGE},
        )
        BRIDGE.city = type(BRIDGE)._meta.get_field("city").related_model(zone="America/Ciudad_Juarez")
        assert checked(["Nombres", "Puente"], ["Ana", "Puente Santa Fé"], ground=ground)[0].crossing is BRIDGE


class TestMistakes:
    def test_name_the_row_and_the_column(self):
        rows = ([*HEADINGS, "Teléfono"], ["3", "jefa", "Suyapa", "Zúñiga", "Mujer", "31/02/1991", "HO", "12", "1"])
        assert wrongs(*rows) == [
            (2, 5, "no_date"),
            (2, 7, "a_number"),
            (2, 6, "nationality_eoir_only"),
            (2, 8, "phone"),
        ]

    @pytest.mark.parametrize(
        ("headings", "rows", "code"),
        [
            (["Nombres", "Edad"], [["", "30"]], "no_name"),
            (["Familia", "Parentesco", "Nombres"], [["1", "jefa", "Ana"], ["1", "jefe", "Leo"]], "two_heads"),
            (["Nombres", "Número A"], [["Ana", "012345678"], ["Luz", "12345678"]], "a_number_twice"),
            (["Nombres", "Fecha de llegada"], [["Ana", "09/12/2021"]], "future"),
            (["Nombres", "Fecha de llegada", "Hora"], [["Ana", "08/12/2021", "23:00"]], "future"),
            (["Nombres", "Fecha de llegada", "Hora"], [["Ana", "14/03/2021", "02:30"]], "no_time"),
            (["Nombres", "Puente"], [["Ana", "Puente de los Suspiros"]], "crossing"),
            (["Nombres", "Correo"], [["Ana", "ana arroba"]], "email"),
            (
                ["Familia", "Nombres"],
                [["1", f"Ana {letter * 3}"] for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZÁÉÍÓÚÜÑabcdefghijk"],
                "too_many",
            ),
        ],
    )
    def test_are_found(self, headings, rows, code):
        assert code in [found for _row, _column, found in wrongs(headings, *rows)]


class TestFingerprintOf:
    def prints(self, headings, *rows):
        return [fingerprint_of(each, GROUND) for each in checked(headings, *rows)]

    def test_knows_a_family_again_in_another_order_and_spelling(self):
        first = self.prints(
            ["Familia", "Nombres", "Apellidos", "Edad"], ["1", "Ana", "Paz", "30"], ["1", "Leo", "Paz", "7"]
        )
        again = self.prints(
            ["Edad", "Apellidos", "Nombres", "Familia"], ["7", "PAZ", "LEO", "X9"], ["30", "Paz", "Ána", "X9"]
        )
        assert first == again

    @pytest.mark.parametrize("other", [["Ana", "Paz", "31"], ["Ana", "Ríos", "30"]])
    def test_tells_others_apart(self, other):
        headings = ["Nombres", "Apellidos", "Edad"]
        assert self.prints(headings, ["Ana", "Paz", "30"]) != self.prints(headings, other)

    def test_is_another_at_another_site(self):
        (family,) = checked(["Nombres", "Edad"], ["Ana", "30"])
        elsewhere = Ground(site=2, zone="UTC", now=NOW, arrived_on=NOW.date(), crossing=None, crossings={})
        assert fingerprint_of(family, GROUND) != fingerprint_of(family, elsewhere)
