"""What a tablet takes along to be read without network."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import Read
from cases.actions.splitting import split_household
from cases.models import Household, Regrouping
from cases.states import Step
from core.actors import Actor
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory

pytestmark = pytest.mark.django_db

URL = "/tablet/board/"


@pytest.fixture
def household() -> Household:
    found: Household = HouseholdFactory(people=2)
    head = found.people.all()[0]
    DocumentFactory(person=head)
    CovidTestFactory(person=head, result="260415000", resulted_at=datetime.fromisoformat("2021-12-08T18:00:00+00:00"))
    return found


def told(client: Client) -> dict[str, Any]:
    answer = client.get(URL)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


class TestBoard:
    def test_tells_who_they_are_and_what_is_known(
        self, client_of: Callable[..., Client], household: Household, story_time: datetime
    ) -> None:
        (family,) = told(client_of("reception"))["households"]
        mother, son = household.people.all()
        assert (family["uid"], family["code"], family["step"]) == (str(household.uid), household.code, "received")
        assert [person["age"] for person in family["people"]] == [31, 7]
        assert family["people"][0]["name"] == mother.full_name
        assert family["people"][0]["facts"] == {
            "received": True,
            "documented": {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07"},
            "tested": {"kind": "94558-4", "taken_at": "2021-12-08T17:45:00+00:00"},
            "result": "260415000",
            "isolated": None,
            "placed": None,
        }
        assert family["people"][1]["facts"]["documented"] is None
        assert str(son.uid) == family["people"][1]["uid"]

    def test_knows_what_was_done_for_those_who_parted_from_their_family(
        self, client_of: Callable[..., Client], actor_in: Callable[..., Actor], household: Household, now: datetime
    ) -> None:
        _mother, son = household.people.all()
        own = split_household(
            household=household,
            people=[son],
            reason=Regrouping.Reason.FAMILY,
            actor=actor_in("reception"),
            at=now,
        )
        families = {family["uid"]: family for family in told(client_of("reception"))["households"]}
        assert families[str(own.uid)]["people"][0]["facts"]["received"] is True

    def test_records_the_read_and_is_kept_by_nobody(
        self, client_of: Callable[..., Client], household: Household
    ) -> None:
        answer = client_of("reception").get(URL)
        assert "no-store" in answer.headers["Cache-Control"]
        assert Read.objects.get(page="tablet").households == [household.uid]

    def test_keeps_health_from_those_who_may_not_see_it(
        self, client_of: Callable[..., Client], household: Household
    ) -> None:
        Household.objects.update(step=Step.ISOLATED)
        found = told(client_of("hearings"))
        (family,) = found["households"]
        assert family["step"] == "documented"
        assert set(family["people"][0]["facts"]) == {"received", "documented", "placed"}
        assert set(found["kinds"]) == {"documents"}

    def test_holds_no_numbers(self, client_of: Callable[..., Client], household: Household) -> None:
        household.people.update(phone="+526561234567", a_number="012345678")
        text = client_of("reception").get(URL).content.decode()
        assert "6561234567" not in text
        assert "012345678" not in text

    def test_shows_nobody_of_elsewhere_or_placed_already(
        self, client_of: Callable[..., Client], household: Household
    ) -> None:
        assert told(client_of("reception", "TJ"))["households"] == []
        Household.objects.update(step=Step.SUMMONED)
        assert told(client_of("reception"))["households"] == []
        assert not Read.objects.exists()

    def test_is_flat_and_light_on_a_day_of_280(
        self,
        client_of: Callable[..., Client],
        django_assert_max_num_queries: Callable[..., Any],
        now: datetime,
    ) -> None:
        for number in range(90):
            HouseholdFactory(people=3, step_at=now - timedelta(minutes=number))
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            content = client.get(URL).content
        assert len(gzip.compress(content)) < 30_000
        waits = [family["since"] for family in client.get(URL).json()["households"]]
        assert waits == sorted(waits)
        assert len(waits) == 90
