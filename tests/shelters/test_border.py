"""The map of the border: where things stand on it, and what the page says beside it."""

import gzip
from itertools import combinations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.actors import Actor
from places.models import Crossing, Site
from shelters import board
from shelters.actions import block_places
from shelters.border import STRETCHES, WHOLE, drawing, line
from shelters.needs import Need
from shelters.tonight import houses_tonight
from tests.factories.shelters import UnitFactory
from tests.shelters.reading import FEW_QUERIES, LIGHT, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places_loaded")]


@pytest.fixture
def cities():
    for site in Site.objects.field():
        UnitFactory(shelter__site__parent=site, shelter__site__code=f"{site.code}-1", places=2000)
    actor, now = Actor.system("test"), timezone.now()
    return board.cities(houses_tonight(actor=actor, now=now), need=Need(), actor=actor, now=now)


class TestLine:
    def test_runs_from_the_pacific_to_the_gulf(self):
        points = line()

        assert points[0][1] == min(longitude for _latitude, longitude in points)
        assert points[-1][1] == max(longitude for _latitude, longitude in points)

    def test_lies_within_the_whole(self):
        assert all(WHOLE.holds(point) for point in line())


class TestDrawing:
    def test_shows_every_city_and_bridge(self, cities):
        whole = drawing(WHOLE, cities, Crossing.objects.by_city())

        assert len(whole.cities) == len(cities) == Site.objects.field().count()
        assert len(whole.gates) == Crossing.objects.count()

    @pytest.mark.parametrize("stretch", [WHOLE, *STRETCHES])
    def test_lays_no_city_upon_another_and_none_beyond_the_edge(self, cities, stretch):
        marks = drawing(stretch, cities, Crossing.objects.by_city()).cities

        for one, other in combinations(marks, 2):
            apart = abs(complex(*one.centre) - complex(*other.centre))
            assert apart >= (one.radius + other.radius) * 0.95
        for mark in marks:
            assert mark.radius <= mark.centre[0] <= stretch.width - mark.radius
            assert mark.centre[1] + mark.radius <= stretch.height

    @pytest.mark.parametrize("places", [5, 60, 2000])
    @pytest.mark.parametrize("stretch", [WHOLE, *STRETCHES])
    def test_names_each_city_beside_its_circle_and_within_the_edge(self, places, stretch):
        for site in Site.objects.field():
            UnitFactory(shelter__site__parent=site, shelter__site__code=f"{site.code}-1", places=places)
        actor, now = Actor.system("test"), timezone.now()
        cities = board.cities(houses_tonight(actor=actor, now=now), need=Need(), actor=actor, now=now)

        for mark in drawing(stretch, cities, Crossing.objects.by_city()).cities:
            assert 0 <= mark.label[0] <= stretch.width
            assert mark.label[1] + 20 <= stretch.height
            assert abs(complex(*mark.label) - complex(*mark.centre)) <= mark.radius + 60, mark.city.site.name

    def test_each_city_stands_in_a_stretch_of_the_phone(self, cities):
        shown = {mark.city.site.code for stretch in STRETCHES for mark in drawing(stretch, cities, []).cities}

        assert shown == {city.site.code for city in cities}


class TestMap:
    def test_says_the_same_as_a_list(self, client_of, django_assert_max_num_queries):
        UnitFactory(places=7)
        client = client_of("coordinator")
        User.objects.update(language="en")

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:map"))

        page = words(response)
        assert "Ciudad Juárez: 7 places free of 7" in page
        assert "Paso del Norte (Puente Santa Fe)" in page
        assert len(gzip.compress(response.content, 6)) < LIGHT

    def test_is_asked_again_and_answers_only_what_changed(self, client_of):
        unit = UnitFactory(places=7)
        client = client_of("coordinator")
        page = client.get(reverse("shelters:map")).content.decode()
        assert f'hx-get="{reverse("shelters:map_live")}' in page
        tag = client.get(reverse("shelters:map_live"))["ETag"]
        assert tag.strip('"') in page
        assert client.get(reverse("shelters:map_live"), headers={"If-None-Match": tag}).status_code == 304

        now = timezone.now()
        block_places(
            unit=unit, places=2, reason="leak", begins_at=now, ends_at=None, actor=Actor.system("test"), at=now
        )
        changed = client.get(reverse("shelters:map_live"), headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert b'hx-swap-oob="true"' in changed.content

    def test_tells_what_to_do_where_there_is_nothing(self, client_of):
        client = client_of("coordinator")
        User.objects.update(language="en")

        assert "No shelter here yet" in words(client.get(reverse("shelters:map")))
