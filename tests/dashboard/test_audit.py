"""The page of every deed and every read."""

import re
import uuid
from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.actions import record_read
from audit.models import Event, EventType
from cases.states import Step
from core.actors import Actor
from dashboard import log, words
from tests.architecture import guards
from tests.factories.audit import EventFactory, ReadFactory
from tests.factories.cases import HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db

OVERSEER = Actor.system("test")


def all_lines(**options):
    """Every line of every page, as a reader who follows "Older" meets them."""
    lines, cursor = [], ""
    while True:
        page = log.page_of(actor=OVERSEER, cursor=cursor, **options)
        assert len(page.lines) <= log.PAGE_SIZE
        lines += page.lines
        cursor = page.next_cursor
        if not cursor:
            return lines


class TestTheLog:
    def test_holds_deeds_and_reads_newest_first(self, now):
        for minute in range(4):
            ReadFactory(at=now + timedelta(minutes=2 * minute))
            EventFactory(recorded_at=now + timedelta(minutes=2 * minute + 1))
        lines = all_lines()
        assert [line.kind for line in lines] == ["deed", "read"] * 4
        assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)

    def test_loses_and_repeats_nothing_when_all_have_the_same_moment(self, now):
        for _ in range(70):
            EventFactory(recorded_at=now)
            ReadFactory(at=now)
        assert len(all_lines()) == 140
        assert [line.kind for line in all_lines()] == ["read"] * 70 + ["deed"] * 70

    def test_of_a_household_holds_what_concerns_it_and_nothing_else(self, now):
        household = uuid.uuid4()
        EventFactory(household=household, recorded_at=now)
        ReadFactory(households=[uuid.uuid4(), household], at=now)
        EventFactory(recorded_at=now)
        ReadFactory(at=now)
        assert len(all_lines(household=household)) == 2

    def test_takes_an_unreadable_cursor_as_the_first_page(self, now):
        EventFactory(recorded_at=now)
        for cursor in ("x", "AAAA", "w7HDsQ", "%%%"):
            assert len(log.page_of(actor=OVERSEER, cursor=cursor).lines) == 1

    def test_costs_three_queries_wherever_one_is(self, now, django_assert_num_queries):
        for minute in range(120):
            EventFactory(recorded_at=now + timedelta(minutes=minute), household=HouseholdFactory().uid)
        first = log.page_of(actor=OVERSEER)
        with django_assert_num_queries(3):
            log.page_of(actor=OVERSEER, cursor=first.next_cursor)

    def test_keeps_the_code_of_an_event_that_this_version_does_not_know(self, now):
        EventFactory(type="from.the.future", recorded_at=now)
        assert all_lines()[0].what == "from.the.future"


class TestWhoReadsTheLog:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.DPO])
    def test_others_find_no_such_page(self, client_of, role):
        assert client_of(role).get("/audit/").status_code == 404

    def test_a_site_bound_overseer_reads_the_deeds_of_that_site_alone(self, now, actor_in):
        here = actor_in(Role.DPO, "JZ")
        EventFactory(site_id=next(iter(here.site_ids)), recorded_at=now)
        EventFactory(site_id=987654, recorded_at=now)
        ReadFactory(at=now)
        assert len(log.page_of(actor=here).lines) == 1


class TestAuditPage:
    def test_names_people_of_staff_and_codes_of_households(self, client_of, now):
        household = HouseholdFactory()
        person = PersonFactory(household=household)
        EventFactory(
            household=household.uid, recorded_at=now, type=EventType.STEP_TAKEN, facts={"step": "tested", "people": 2}
        )
        record_read(actor=OVERSEER, at=now, households=[household.uid], page="household")
        page = client_of(Role.DPO).get("/audit/").content.decode()
        assert "Maribel Ontiveros" in page
        assert household.code in page
        assert f"/audit/households/{household.uid}/" in page
        assert person.given_names not in page
        assert person.surnames not in page

    def test_says_the_moment_of_recording_and_of_happening(self, client_of, now):
        EventFactory(occurred_at=now - timedelta(days=1), recorded_at=now)
        page = client_of(Role.DPO).get("/audit/").content.decode()
        assert "18:00:00" in page
        assert re.search(r"7 \w+\.? 2021, 18:00", page, re.IGNORECASE)

    def test_says_what_will_stand_there_while_it_is_empty(self, client_of):
        assert client_of(Role.DPO).get("/audit/").status_code == 200

    def test_leads_on_to_older_lines(self, client_of, now):
        for _ in range(60):
            EventFactory(recorded_at=now)
        browser = client_of(Role.DPO)
        older = re.search(r'href="(\?after=[^"]+)"', browser.get("/audit/").content.decode())[1]
        assert browser.get(f"/audit/{older}").content.decode().count("<tr>") == 11  # ten lines and the heading

    def test_costs_few_queries(self, client_of, now, django_assert_max_num_queries):
        for _ in range(60):
            EventFactory(recorded_at=now, household=HouseholdFactory().uid)
        browser = client_of(Role.DPO)
        with django_assert_max_num_queries(8):
            browser.get("/audit/")


class TestHouseholdAuditPage:
    def test_lists_what_was_done_and_who_looked(self, client_of, now):
        household = HouseholdFactory()
        EventFactory(household=household.uid, recorded_at=now)
        ReadFactory(households=[household.uid], at=now, actor_name="Tomás Urrutia")
        page = client_of(Role.DPO).get(f"/audit/households/{household.uid}/").content.decode()
        assert household.code in page
        assert "Maribel Ontiveros" in page
        assert "Tomás Urrutia" in page

    def test_of_nobody_is_missing(self, client_of):
        assert client_of(Role.DPO).get(f"/audit/households/{uuid.uuid4()}/").status_code == 404

    def test_is_missing_for_those_who_do_not_oversee(self, client_of):
        household = HouseholdFactory()
        assert client_of(Role.COORDINATOR).get(f"/audit/households/{household.uid}/").status_code == 404

    def test_is_itself_no_read_of_people(self, client_of):
        household = HouseholdFactory()
        client_of(Role.DPO).get(f"/audit/households/{household.uid}/")
        assert not Event.objects.filter(household=household.uid).exists()


class TestWordsOfFacts:
    def test_say_the_step_but_not_that_somebody_is_isolated(self):
        assert words.of_facts({"step": Step.DOCUMENTED.value, "people": 1})
        assert words.of_facts({"step": Step.ISOLATED.value}) == ""


class TestWordsOfPages:
    def test_exist_for_every_page_that_records_reads(self):
        recorded = {page for path in guards.sources() for page in guards.pages_recorded_in(path.read_text())}
        assert recorded == set(words.PAGES)
