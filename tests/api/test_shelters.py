"""Where there is room, as partners see it."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from api.scopes import Scope
from shelters.rules import Kind
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import BlockFactory, HoldFactory, ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/shelters/"


def shelter_in(site: Any, **kwargs: Any) -> Any:
    return ShelterFactory(site=ShelterSiteFactory(parent=site), **kwargs)


class TestShelters:
    def test_show_their_places_by_the_one_formula(self, partner: Any, jz: Any, now: Any) -> None:
        shelter = shelter_in(jz, name="Casa del Sol", counted_at=now, counted_basis="roll_call")
        family = UnitFactory(shelter=shelter, kind=Kind.FAMILY, places=10)
        UnitFactory(shelter=shelter, kind=Kind.MEN, places=4)
        StayFactory.create_batch(3, unit=family)
        HoldFactory(unit=family, places=2)
        BlockFactory(unit=family, places=1)
        (row,) = partner.get(LIST).json()["results"]
        kinds = {kind.pop("kind"): kind for kind in row.pop("kinds")}
        assert row == {
            "uid": str(shelter.uid),
            "name": "Casa del Sol",
            "city": "Ciudad Juárez",
            "site": "JZ",
            "operator": "church",
            "counted_at": "2021-12-08T18:00:00Z",
            "counted_basis": "roll_call",
            "capacity": 14,
            "occupied": 3,
            "held": 2,
            "blocked": 1,
            "free": 8,
            "over": 0,
        }
        assert kinds["family"] == {"capacity": 10, "occupied": 3, "held": 2, "blocked": 1, "free": 4, "over": 0}
        assert kinds["men"]["free"] == 4

    def test_do_not_tell_of_isolation(self, partner: Any, jz: Any) -> None:
        shelter = shelter_in(jz)
        UnitFactory(shelter=shelter, kind=Kind.MIXED, places=5)
        StayFactory(unit=UnitFactory(shelter=shelter, kind=Kind.ISOLATION, places=7))
        hotel = shelter_in(jz)
        UnitFactory(shelter=hotel, kind=Kind.ISOLATION, places=30)
        (row,) = partner.get(LIST).json()["results"]
        assert (row["capacity"], row["occupied"], [kind["kind"] for kind in row["kinds"]]) == (5, 0, ["mixed"])
        assert partner.get(reverse("api:shelter", args=[hotel.uid])).status_code == 404

    def test_say_that_nobody_named_a_capacity(self, partner: Any, jz: Any) -> None:
        shelter_in(jz)
        (row,) = partner.get(LIST).json()["results"]
        assert (row["capacity"], row["free"], row["counted_at"], row["kinds"]) == (None, 0, None, [])
        assert row["counted_basis"] is None

    def test_are_those_of_the_sites(self, partner: Any, jz: Any) -> None:
        here, elsewhere = shelter_in(jz), shelter_in(SiteFactory(code="TJ"))
        assert [row["uid"] for row in partner.get(LIST).json()["results"]] == [str(here.uid)]
        missing = partner.get(reverse("api:shelter", args=[uuid4()]))
        forbidden = partner.get(reverse("api:shelter", args=[elsewhere.uid]))
        assert (forbidden.status_code, forbidden.content) == (404, missing.content)

    def test_leave_out_the_closed_but_answer_for_them(self, partner: Any, jz: Any, now: Any) -> None:
        closed = shelter_in(jz, closed_at=now)
        assert partner.get(LIST).json()["results"] == []
        assert partner.get(reverse("api:shelter", args=[closed.uid])).status_code == 200

    def test_need_only_their_own_scope(self, partner_at: Any, jz: Any) -> None:
        shelter_in(jz)
        assert len(partner_at(scopes=[Scope.SHELTERS_READ]).get(LIST).json()["results"]) == 1

    def test_take_as_many_queries_for_thirty_as_for_one(
        self, partner: Any, jz: Any, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(30):
            UnitFactory(shelter=shelter_in(jz))
        with django_assert_max_num_queries(4):
            assert len(partner.get(LIST).json()["results"]) == 30
