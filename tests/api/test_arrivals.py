"""Logging a family through the API: the deed of the page, once for each id that the partner made."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson
import pytest

from api.models import Receipt
from api.scopes import Scope
from audit.models import Event, EventType
from cases.actions.splitting import join_households
from cases.models import Arrival, Consent, Household, Person, Regrouping
from hearings.models import Hearing
from tests.factories.cases import ArrivalFactory, ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.places import CourtFactory, CrossingFactory, ShelterSiteFactory, SiteFactory

pytestmark = pytest.mark.django_db
LOG = "/api/v1/arrivals/"


@pytest.fixture
def family(jz: Any) -> dict[str, Any]:
    """Two people over Paso del Norte with a hearing on their sheet."""
    CrossingFactory()
    CourtFactory()
    crossing = {"port": "2402", "name": "Paso del Norte"}
    return {
        "uid": str(uuid4()),
        "site": "JZ",
        "crossing": crossing,
        "occurred_at": "2021-12-08T10:30:00-07:00",
        "language": "spa",
        "people": [
            {
                "relation": "head",
                "given_names": "Dayanara Lizeth",
                "surnames": "Funes Amador",
                "birth_date": "1990-03-05",
                "sex": "F",
                "nationality": "HN",
                "a_number": "A 012-345-678",
                "phone": "656 123 4567",
                "phone_owner": "own",
            },
            {"relation": "child", "given_names": "Ian Josué", "birth_date": "2014-06-01", "nationality": "HN"},
        ],
        "consents": {"reception": True, "messages": True, "partners": True},
        "hearing": {
            "court": "ELP",
            "court_on": "2022-01-12",
            "court_time": "08:30",
            "crossing": crossing,
            "report_on": "2022-01-12",
            "report_time": "04:30",
            "said_on": "2021-12-08",
        },
    }


class TestLogArrival:
    def test_logs_the_family_whole(self, partner: Any, family: Any) -> None:
        answer = partner.post(LOG, family)
        assert answer.status_code == 201, answer.content
        household = Household.objects.get()
        assert answer.json() == {
            "uid": family["uid"],
            "household": {"uid": str(household.uid), "code": household.code},
        }
        assert [person.given_names for person in household.people.all()] == ["Dayanara Lizeth", "Ian Josué"]
        assert household.people.first().a_number == "012345678"
        assert Consent.objects.filter(household=household, is_given=True).count() == 3
        assert Hearing.objects.get().report_basis == Hearing.Basis.DOCUMENTED

    def test_records_which_client_logged_it(self, partner: Any, family: Any) -> None:
        partner.post(LOG, family)
        event = Event.objects.get(type=EventType.ARRIVAL_RECORDED)
        assert (event.actor_kind, event.actor_id) == ("partner", str(partner.client.pk))

    @pytest.mark.parametrize("consents", [{"partners": True}, {"partners": False}, {}])
    def test_answers_again_what_it_answered_before(self, partner_at: Any, family: Any, consents: Any) -> None:
        writer = partner_at(scopes=[Scope.ARRIVALS_WRITE])
        sent = {**family, "consents": consents}
        first, second, third = (writer.post(LOG, sent) for _ in range(3))
        assert (first.status_code, second.status_code, third.status_code) == (201, 200, 200)
        assert first.json() == second.json() == third.json()
        assert Arrival.objects.count() == 1

    def test_refuses_something_else_under_an_id_that_was_sent(self, partner: Any, family: Any) -> None:
        assert (
            partner.post(LOG, {**family, "language": "xxx"}).status_code == 422
        )  # nothing came of it: it may be corrected
        assert partner.post(LOG, family).status_code == 201
        answer = partner.post(LOG, {**family, "people": family["people"][:1]})
        assert (answer.status_code, answer.json()["code"]) == (409, "sent_otherwise")
        assert "household" not in answer.json()
        assert partner.post(LOG, dict(reversed(family.items()))).status_code == 200
        assert Person.objects.count() == 2

    def test_answers_again_in_the_same_words_when_the_family_joined_another(
        self, partner: Any, jz: Any, family: Any, actor_in: Any, now: Any
    ) -> None:
        first = partner.post(LOG, family).json()
        into = HouseholdFactory(site=jz, people=1)
        join_households(
            household=Household.objects.get(uid=first["household"]["uid"]),
            into=into,
            reason=Regrouping.Reason.FAMILY,
            actor=actor_in("reception"),
            at=now,
        )
        answer = partner.post(LOG, family)
        assert (answer.status_code, answer.json()) == (200, first)

    def test_takes_nothing_for_its_own_that_somebody_else_logged(self, partner: Any, family: Any, jz: Any) -> None:
        household = HouseholdFactory(site=jz, people=1)
        ConsentFactory(household=household, purpose=Consent.Purpose.PARTNERS)
        logged = ArrivalFactory(household=household, site=jz)
        answer = partner.post(LOG, {**family, "uid": str(logged.uid)})
        assert (answer.status_code, answer.json()["code"]) == (409, "already_logged")

    def test_keeps_no_name_of_what_was_sent(self, partner: Any, family: Any) -> None:
        partner.post(LOG, family)
        (row,) = Receipt.objects.values()
        assert len(bytes(row["digest"])) == 32
        assert bytes(row["digest"]) != sha256(orjson.dumps(family, option=orjson.OPT_SORT_KEYS)).digest()

    def test_tells_nothing_of_what_another_client_logged(self, partner_at: Any, family: Any) -> None:
        family["consents"] = {}
        partner_at().post(LOG, family)
        answer = partner_at().post(LOG, family)
        assert answer.status_code == 409
        assert answer.json()["code"] == "already_logged"
        assert "household" not in answer.json()

    @pytest.mark.parametrize("code", ["TJ", "XX"])
    def test_refuses_a_site_that_is_not_theirs_or_not_at_all(self, partner: Any, family: Any, code: str) -> None:
        SiteFactory(code="TJ")
        answer = partner.post(LOG, {**family, "site": code})
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"pointer": "#/site", "detail": "This is none of your sites."}]
        assert not Household.objects.exists()

    def test_refuses_a_shelter_where_a_reception_site_is_asked_for(self, partner: Any, family: Any, jz: Any) -> None:
        shelter = ShelterSiteFactory(parent=jz, code="JZ-KIKI")
        answer = partner.post(LOG, {**family, "site": shelter.code})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/site")
        assert not Household.objects.exists()

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"occurred_at": "2021-12-08T10:30:00"}, "#/occurred_at"),
            ({"occurred_at": "yesterday"}, "#/occurred_at"),
            ({"occurred_at": "2199-12-08T10:30:00-07:00"}, "#/occurred_at"),
            ({"people": [{"relation": "head", "birth_date": "2099-12-31"}]}, "#/people/0/birth_date"),
            ({"people": [{"relation": "head", "birth_date": "0001-01-01"}]}, "#/people/0/birth_date"),
            ({"crossing": {"port": "2402", "name": "Nowhere"}}, "#/crossing"),
            ({"language": "xxx"}, "#/language"),
            ({"people": []}, "#/people"),
            ({"people": [{"relation": "child"}]}, "#/people"),
            ({"people": [{"relation": "head"}] * 2}, "#/people"),
            ({"people": [{"relation": "head", "nationality": "ZZ"}]}, "#/people/0/nationality"),
            ({"people": [{"relation": "head", "given_names": "a\u0000b"}]}, "#/people/0/given_names"),
            ({"consents": {"everything": True}}, "#/consents/everything"),
            ({"people": [{"relation": "head", "given_name": "Ian"}]}, "#/people/0/given_name"),
            ({"hearing": {"court": "ELP"}}, "#/hearing/court_on"),
            (
                {
                    "hearing": {
                        "court": "XXX",
                        **dict.fromkeys(["court_on", "said_on"], "2022-01-12"),
                        "court_time": "08:30",
                    }
                },
                "#/hearing/court",
            ),
            (
                {
                    "hearing": {
                        "court": "ELP",
                        **dict.fromkeys(["court_on", "said_on"], "2022-01-12"),
                        "court_time": "08:30-07:00",
                    }
                },
                "#/hearing/court_time",
            ),
        ],
    )
    def test_points_at_what_is_wrong_and_writes_nothing(
        self, partner: Any, family: Any, change: Any, pointer: str
    ) -> None:
        answer = partner.post(LOG, {**family, **change})
        assert answer.status_code == 422
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]
        assert not Household.objects.exists()

    def test_refuses_a_person_whose_id_is_taken(self, partner: Any, family: Any) -> None:
        taken = str(PersonFactory().uid)
        before = Household.objects.count()
        for people in (
            [{"relation": "head", "uid": taken}],
            [{"relation": "head", "uid": family["uid"]}, {"relation": "child", "uid": family["uid"]}],
        ):
            answer = partner.post(LOG, {**family, "people": people})
            assert (answer.status_code, answer.json()["code"]) == (409, "person_already_logged")
        assert Household.objects.count() == before

    def test_refuses_in_the_words_of_the_page(self, partner: Any, family: Any) -> None:
        family["people"][0]["a_number"] = "12"
        answer = partner.post(LOG, family)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:mpp-tracker:problem:bad_a_number"
        assert "A-number has 8 or 9 digits" in answer.json()["detail"]
        assert not Person.objects.exists()
