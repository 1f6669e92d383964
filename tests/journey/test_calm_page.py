"""The page of a family is short to read at night: the hour leads, and of many reminders the next ones stand open."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.states import Step
from journey.reminders import PURPOSE
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 14, 18, 0, tzinfo=UTC)


@pytest.fixture
def hearing():
    return HearingFactory(household=HouseholdFactory(people=2, step=Step.SUMMONED))


@pytest.fixture
def page(hearing, client_of):
    """Opens the page of the family."""
    with time_machine.travel(NOW, tick=False):
        browser = client_of("hearings")
        yield lambda: browser.get(reverse("journey:household", args=[hearing.household.uid]))


def reminder(hearing, *, days, **facts):
    moment = NOW + timedelta(days=days)
    sent = {"status": "sent", "sent_at": moment} if days < 0 else {}
    key = f"hearing:{hearing.uid}:1:{days}:x"
    return MessageFactory(purpose=PURPOSE, subject=hearing.household.uid, plan_key=key, due_at=moment, **(sent | facts))


class TestReminders:
    def test_show_what_left_and_the_next_two_and_fold_the_others(self, hearing, page):
        for days in (-3, -1, 1, 2, 3, 4):
            reminder(hearing, days=days)
        said = page().context["said"]
        assert [row.pill.text for row in said.rows] == ["Enviado", "Enviado", "Programado", "Programado"]
        assert len(said.planned) == 2
        assert '<details class="x-more x-earlier"><summary>2 ' in page().content.decode()

    def test_fold_no_single_one_away(self, hearing, page):
        for days in (1, 2, 3):
            reminder(hearing, days=days)
        assert not page().context["said"].planned

    def test_never_lose_what_was_sent_behind_what_is_planned(self, hearing, page):
        reminder(hearing, days=-1)
        for days in range(1, 20):
            reminder(hearing, days=days)
        assert page().context["said"].rows[0].pill.text == "Enviado"


class TestTheHour:
    def test_stands_under_the_name_on_a_phone(self, hearing, page):
        html = page().content.decode()
        lead = html[html.index("x-when") : html.index('id="light"')]
        assert "04:30" in lead
        assert "08:30" in lead
        assert "jueves 16 de diciembre" in lead
