"""At 10,000 people every list is as light as at 300: at most ten queries and 30 kB."""

import gzip
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Household, Person
from core.actors import Actor
from demo.actions import fill
from places.actions import load_reference
from places.models import Site
from shelters.models import Shelter
from tests.factories.api import AccessTokenFactory, PartnerClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
PEOPLE = 10_000
MOST_QUERIES, MOST_BYTES = 10, 30_000
PAGES = ("/", "/reception/", "/people/", "/hearings/", "/hearings/sheet/", "/shelters/", "/arrivals/new/")
RESOURCES = ("/api/v1/shelters/", "/api/v1/households/")


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker):
    """10,000 people, written once for all tests of this module and taken back at their end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(actor=Actor.system("loader"), at=AT)
        call_command("load_cohorts", verbosity=0)
        call_command("load_shelters", verbosity=0)
        fill(people=PEOPLE, seed=2021, actor=Actor.system("demo"), at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def moment():
    with time_machine.travel(AT, tick=False):
        yield


def ask(client: Client, path: str) -> None:
    client.get(path)  # what is cached in the process is cached
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    assert len(gzip.compress(answer.content)) < MOST_BYTES


class TestAtTenThousand:
    def test_there_are_so_many(self, many):
        assert Person.objects.count() == PEOPLE

    @pytest.mark.parametrize("path", PAGES)
    def test_a_page_is_light(self, many, moment, client_of, path):
        role = "reception" if path == "/arrivals/new/" else "coordinator"
        ask(client_of(role, "JZ"), path)

    def test_a_household_page_is_light(self, many, moment, client_of):
        household = Household.objects.filter(site__code="JZ", step="placed").latest("arrived_at")
        ask(client_of("coordinator", "JZ"), f"/households/{household.uid}/")

    def test_a_shelter_page_is_light(self, many, moment, client_of):
        shelter = Shelter.objects.get(site__code="JZ-DEMO1")
        ask(client_of("coordinator", "JZ"), f"/shelters/{shelter.uid}/")

    def test_the_log_is_light(self, many, moment, client_of):
        ask(client_of("dpo"), "/audit/")

    @pytest.mark.parametrize("path", RESOURCES)
    def test_a_resource_is_light(self, many, moment, path):
        partner = PartnerClientFactory(sites=list(Site.objects.field()))
        AccessTokenFactory(client=partner, raw="a-token", expires=AT.replace(hour=17))
        ask(Client(headers={"Authorization": "Bearer a-token"}), path)
