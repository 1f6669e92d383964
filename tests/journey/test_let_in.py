"""A family of another site that was opened to this one on request: it is read here, and worked with by nobody here."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accounts.roles import Role
from audit.models import Event
from places.models import Site
from tests.factories.cases import AccessRequestFactory, HouseholdFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

DEEDS = [
    ("absence/", {"person": "first"}),
    ("absence/", {"person": "first", "found": "1"}),
    ("advance/", {"deed": "documents"}),
    ("aid/", {"kind": "food", "look": str(uuid4())}),
    ("card/", {}),
    ("card/end/", {"lost": "1"}),
    ("isolation/", {"cause": "contact"}),
    ("split/", {"people": "first", "reason": "family"}),
]


@pytest.fixture
def household(client_of):
    client_of(Role.RECEPTION)
    foreign = HouseholdFactory(people=2, site=SiteFactory(code="TJ"), owed=["names"])
    granted = {"is_granted": True, "decided_at": datetime(2021, 12, 8, tzinfo=UTC), "decided_by": "Nadia Reyna"}
    AccessRequestFactory(household=foreign, site=Site.objects.get(code="JZ"), **granted)
    return foreign


class TestFamilyOfAnotherSite:
    def test_is_read(self, household, client_of):
        page = client_of(Role.RECEPTION).get(f"/households/{household.uid}/")
        assert household.people.first().given_names in page.content.decode()

    @pytest.mark.parametrize("page", ["", "belonging/"])
    def test_offers_no_deed_that_would_be_refused(self, household, client_of, page):
        told = client_of(Role.COORDINATOR).get(f"/households/{household.uid}/{page}").content.decode()
        offered = set(re.findall(rf"/households/{household.uid}/([a-z_/]+)\"", told))
        assert offered <= {"belonging/", "numbers/", "card/"}

    @pytest.mark.parametrize(("deed", "sent"), DEEDS)
    def test_is_changed_by_no_deed_of_reception(self, household, client_of, deed, sent):
        first = household.people.first()
        told = {
            key: str(first.uid if key == "person" else first.pk) if value == "first" else value
            for key, value in sent.items()
        }
        answer = client_of(Role.RECEPTION).post(f"/households/{household.uid}/{deed}", told)
        assert answer.status_code in (302, 422)
        assert not Event.objects.filter(household=household.uid).exists()

    def test_is_given_no_card_with_others(self, household, client_of):
        answer = client_of(Role.RECEPTION).post("/cards/", {"uid": [household.uid]})
        assert (answer.status_code, household.cards.count()) == (302, 0)

    def test_is_not_taken_along_on_a_tablet(self, household, client_of):
        assert client_of(Role.RECEPTION).get("/tablet/board/").json()["households"] == []

    @pytest.mark.parametrize("page", ["/reception/", "/cards/", "/people/incomplete/"])
    def test_is_on_no_list_of_work(self, household, client_of, page):
        ours = HouseholdFactory(site=Site.objects.get(code="JZ"), owed=["names"])
        told = client_of(Role.COORDINATOR).get(page).content.decode()
        assert ours.code in told
        assert household.code not in told

    def test_keeps_nobody_from_their_card(self, household, client_of):
        ours = HouseholdFactory(site=Site.objects.get(code="JZ"))
        answer = client_of(Role.COORDINATOR).post("/cards/", {"uid": [household.uid, ours.uid]})
        assert answer["Content-Type"] == "application/pdf"
        assert (household.cards.count(), ours.cards.count()) == (0, 1)
