"""The strip of the office's worklists stands on each of its pages."""

import pytest
import time_machine
from django.urls import reverse

from docket.counts import WORKLISTS
from tests.factories.cases import HouseholdFactory
from tests.factories.messaging import ReplyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_of, now):
    with time_machine.travel(now, tick=False):
        yield client_of("hearings", "JZ")


class TestStrip:
    @pytest.mark.parametrize("of", WORKLISTS, ids=lambda each: each.key)
    def test_stands_on_each_of_its_lists_and_marks_it(self, browser, of):
        page = browser.get(reverse(of.place)).content.decode()
        assert f'<a href="{reverse(of.place)}" aria-current="page">' in page
        assert f'<a href="{reverse("docket:hearings")}?day=last">' in page

    def test_counts_the_replies_that_wait_as_their_own_page_does(self, browser, officer):
        ReplyFactory.create_batch(2, about=HouseholdFactory(site_id=min(officer.site_ids), people=1))
        page = browser.get(reverse("docket:replies")).content.decode()
        assert page.count("<b>2</b>") == 2
