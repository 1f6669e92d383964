import pytest
from django.urls import reverse

from accounts.roles import Role
from docket.counts import WORKLISTS, counts_of, lists_of
from hearings.models import Hearing
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.messaging import ReplyFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db


def all_hearings(*, actor, now):
    return {"all": Hearing.objects.all()}


@pytest.fixture
def household(officer):
    return HouseholdFactory(site_id=min(officer.site_ids), people=2)


class TestCountsOf:
    def test_counts_every_list_in_one_query(self, household, officer, now, django_assert_num_queries):
        HearingFactory(household=household)
        ReplyFactory(about=household)
        with django_assert_num_queries(1):
            counts = counts_of(actor=officer, now=now)
        assert (counts["not_reached"], counts["replies"], counts["outcomes"]) == (1, 1, 0)
        assert set(counts) == {each.key for each in WORKLISTS if each.waiting}

    def test_counts_what_else_is_asked_in_the_same_query(self, household, officer, now, django_assert_num_queries):
        HearingFactory(household=household)
        with django_assert_num_queries(1):
            assert counts_of(actor=officer, now=now, also=[all_hearings])["all"] == 1

    def test_leaves_out_what_a_person_has_done(self, household, officer, now):
        TellingFactory(hearing=HearingFactory(household=household))
        assert counts_of(actor=officer, now=now)["not_reached"] == 0

    def test_leaves_out_other_sites(self, household, actor_in, now):
        HearingFactory(household=household)
        assert counts_of(actor=actor_in("hearings", "TJ"), now=now)["not_reached"] == 0


class TestListsOf:
    @pytest.mark.parametrize(
        ("role", "keys"),
        [
            (Role.SHELTER, {"not_reached", "calendar"}),
            (Role.RECEPTION, {"not_reached", "outcomes", "calendar"}),
            (Role.HEARINGS, {each.key for each in WORKLISTS}),
            (Role.DPO, set()),
        ],
    )
    def test_are_those_that_a_role_may_open(self, actor_in, role, keys):
        assert {each.key for each in lists_of(actor_in(role))} == keys

    @pytest.mark.parametrize("role", [Role.SHELTER, Role.RECEPTION, Role.HEARINGS, Role.COORDINATOR])
    def test_open_for_those_to_whom_they_are_shown(self, actor_in, client_of, role):
        browser = client_of(role)
        for each in lists_of(actor_in(role)):
            assert browser.get(reverse(each.place)).status_code == 200


class TestStrip:
    def test_stands_on_the_docket_with_its_counts(self, household, client_of):
        page = client_of("hearings").get(reverse("docket:hearings")).content.decode()
        assert reverse("docket:not_reached") in page
        assert reverse("docket:zones") not in page
