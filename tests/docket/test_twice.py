"""A double tap sends the same form twice: what it makes is there once, and the second answer looks like the first."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event, EventType
from hearings.models import CheckBatch, Claim, EvidencePacket, FollowUp, LegalListGiven, Outcome, Postponement, Trip
from tests.factories.accounts import MembershipFactory
from tests.factories.cases import HouseholdFactory
from tests.factories.checks import LegalProviderFactory
from tests.factories.hearings import ClaimFactory, HearingFactory, SummonsFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing(now):
    """A family with an A-number and a date a week ahead; the clock stands where the story begins."""
    household = HouseholdFactory(site=SiteFactory(code="JZ"), people=2)
    household.people.filter(relation="head").update(a_number="012345678")
    noted = HearingFactory(household=household)
    ClaimFactory(hearing=noted)
    for person in household.people.all():
        SummonsFactory(hearing=noted, person=person)
    with time_machine.travel(now, tick=False):
        yield noted


@pytest.fixture
def twice(client_of):
    """Send the same form twice; both answers lead to the same place."""

    def send(address, sent):
        browser = client_of("hearings", "JZ")
        first, second = browser.post(address, sent), browser.post(address, sent)
        assert first.status_code == second.status_code in (200, 302), second.content.decode()
        assert first.get("Location") == second.get("Location")

    return send


class TestADoubleTap:
    def test_gives_one_list_of_free_legal_help(self, hearing, twice):
        line = LegalProviderFactory(city=hearing.household.site.city)
        sent = {"uid": uuid4(), "city": line.city.pk, "language": "spa"}
        twice(reverse("docket:give_legal_help", args=[hearing.household.uid]), sent)
        assert LegalListGiven.objects.count() == 1
        assert Event.objects.filter(type=EventType.LEGAL_LIST_GIVEN).count() == 1

    def test_makes_one_postponement(self, hearing, twice, now):
        sent = {"uid": uuid4(), "announced_on": "2021-12-08", "reason": "Aviso", "before_on": "2022-01-01"}
        sent |= {"unit": "weeks", "count": "2", "base": "papers"}
        twice(reverse("docket:new_postponement"), sent)
        assert Postponement.objects.count() == 1

    def test_hands_out_one_list(self, hearing, twice):
        caller = MembershipFactory(site=hearing.household.site, role="caller").user
        sent = {"uid": uuid4(), "site": "JZ", "caller": caller.pk, "count": "10", "hours": "4"}
        twice(reverse("docket:hand_out"), sent)
        assert CheckBatch.objects.get().calls.count() == 1

    def test_makes_one_packet_of_evidence(self, hearing, twice):
        sent = {"uid": uuid4(), "purpose": "reopen", "reason": "Heard of no date", "language": "en", "paper": "a4"}
        address = reverse("docket:evidence", args=[hearing.household.uid, hearing.uid])
        twice(address, sent)
        assert EvidencePacket.objects.count() == 1
        twice(address, sent | {"reason": "Another one"})
        assert EvidencePacket.objects.count() == 2

    def test_notes_one_way_to_the_bridge(self, hearing, twice):
        address = reverse("journey:trip", args=[hearing.household.uid, hearing.uid])
        twice(address, {"means": "agency", "vehicle": "white van 2", "seats": "2"})
        assert Trip.objects.count() == 1

    def test_adds_one_word_of_another_source(self, hearing, twice):
        address = reverse("journey:change_hearing", args=[hearing.household.uid, hearing.uid])
        twice(address, {"source": "notice", "said_on": "2021-12-08", "court_time": "1 pm", "judge": "Ortega"})
        assert set(Claim.objects.filter(source="notice").values_list("fact", flat=True)) == {"court_time", "judge"}
        assert Claim.objects.filter(source="notice").count() == 2
        hearing.refresh_from_db()
        assert (hearing.court_time.hour, hearing.version) == (13, 2)

    def test_notes_an_outcome_once_and_corrects_nothing(self, hearing, twice):
        with time_machine.travel(hearing.court_at + timedelta(hours=3), tick=False):
            address = reverse("docket:outcome", args=[hearing.household.uid, hearing.uid])
            sent = {"result": "reset", "decided_on": str(hearing.court_on), "said_by": "sheet", "note": ""}
            twice(address, sent)
            assert Outcome.objects.count() == 2  # of two people
            twice(address, sent | {"result": "relief"})
        assert Outcome.objects.count() == 4
        assert Event.objects.filter(type=EventType.OUTCOME_CORRECTED).count() == 1

    def test_loses_contact_once(self, hearing, twice):
        with time_machine.travel(hearing.court_at + timedelta(hours=3), tick=False):
            twice(reverse("docket:lost", args=[hearing.uid]), {})
        assert Outcome.objects.count() == 2


class TestAReusedId:
    def test_of_another_familys_call_is_refused(self, hearing, client_of):
        other = HearingFactory(household=HouseholdFactory(site=hearing.household.site, people=1))
        sent = {"uid": uuid4(), "contact": "phone", "answer": "no_answer"}
        with time_machine.travel(hearing.court_at + timedelta(hours=3), tick=False):
            browser = client_of("hearings", "JZ")
            for each in (hearing, other):
                answer = browser.post(reverse("docket:asked", args=[each.uid]), sent, follow=True)
                assert answer.status_code == 200
        assert "Esto ya estaba anotado." in answer.content.decode()
        assert FollowUp.objects.get().hearing == hearing


class TestACallThatNobodyMade:
    @pytest.mark.parametrize("call", ["x", "5f0ff7ee-9a37-4a9b-a0c5-6a1cf7f0a111", "'; --"])
    def test_settles_nothing(self, hearing, client_of, call):
        answer = client_of("hearings", "JZ").post(reverse("docket:settle_calls", args=[hearing.uid]), {"call": call})
        assert answer.status_code == 404
        assert not Event.objects.filter(type=EventType.CALLS_SETTLED).exists()
