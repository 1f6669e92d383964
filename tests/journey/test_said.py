"""The page of a family says whether anybody told it of its hearing, and lets whoever meets it say so."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from hearings.models import Hearing, Telling
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


class TestSeveralHearings:
    @pytest.fixture
    def later(self, hearing):
        court_at = hearing.court_at + timedelta(days=35)
        days = {"court_on": court_at.date(), "court_at": court_at}
        return HearingFactory(household=hearing.household, court=hearing.court, **days)

    def test_stand_on_the_page_each_with_its_day_and_its_word(self, client_of, hearing, later):
        TellingFactory(hearing=hearing)
        page = page_of(client_of, hearing)
        assert [(each.hearing, each.told.icon) for each in page.context["later"]] == [(later, "phone-off")]
        said = page.context["said"]
        assert [each.hearing for each in said.untold] == [later]
        assert [row.to for row in said.rows] == ["jue 16 dic"]
        assert reverse("docket:tell", args=[later.uid]) in page.content.decode()

    def test_names_the_hearing_that_each_message_is_about(self, client_of, hearing, later):
        for each in (hearing, later):
            MessageFactory(
                purpose=PURPOSE, subject=each.household.uid, plan_key=f"hearing:{each.uid}:1:days_3:x", rung="days_3"
            )
        rungs = [row.rung for row in page_of(client_of, hearing).context["said"].rows]
        assert [rung.split(" · ")[1] for rung in rungs] == ["jue 16 dic", "jue 20 ene"]

    def test_costs_no_query_more_than_one(self, client_of, hearing, later, django_assert_max_num_queries):
        TellingFactory(hearing=HearingFactory(household=hearing.household, version=2, status="cancelled"), version=1)
        browser, url = client_of("hearings"), reverse("journey:household", args=[hearing.household.uid])
        browser.get(url)
        with django_assert_max_num_queries(10):
            browser.get(url)


class TestHearingThatIsOff:
    def test_is_told_until_somebody_told_them(self, client_of, hearing):
        TellingFactory(hearing=hearing)
        Hearing.objects.filter(pk=hearing.pk).update(status="cancelled", version=2)
        page = page_of(client_of, hearing)
        assert [each.hearing for each in page.context["said"].untold] == [hearing]
        said = {"look": page.context["said"].look, "version": 2, "answer": "person"}
        client_of("hearings").post(reverse("docket:tell", args=[hearing.uid]), said)
        assert not page_of(client_of, hearing).context["said"].is_untold

    def test_is_nothing_to_tell_those_who_never_heard_of_it(self, client_of, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(status="cancelled", version=2)
        assert not page_of(client_of, hearing).context["said"].is_untold


class TestClosedCase:
    @pytest.mark.parametrize("step", ["relief", "removed", "deceased"])
    def test_says_that_no_reminder_goes_out_and_asks_nobody_to_tell_them(self, client_of, hearing, step):
        type(hearing.household).objects.update(step=step)
        page = page_of(client_of, hearing)
        assert page.context["said"].is_closed
        assert not page.context["said"].is_untold
        assert reverse("docket:tell", args=[hearing.uid]) not in page.content.decode()
