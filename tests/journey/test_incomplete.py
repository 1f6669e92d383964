"""Files that still owe something: counted by the deeds, listed the longest wait first, each line leading to the form that mends it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.actions import dispatch_pending
from audit.models import Read
from cases.actions.arrivals import record_arrival
from cases.actions.consent import note_consent
from cases.actions.people import PersonEntry, correct_person
from cases.models import Consent, Household, Owed
from cases.states import Step
from core.actors import Actor
from journey.actions.owing import settle_owed
from tests.factories.cases import ConsentFactory, HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

URL = "/people/incomplete/"


@pytest.fixture(autouse=True)
def story_time(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


class TestOwing:
    @pytest.fixture
    def household(self, actor_in: Callable[..., Actor], now: datetime) -> Household:
        """Somebody of whom only the sex is known."""
        return record_arrival(
            uid=uuid.uuid4(),
            site=SiteFactory(code="JZ"),
            crossing=None,
            people=[PersonEntry(sex="F")],
            language="spa",
            occurred_at=now,
            actor=actor_in("reception"),
            at=now,
        )[0]

    def owed(self, household: Household, now: datetime) -> set[str]:
        dispatch_pending(at=now)
        household.refresh_from_db()
        return set(household.owed)

    def test_is_written_with_the_arrival_even_with_the_worker_away(self, household: Household) -> None:
        assert household.owed == [owed.value for owed in Owed if owed != Owed.SEX]

    def test_is_settled_by_each_deed_that_mends_it(
        self, household: Household, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        actor, person = actor_in("reception"), household.people.get()
        told = {"given_names": "Ana", "nationality": "HN", "phone": "6561234567", "has_no_a_number_yet": True}
        correct_person(person=person, changes=told, actor=actor, at=now)
        assert self.owed(household, now) == {Owed.BIRTH, Owed.CONSENT, Owed.HEARING}
        note_consent(
            household=household, answers={Consent.Purpose.RECEPTION: True}, language="spa", actor=actor, at=now
        )
        assert self.owed(household, now) == {Owed.BIRTH, Owed.HEARING}
        HearingFactory(household=household)
        settle_owed(household=household.uid, actor=actor, at=now)
        assert self.owed(household, now) == {Owed.BIRTH}

    def test_a_consent_that_was_refused_is_not_owed(
        self, household: Household, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        answers = {Consent.Purpose.MESSAGES: False}
        note_consent(household=household, answers=answers, language="spa", actor=actor_in("reception"), at=now)
        assert Owed.CONSENT not in self.owed(household, now)

    def test_a_household_that_is_not_there_is_left_alone(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        settle_owed(household=uuid.uuid4(), actor=actor_in("reception"), at=now)
        assert not Household.objects.exists()


class TestIncomplete:
    def incomplete(self, days: int = 0, **facts: object) -> Household:
        arrived = datetime(2021, 12, 8, 17, tzinfo=UTC) - timedelta(days=days)
        facts = {"site": SiteFactory(code="JZ"), "owed": ["a_number", "consent"], "people": 2, **facts}
        return HouseholdFactory(arrived_at=arrived, **facts)

    def test_lists_the_longest_wait_first_and_records_who_was_shown(self, client_of: Callable[..., Client]) -> None:
        new, old = self.incomplete(), self.incomplete(days=3)
        HouseholdFactory(site=new.site, people=1)
        page = client_of("reception").get(URL).content.decode()
        assert page.index(old.code) < page.index(new.code)
        assert set(Read.objects.get(page="incomplete").households) == {old.uid, new.uid}

    def test_is_longer_than_the_board_which_says_that_it_counts_its_own(self, client_of: Callable[..., Client]) -> None:
        for step in (Step.RECEIVED, Step.SUMMONED, Step.SUMMONED):
            self.incomplete(step=step)
        client = client_of("reception")
        User.objects.update(language="en")
        assert "1 on this board" in client.get("/reception/").content.decode()
        assert client.get(URL).content.decode().count('<th scope="row">') == 3

    def test_leads_to_the_form_that_mends(self, client_of: Callable[..., Client]) -> None:
        household = self.incomplete(owed=[owed.value for owed in Owed])
        page = client_of("reception").get(URL).content.decode()
        person = household.people.first()
        assert person is not None
        for address in (f"people/{person.uid}/", "consent/", "hearings/new/"):
            assert f'href="/households/{household.uid}/{address}"' in page

    def test_shows_who_may_not_mend_no_way_to(self, client_of: Callable[..., Client]) -> None:
        household = self.incomplete()
        page = client_of("hearings").get(URL).content.decode()
        assert household.code in page
        assert "consent/" not in page

    def test_narrows_to_one_thing(self, client_of: Callable[..., Client]) -> None:
        number, phone = self.incomplete(owed=["a_number"]), self.incomplete(owed=["phone"])
        page = client_of("reception").get(f"{URL}?owed=phone").content.decode()
        assert phone.code in page
        assert number.code not in page

    @pytest.mark.parametrize("facts", [{"step": Step.LEFT}, {"step": Step.RELIEF}, {"owed": []}])
    def test_leaves_out_who_is_gone_or_owes_nothing(
        self, client_of: Callable[..., Client], facts: dict[str, object]
    ) -> None:
        household = self.incomplete(**facts)
        assert household.code not in client_of("reception").get(URL).content.decode()

    def test_shows_nobody_of_another_site(self, client_of: Callable[..., Client]) -> None:
        household = self.incomplete()
        assert household.code not in client_of("reception", "TJ").get(URL).content.decode()

    def test_costs_the_same_on_every_page(
        self, client_of: Callable[..., Client], django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for days in range(60):
            self.incomplete(days=days)
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            first = client.get(URL).content.decode()
        after = first.split("?after=")[1].split('"')[0]
        with django_assert_max_num_queries(10):
            second = client.get(f"{URL}?after={after}").content.decode()
        assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 10)

    def test_is_found_by_its_own_index(self) -> None:
        visible = Household.objects.incomplete().order_by("arrived_at", "pk")[:51]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            plan = visible.explain()
        assert "cases_household_incomplete" in plan

    def test_the_file_itself_says_what_is_still_to_ask(self, client_of: Callable[..., Client]) -> None:
        household = self.incomplete()
        ConsentFactory(household=household)
        page = client_of("reception").get(f"/households/{household.uid}/").content.decode()
        owed = page.split('id="owed"')[1].split("</section>")[0]
        assert "consent/" not in owed
        assert "hearings/new/" not in owed  # the stored list says that there was one, and it is over
        assert f"people/{household.people.first().uid}/" in owed
