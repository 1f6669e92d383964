"""How one gets about in the office: back to the day one came from, at the right place of the house, codes in one piece."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from docket.forms.checks import HandForm
from docket.models import CalendarFeed
from docket.models.feeds import digest_of
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
DOCKET = reverse("docket:hearings")


@pytest.fixture
def hearing(now):
    """A date on 16 December; the clock stands where the story begins."""
    noted = HearingFactory(household=HouseholdFactory(site=SiteFactory(code="JZ"), people=2))
    ClaimFactory(hearing=noted)
    with time_machine.travel(now, tick=False):
        yield noted


@pytest.fixture
def browser(hearing, client_of):
    return client_of("hearings", "JZ")


class TestThePagesOfTheOffice:
    @pytest.mark.parametrize(
        "name",
        [
            "docket:not_reached",
            "docket:outcomes",
            "docket:conflicts",
            "docket:checks",
            "docket:zones",
            "docket:postponements",
            "docket:new_postponement",
            "docket:hand_out",
            "docket:calendars",
            "docket:legal_help",
            "docket:replies",
            "words:texts",
        ],
    )
    def test_lead_back_to_the_day_they_were_reached_from(self, browser, name):
        browser.get(f"{DOCKET}?day=2021-12-21")
        assert f'href="{DOCKET}?day=last"' in browser.get(reverse(name)).content.decode()
        assert str(browser.get(f"{DOCKET}?day=last").context["docket"].day) == "2021-12-21"

    def test_begin_anew_where_no_day_is_asked_for(self, browser, hearing):
        browser.get(f"{DOCKET}?day=2021-12-21")
        browser.get(DOCKET)
        assert browser.get(f"{DOCKET}?day=last").context["docket"].day == hearing.court_on

    def test_survive_a_day_that_is_none(self, browser, hearing):
        browser.cookies["docket_day"] = "soon"
        assert browser.get(f"{DOCKET}?day=last").context["docket"].day == hearing.court_on

    def test_of_a_familys_hearing_stand_among_hearings(self, browser, hearing):
        of_family, of_hearing = [hearing.household.uid], [hearing.household.uid, hearing.uid]
        for name, about in [
            ("journey:note_hearing", of_family),
            ("journey:change_hearing", of_hearing),
            ("journey:trip", of_hearing),
            ("docket:outcome", of_hearing),
            ("docket:evidence", of_hearing),
            ("docket:represent", of_family),
            ("docket:give_legal_help", of_family),
        ]:
            assert browser.get(reverse(name, args=about)).context["nav"] == "hearings", name

    def test_keep_a_code_in_one_piece(self, browser, hearing):
        page = browser.get(f"{DOCKET}?day={hearing.court_on}").content.decode()
        assert f'<span class="x-whole">{hearing.household.code}</span>' in page


class TestAList:
    @pytest.mark.parametrize(("language", "words"), [("en", "2 hours"), ("es", "2 horas")])
    def test_for_the_line_is_handed_out_for_hours_in_the_readers_language(self, language, words):
        with translation.override(language):
            assert HandForm(sites=[], callers=[]).fields["hours"].choices[0][1] == words


class TestACalendar:
    def test_says_by_which_clock_it_was_last_asked_for(self, browser, hearing):
        at = timezone.now()
        CalendarFeed.objects.create(
            user_id=browser.session["_auth_user_id"],
            site=hearing.household.site,
            kind=CalendarFeed.Kind.OFFICE,
            digest=digest_of("x"),
            opened_at=at,
            expires_at=at + timedelta(days=1),
            last_fetched_at=at,
            fetches=1,
        )
        page = browser.get(reverse("docket:calendars")).content.decode()
        assert "11:00 · hora de Ciudad Juárez" in page
        assert page.index('id="another"') < page.index('id="how"')
