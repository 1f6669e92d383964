"""What is understood of a need that somebody types."""

import pytest

from places.models import City, Crossing
from shelters.needs import Need
from shelters.needs_text import hear
from shelters.rules import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places_loaded")]


def heard(text, *, may_isolate=True):
    cities = dict(City.objects.filter(country="MX").values_list("name", "pk"))
    return hear(text, crossings=Crossing.objects.by_city(), cities=cities, may_isolate=may_isolate)


class TestHear:
    @pytest.mark.parametrize(
        "text",
        [
            "familia de 5, silla de ruedas, cerca de Paso del Norte",
            "Family of 5, wheelchair, near Paso del Norte",
            "FAMILIA DE CINCO con rampa, puente Santa Fe",
        ],
    )
    def test_understands_both_languages(self, text):
        said = heard(text)

        assert said.need == Need(
            kind=Kind.FAMILY, people=5, ramp=True, near=Crossing.objects.get(name="Paso del Norte")
        )
        assert (said.city, said.rest) == (City.objects.get(name="Ciudad Juárez").pk, "")

    @pytest.mark.parametrize(
        ("text", "people", "kind"),
        [
            ("una mujer", 1, Kind.WOMEN),
            ("3 men", 3, Kind.MEN),
            ("madre con 2 hijos", 3, ""),
            ("pareja con un bebé", 3, ""),
            ("dos adultos y tres niños", 5, ""),
            ("family of 5 with 3 children", 5, Kind.FAMILY),
            ("10 personas", 10, ""),
            ("menores no acompañados", 0, Kind.MINORS),
        ],
    )
    def test_counts_people_and_sees_whom_a_room_is_for(self, text, people, kind):
        need = heard(text).need

        assert (need.people, need.kind) == (people, kind)

    def test_knows_pets_and_languages(self):
        need = heard("2 personas con perro que hablan creole").need

        assert (need.people, need.pets, need.language) == (2, True, "hat")

    def test_knows_cities(self):
        assert heard("Somos 4, en Tijuana").city == City.objects.get(name="Tijuana").pk

    def test_gives_back_what_it_does_not_know(self):
        assert heard("familia de 5 con unicornio azul").rest == "unicornio azul"
        assert heard("madre con niños").rest == "niños"

    def test_gives_isolation_back_to_those_who_may_not_look_for_it(self):
        assert heard("aislamiento", may_isolate=True).need.kind == Kind.ISOLATION
        said = heard("aislamiento", may_isolate=False)
        assert (said.need.kind, said.rest) == ("", "aislamiento")

    def test_bears_nothing_and_nonsense(self):
        assert heard("").need == Need()
        assert heard(", ; ---").rest == ""
        assert heard("9" * 400).need.people == 0
