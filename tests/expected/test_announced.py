"""Lists as authorities send them."""

from collections.abc import Sequence
from datetime import date

import pytest

from expected.announced import Announced, announced_in
from places.models import Crossing
from sheets.reading import read_pasted
from tests.factories.places import CrossingFactory

DAY = date(2021, 12, 8)


def read(text: str, crossings: Sequence[Crossing] = ()) -> Announced:
    return announced_in(read_pasted(text), today=DAY, crossings=crossings)


def sizes(announced: Announced) -> list[int]:
    return [family.size for family in announced.families]


class TestAnnouncedIn:
    def test_groups_rows_by_their_family_wherever_they_stand(self) -> None:
        found = read("Familia,Nombres,Apellidos\n7,Ana,Caal\n8,Eva,Paz\n7,Luis,Caal\n,Iris,Leyva\n,Omar,Tum\n")
        assert sizes(found) == [2, 1, 1, 1]
        assert [person.given_names for person in found.families[0].people] == ["Ana", "Luis"]

    def test_reads_merged_cells_as_one_family(self) -> None:
        found = read("Familia,Nombres,Apellidos\n1,Ana,Caal\n,Luis,Caal\n2,Eva,Paz\n,Iris,Paz\n")
        assert sizes(found) == [2, 2]

    def test_takes_everybody_as_alone_where_no_column_tells_families(self) -> None:
        assert sizes(read("First name;Last name\nAna;Caal\nLuis;Caal\n")) == [1, 1]

    def test_believes_a_list_that_names_only_who_speaks_for_the_family(self) -> None:
        (family,) = read("Nombre completo\tPersonas\nAna María Caal Xol\t4\n").families
        assert (family.size, len(family.people)) == (4, 1)
        assert (family.people[0].given_names, family.people[0].surnames) == ("Ana María", "Caal Xol")

    @pytest.mark.parametrize(
        ("text", "given", "surnames"),
        [
            ("Nombre,Edad\nJosé Muñoz Cruz,30\n", "José", "Muñoz Cruz"),
            ('Nombre,Edad\n"MUÑOZ CRUZ, José",30\n', "José", "MUÑOZ CRUZ"),
            ("Nombre,Apellidos\nJosé Ángel,Muñoz\n", "José Ángel", "Muñoz"),
            (
                "Primer nombre,Segundo nombre,Primer apellido,Segundo apellido\nJosé,Ángel,Muñoz,Cruz\n",
                "José Ángel",
                "Muñoz Cruz",
            ),
            ("FULL NAME,DOB\nJosé Muñoz,1990-01-02\n", "José", "Muñoz"),
        ],
    )
    def test_reads_names_in_one_two_or_four_columns(self, text: str, given: str, surnames: str) -> None:
        (family,) = read(text).families
        assert (family.people[0].given_names, family.people[0].surnames) == (given, surnames)

    def test_reads_dates_ages_countries_and_lost_zeros(self) -> None:
        text = "Nombres,Apellidos,Fecha de nacimiento,Edad,Nacionalidad,EOIR,Número A\n"
        found = read(text + "Ana,Caal,05/03/1990,,GT,,12345678\nEva,Paz,,34,,ES,\n")
        ana, eva = (family.people[0] for family in found.families)
        assert (ana.birth_date, ana.nationality, ana.a_number) == (date(1990, 3, 5), "GT", "012345678")
        assert (eva.birth_is_estimated, eva.nationality) == (True, "SV")

    def test_leaves_what_it_cannot_read_empty_and_says_where(self) -> None:
        found = read("Nombres,Apellidos,Fecha de nacimiento\nAna,Caal,31/31/1990\n")
        assert found.families[0].people[0].birth_date is None
        assert [(each.row, each.column) for each in found.mistakes] == [(2, "C")]

    def test_leaves_totals_and_signatures_out(self) -> None:
        assert sizes(read("Nombres,Apellidos,Personas\nAna,Caal,\nTotal,,1\n,,\n")) == [1]

    @pytest.mark.django_db
    def test_knows_a_crossing_by_either_of_its_names(self) -> None:
        bridge = CrossingFactory()
        text = "Nombres,Apellidos,Puente\nAna,Caal,PUENTE SANTA FE\nEva,Paz,paso del norte\nIris,Paz,Otro\n"
        assert [family.crossing for family in read(text, [bridge]).families] == [bridge, bridge, None]
