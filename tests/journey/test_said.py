"""The page of a family says whether anybody told it of its hearing, and lets whoever meets it say so."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from hearings.models import Telling
from journey.reminders import PURPOSE
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 14, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hearing():
    found = HearingFactory(household=HouseholdFactory(people=2))
    ClaimFactory(hearing=found)
    return found


def page_of(client_of, hearing, role="hearings"):
    page = client_of(role).get(reverse("journey:household", args=[hearing.household.uid]))
    assert page.status_code == 200
    return page


class TestHouseholdPage:
    def test_says_that_nobody_told_them_and_takes_the_word_of_whoever_did(self, client_of, hearing):
        page = page_of(client_of, hearing)
        tell = reverse("docket:tell", args=[hearing.uid])
        assert tell in page.content.decode()
        said = page.context["said"]
        answer = {"look": said.look, "version": 1, "answer": "person"}
        client_of("hearings").post(tell, answer)
        assert Telling.objects.get().way == "person"
        page = page_of(client_of, hearing)
        assert tell not in page.content.decode()
        assert [row.pill.icon for row in page.context["said"].rows] == ["user-check"]

    def test_says_nothing_of_it_once_a_message_reached_them(self, client_of, hearing):
        MessageFactory(
            purpose=PURPOSE,
            subject=hearing.household.uid,
            plan_key=f"hearing:{hearing.uid}:1:days_3:x",
            status="sent",
            sent_at=NOW,
        )
        assert not page_of(client_of, hearing).context["said"].is_untold

    def test_tells_who_looked_for_them_in_vain(self, client_of, hearing):
        TellingFactory(hearing=hearing, way="")
        page = page_of(client_of, hearing)
        assert page.context["said"].is_untold
        assert "Marta Ontiveros" in page.content.decode()
