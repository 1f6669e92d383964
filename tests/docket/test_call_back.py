"""Whoever wrote back can be called: who asks for help first; the number stands on a page of its own, and seeing it is recorded."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from tests.factories.cases import HouseholdFactory
from tests.factories.messaging import ReplyFactory

pytestmark = pytest.mark.django_db
NUMBER = "+526561230000"


@pytest.fixture(autouse=True)
def at_noon(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def reply(officer):
    return ReplyFactory(about=HouseholdFactory(site_id=min(officer.site_ids), people=1), text="Ayuda", meaning="help")


@pytest.fixture
def browser(client_of):
    return client_of("hearings", "JZ")


def address(reply):
    return reverse("docket:call_back", args=[reply.uid])


class TestCallBack:
    def test_is_offered_beside_each_reply_without_telling_the_number(self, reply, client_of):
        page = client_of("hearings", "JZ").get(reverse("docket:replies")).content.decode()
        assert f'action="{address(reply)}"' in page
        assert NUMBER not in page

    def test_tells_the_number_they_wrote_from_and_records_that_it_was_seen(self, reply, client_of):
        page = client_of("hearings", "JZ").post(address(reply)).content.decode()
        assert f'href="tel:{NUMBER}"' in page
        assert "“Ayuda”" in page
        assert f'action="{reverse("docket:handle_reply", args=[reply.uid])}"' in page
        assert Read.objects.get(page="replies.numbers").households == [reply.about.get().subject]

    def test_tells_nothing_of_households_elsewhere(self, reply, client_of):
        assert client_of("hearings", "TJ").post(address(reply)).status_code == 404

    def test_tells_no_number_once_it_was_dealt_with(self, reply, client_of):
        browser = client_of("hearings", "JZ")
        browser.post(reverse("docket:handle_reply", args=[reply.uid]), {"outcome": "called"})
        assert browser.post(address(reply)).status_code == 404


class TestTheTurn:
    def test_of_who_asks_for_help_comes_before_those_who_wrote_earlier(self, reply, browser, now):
        ReplyFactory(text="Buenas", meaning="unclear", received_at=now - timedelta(days=3))
        page = browser.get(reverse("docket:replies")).content.decode()
        assert page.index("“Ayuda”") < page.index("“Buenas”")

    def test_is_kept_over_pages(self, reply, browser, now):
        for minute in range(30):
            ReplyFactory(text=f"nr-{minute:02d}", meaning="unclear", received_at=now - timedelta(minutes=minute))
        first = browser.get(reverse("docket:replies")).context["found"]
        after = browser.get(reverse("docket:replies"), {"after": first.next_cursor}).context["found"]
        texts = [row.text for row in (*first.rows, *after.rows)]
        assert texts == ["Ayuda", *(f"nr-{minute:02d}" for minute in reversed(range(30)))]
