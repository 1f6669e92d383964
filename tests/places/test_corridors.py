"""The roads between cities."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.actors import Actor
from places import sources
from places.actions import load_reference
from places.corridors import corridor_between, noted_corridors, read_corridors
from places.models import Basis, City
from places.rules import kilometres
from places.sources import BadSource

NOGALES = City(name="Nogales", iso3166_2="MX-SON", latitude="31.3086", longitude="-110.9422")
JUAREZ = City(name="Ciudad Juárez", iso3166_2="MX-CHH", latitude="31.6904", longitude="-106.4245")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(sources.DATA, tmp_path / "data"))


def rewrite(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


class TestCorridorBetween:
    def test_is_the_noted_one_both_ways(self):
        there, back = corridor_between(NOGALES, JUAREZ), corridor_between(JUAREZ, NOGALES)
        assert there == back
        assert (there.km, there.minutes, there.basis) == (563, 480, Basis.PRESS)

    def test_is_estimated_from_the_great_circle_where_none_is_noted(self):
        matamoros = City(name="Matamoros", iso3166_2="MX-TAM", latitude="25.8690", longitude="-97.5027")
        road = corridor_between(NOGALES, matamoros)
        assert road.is_computed
        assert road.basis == Basis.ESTIMATE
        assert road.minutes % 15 == 0
        assert road.minutes * 65 >= road.km * 60

    def test_never_takes_a_homonym_for_the_city(self):
        other = City(name="Ciudad Juárez", iso3166_2="MX-COA", latitude="27.6", longitude="-100.7")
        assert corridor_between(NOGALES, other).is_computed

    def test_is_not_known_without_a_position(self):
        assert corridor_between(NOGALES, City(name="Somewhere", iso3166_2="MX-SON")) is None

    def test_is_estimated_on_the_whole_as_the_noted_roads_are(self):
        """The estimate must not be shorter than most of the roads that somebody noted."""
        cities = {(line["name"], line["iso3166_2"]): line for line in sources.lines("cities.csv")}
        shorter = 0
        for (start, end), road in noted_corridors().items():
            a, b = cities[start], cities[end]
            far = kilometres((float(a["lat"]), float(a["lon"])), (float(b["lat"]), float(b["lon"])))
            shorter += far * 1.35 < road.km
        assert shorter <= len(noted_corridors()) / 2


class TestReadCorridors:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("563,480,press", "563,soon,press"),
            ("563,480,press", "0,480,press"),
            ("563,480,press", "563,480,hearsay"),
            ("Nogales,MX-SON,Agua Prieta,MX-SON", "Ciudad Juárez,MX-CHH,Nogales,MX-SON"),
            ("Nogales,MX-SON,Agua Prieta,MX-SON", "Nogales,MX-SON,Nogales,MX-SON"),
        ],
    )
    def test_refuses_what_it_does_not_understand(self, folder, before, after):
        rewrite(folder / "corridors.csv", before, after)
        with pytest.raises(BadSource):
            read_corridors(folder)


@pytest.mark.django_db
class TestLoadReference:
    @pytest.mark.parametrize(
        ("before", "after"),
        [("Agua Prieta,MX-SON,185", "Agua Prieta,MX-CHH,185"), (",Mexicali,general", ",Atlantis,general")],
    )
    def test_refuses_a_road_to_a_city_that_nobody_knows(self, folder, before, after):
        rewrite(folder / "corridors.csv", before, after)
        with pytest.raises(BadSource):
            load_reference(actor=Actor.system("loader"), at=datetime(2021, 12, 8, tzinfo=UTC), folder=folder)


class TestKilometres:
    def test_measures_nogales_to_ciudad_juarez(self):
        assert 430 < kilometres((31.3086, -110.9422), (31.6904, -106.4245)) < 435
