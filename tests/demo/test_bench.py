"""What `make bench` measures with."""

import json
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.html import escape

from audit.models import Event, Read
from cases.models import Household, SearchToken, StepTaken
from core.actors import Actor
from demo.actions import fill
from demo.bench.families import family
from demo.bench.measuring import misspelt, recall, some_people
from demo.bench.typos import MISSPELLINGS
from places.models import Crossing

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)


class TestMisspellings:
    @pytest.mark.parametrize("kind", MISSPELLINGS)
    def test_change_the_name_and_leave_something_of_it(self, kind):
        told = {MISSPELLINGS[kind]("María José", "Muñoz de la Cruz", Random(number)) for number in range(30)}
        assert "María José Muñoz de la Cruz" not in told or kind == "one typo"
        assert all(len(name) > 8 for name in told)

    def test_of_other_order_puts_surnames_first(self):
        assert MISSPELLINGS["other order"]("Ana", "Tum Ixcoy", Random(1)) == "Tum Ixcoy Ana"


def rows_of(uid):
    """How many rows of each kind hang on a household, and what its people are called."""
    household = Household.objects.get(uid=uid)
    people = list(household.people.all())
    return {
        "people": len(people),
        "names": [person.surnames for person in people],
        "steps": StepTaken.objects.filter(person__household=household).count(),
        "tokens": sorted(SearchToken.objects.filter(person__household=household).values_list("value", flat=True)),
        "consents": household.consents.count(),
        "arrivals": household.arrivals.count(),
        "deliveries": household.deliveries.count(),
        "events": sorted(Event.objects.of_household(household.uid).values_list("type", flat=True)),
    }


@pytest.mark.django_db
@pytest.mark.xdist_group("demo")
class TestFloor:
    @pytest.fixture
    def filled(self, reference_data):
        fill(people=120, seed=2021, actor=Actor.system("demo"), at=AT)

    def test_tells_the_same_people_as_the_page_and_records_the_read(self, filled, client_of):
        client = client_of("coordinator", "JZ")
        with override_settings(ROOT_URLCONF="demo.urls"):
            answer = client.get("/people/")
        assert answer.status_code == 200
        for household in Household.objects.filter(site__code="JZ").order_by("-arrived_at")[:5]:
            assert str(household.uid) in answer.content.decode()
            assert escape(repr(household.people.first().surnames.encode())) in answer.content.decode()
        assert Read.objects.get().page == "people"

    def test_answers_every_question_of_the_bench(self, filled, client_of):
        client = client_of("coordinator", "JZ")
        household = Household.objects.filter(site__code="JZ").first()
        with override_settings(ROOT_URLCONF="demo.urls"):
            assert client.get(f"/households/{household.uid}/").status_code == 200
            assert client.get("/shelters/").status_code == 200
            assert client.post("/find/", {"q": household.people.first().full_name}).status_code == 200

    def test_lands_a_family_with_the_rows_that_the_product_writes(self, filled, client_of):
        client = client_of("coordinator", "JZ")
        crossing = Crossing.objects.filter(city__sites__code="JZ").select_related("city").first()
        landed = []
        for path, urls in (("/tablet/sync/", "mpp_tracker.urls"), ("/tablet/sync/?like={}", "demo.urls")):
            body = json.dumps(
                {"device": str(uuid4()), "device_now": AT.isoformat(), "items": [family(crossing, Random(1), AT)]}
            )
            with override_settings(ROOT_URLCONF=urls):
                answer = client.post(path.format(*landed), body, content_type="application/json")
            landed.append(answer.json()["results"][0]["household"])
        ours, floors = (rows_of(uid) for uid in landed)
        assert ours == floors
        assert ours["people"] == 4
        assert ours["names"] == ["Funes"] * 4 or len(set(ours["names"])) == 1

    def test_is_closed_to_strangers(self, client):
        with override_settings(ROOT_URLCONF="demo.urls"):
            assert client.get("/people/").status_code == 302

    def test_people_are_found_misspelt(self, filled, db):
        people = some_people(40)
        for kind in MISSPELLINGS:
            assert len(misspelt(people, kind)) == len(people)
            assert recall(people, kind, actor=Actor.system("bench")) >= 0.95


@pytest.mark.django_db
def test_bench_does_not_write_into_a_database_of_others(settings):
    settings.ENVIRONMENT = "development"
    with pytest.raises(CommandError):
        call_command("bench")
