"""What a partner sees of people: the agreed fields of the agreed people, each look recorded."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.scopes import Scope
from audit.models import Read
from cases.models import Consent, Household
from cases.states import Step
from tests.factories.cases import ARRIVED_AT, ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/households/"
AGREED = {"uid", "code", "site", "arrived_at", "step", "size", "nationalities", "language"}


def sharing_household(**kwargs: Any) -> Household:
    household: Household = HouseholdFactory(**{"people": 2, **kwargs})
    ConsentFactory(household=household, purpose=Consent.Purpose.PARTNERS)
    return household


def one(household: Household) -> str:
    return reverse("api:household", args=[household.uid])


class TestHouseholds:
    def test_show_the_agreed_fields_and_no_other(self, partner_at: Any, jz: Any) -> None:
        household = sharing_household(site=jz)
        answer = partner_at(scopes=[Scope.HOUSEHOLDS_READ]).get(LIST)
        assert answer.json() == {
            "results": [
                {
                    "uid": str(household.uid),
                    "code": household.code,
                    "site": "JZ",
                    "arrived_at": "2021-12-08T17:30:00Z",
                    "step": "received",
                    "size": 2,
                    "nationalities": ["HN"],
                    "language": "spa",
                }
            ],
            "next_cursor": None,
        }
        assert "Funes" not in answer.content.decode()

    def test_show_names_to_clients_that_may_read_them(self, partner: Any, jz: Any) -> None:
        sharing_household(site=jz)
        (row,) = partner.get(LIST).json()["results"]
        assert set(row) == AGREED | {"people"}
        assert set(row["people"][0]) == {"uid", "relation", "given_names", "surnames", "sex", "nationality"}
        assert row["people"][0]["surnames"] == "Funes Amador"

    def test_do_not_tell_isolation(self, partner: Any, jz: Any) -> None:
        sharing_household(site=jz, step=Step.ISOLATED)
        (row,) = partner.get(LIST).json()["results"]
        assert row["step"] == "documented"

    def test_include_those_who_sleep_in_a_shelter_of_the_site(self, partner: Any, jz: Any) -> None:
        shelter = ShelterSiteFactory(parent=jz)
        guests = sharing_household(site=SiteFactory(code="TJ"), guest_site=shelter)
        assert [row["uid"] for row in partner.get(LIST).json()["results"]] == [str(guests.uid)]

    def test_leave_out_who_did_not_agree(self, partner: Any, jz: Any, now: Any) -> None:
        HouseholdFactory(site=jz, people=1)
        refused, withdrawn, only_messages = (HouseholdFactory(site=jz, people=1) for _ in range(3))
        ConsentFactory(household=refused, purpose=Consent.Purpose.PARTNERS, is_given=False)
        ConsentFactory(household=withdrawn, purpose=Consent.Purpose.PARTNERS, withdrawn_at=now)
        ConsentFactory(household=only_messages, purpose=Consent.Purpose.MESSAGES)
        assert partner.get(LIST).json()["results"] == []
        for household in (refused, withdrawn, only_messages):
            assert partner.get(one(household)).status_code == 404

    def test_come_newest_first_and_each_once(self, partner: Any, jz: Any) -> None:
        for number in range(105):
            sharing_household(site=jz, people=0, arrived_at=ARRIVED_AT + timedelta(minutes=number // 3))
        seen, cursor = [], ""
        for size in (50, 50, 5):
            page = partner.get(LIST, query_params={"cursor": cursor}).json()
            assert len(page["results"]) == size
            seen += page["results"]
            cursor = page["next_cursor"]
        assert cursor is None
        assert len({row["uid"] for row in seen}) == 105
        assert [row["arrived_at"] for row in seen] == sorted((row["arrived_at"] for row in seen), reverse=True)

    @pytest.mark.parametrize("cursor", ["x", "%%%", "MjAyMQ", "\x00"])
    def test_begin_again_at_a_cursor_that_is_none(self, partner: Any, jz: Any, cursor: str) -> None:
        sharing_household(site=jz)
        assert len(partner.get(LIST, query_params={"cursor": cursor}).json()["results"]) == 1

    def test_take_as_many_queries_for_fifty_as_for_one(
        self, partner: Any, jz: Any, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(50):
            sharing_household(site=jz, people=3)
        with django_assert_max_num_queries(8):
            assert len(partner.get(LIST).json()["results"]) == 50

    def test_record_who_was_seen(self, partner: Any, jz: Any, now: Any) -> None:
        households = [sharing_household(site=jz) for _ in range(2)]
        partner.get(LIST)
        read = Read.objects.get()
        assert set(read.households) == {household.uid for household in households}
        assert (read.page, read.actor_kind, read.actor_name, read.at) == (
            "api:households",
            "partner",
            partner.client.name,
            now,
        )


class TestHousehold:
    def test_shows_its_arrivals(self, partner: Any, jz: Any) -> None:
        household = sharing_household(site=jz)
        (arrival,) = partner.get(one(household)).json()["arrivals"]
        del arrival["uid"]
        assert arrival == {
            "kind": "first_return",
            "site": "JZ",
            "crossing": {"port": "2402", "name": "Paso del Norte"},
            "occurred_at": "2021-12-08T17:30:00Z",
        }

    def test_elsewhere_answers_as_one_that_is_not(self, partner: Any) -> None:
        elsewhere = sharing_household(site=SiteFactory(code="TJ"))
        there, nowhere = partner.get(one(elsewhere)), partner.get(reverse("api:household", args=[uuid4()]))
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
        assert not Read.objects.exists()

    def test_records_the_look(self, partner: Any, jz: Any) -> None:
        household = sharing_household(site=jz)
        partner.get(one(household))
        assert list(Read.objects.of_household(household.uid).values_list("page", flat=True)) == ["api:household"]


class TestFind:
    def test_finds_a_misspelt_name_and_records_the_look(self, partner: Any, jz: Any) -> None:
        household = sharing_household(site=jz)
        PersonFactory(household=HouseholdFactory(site=jz), given_names="Marvin", surnames="Zelaya Pineda")
        answer = partner.post("/api/v1/find/", {"query": "dayanara funez"})
        assert answer.status_code == 200
        assert {row["household"]["uid"] for row in answer.json()["results"]} == {str(household.uid)}
        assert Read.objects.get().page == "api:find"

    def test_does_not_find_who_did_not_agree_or_is_elsewhere(self, partner: Any, jz: Any) -> None:
        HouseholdFactory(site=jz, people=1)
        sharing_household(site=SiteFactory(code="TJ"))
        assert partner.post("/api/v1/find/", {"query": "Dayanara Funes"}).json() == {"results": []}

    def test_takes_no_longer_for_who_is_elsewhere(self, partner: Any) -> None:
        with CaptureQueriesContext(connection) as asked:
            partner.post("/api/v1/find/", {"query": "Dayanara Lizeth Funes"})
        PersonFactory(household=HouseholdFactory(people=0), given_names="Dayanara Lizeth", surnames="Funes")
        with CaptureQueriesContext(connection) as asked_then:
            answer = partner.post("/api/v1/find/", {"query": "Dayanara Lizeth Funes"})
        assert answer.json() == {"results": []}
        assert len(asked_then) <= len(asked) + 1  # whether it is seen; nothing of it is read

    def test_needs_the_right_to_names(self, partner_at: Any) -> None:
        reader = partner_at(scopes=[Scope.HOUSEHOLDS_READ])
        assert reader.post("/api/v1/find/", {"query": "Dayanara"}).status_code == 403

    def test_is_never_asked_in_an_address(self, partner: Any) -> None:
        assert partner.get("/api/v1/find/?query=Dayanara").status_code == 405

    def test_is_asked_less_often(self, partner: Any, settings: Any) -> None:
        rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "find": "1/min"}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
        answers = [partner.post("/api/v1/find/", {"query": "Dayanara"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]
