"""A hearing is off: the page that notes it, from the word of a paper."""

from datetime import time

import pytest

from accounts.roles import Role
from hearings.models import Claim, Hearing
from tests.factories.hearings import HearingFactory
from tests.journey.households.pages import is_noted, read, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing(household, reference_data) -> Hearing:
    return HearingFactory(household=household, court_time=time(8, 30))


class TestCancelHearing:
    def test_is_reached_from_what_another_source_says(self, household, hearing, client_of):
        page = read(client_of(Role.HEARINGS), url_of("change_hearing", household, hearing.uid))
        assert url_of("cancel_hearing", household, hearing.uid) in page

    def test_asks_which_paper_says_so_and_takes_it_off_once(self, household, hearing, client_of):
        browser, url = client_of(Role.HEARINGS), url_of("cancel_hearing", household, hearing.uid)
        page = read(browser, url)
        assert "08:30" in page
        assert f'value="{Claim.Source.RETURNEE}"' not in page
        said = {"source": Claim.Source.EOIR_LINE, "version": hearing.version}
        for _tap in range(2):
            assert is_noted(browser.post(url, said), household)
        hearing.refresh_from_db()
        assert (hearing.status, hearing.version) == (Hearing.Status.CANCELLED, 2)
        assert "Audiencia cancelada · línea de EOIR" in read(browser, url_of("household", household))

    def test_shows_a_refusal_where_the_date_has_changed_meanwhile(self, household, hearing, client_of):
        said = {"source": Claim.Source.EOIR_LINE, "version": hearing.version + 1}
        answer = client_of(Role.HEARINGS).post(url_of("cancel_hearing", household, hearing.uid), said)
        assert answer.status_code == 422
        assert Hearing.objects.standing().exists()
