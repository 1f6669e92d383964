"""The packet of evidence about one hearing."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from audit.models import Event, EventType, Read
from cases.models import Arrival
from docket.evidence import packet_of
from hearings.actions.outcomes import Decision, note_outcome
from hearings.models import EvidencePacket
from hearings.outcome_rules import Result
from journey.families import family_of
from journey.reminders import PURPOSE
from messaging.models import Message
from shelters.models import RollCall, RollCallMark
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import ClaimFactory, HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.shelters import ShelterFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 17, 18, 0, tzinfo=UTC)


@pytest.fixture
def hearing(officer):
    household = HouseholdFactory(site_id=min(officer.site_ids), people=2)
    hearing = HearingFactory(household=household)
    ClaimFactory(hearing=hearing)
    MessageFactory(
        purpose=PURPOSE,
        subject=household.uid,
        recipient=household.people.in_order().first().uid,
        plan_key=f"hearing:{hearing.uid}:1:days_3:x",
        status=Message.Status.SENT,
        channel="sms",
        sent_at=datetime(2021, 12, 13, 17, 0, tzinfo=UTC),
        receipt=Message.Receipt.DELIVERED,
        receipt_at=datetime(2021, 12, 13, 17, 1, tzinfo=UTC),
        body="Tu cita es el jueves",
    )
    return hearing


def packet(hearing, actor):
    family = family_of(hearing.household, now=NOW, actor=actor)
    with translation.override("en"):
        return packet_of(family, hearing, actor=actor)


def roll_call(hearing):
    return RollCall.objects.create(shelter=ShelterFactory(), begun_at=hearing.present_at, begun_by="Ana")


def texts(made):
    return [line.what for section in made.sections for line in section.lines]


class TestPacketOf:
    def test_holds_what_was_said_told_and_seen_each_with_its_source_and_when_it_was_written_down(
        self, hearing, officer
    ):
        child = hearing.household.people.in_order().last()
        RollCallMark.objects.create(
            roll_call=roll_call(hearing), person=child, seen="here", marked_at=hearing.present_at, marked_by="Ana"
        )
        everybody = [Decision(result=Result.IN_ABSENTIA, people=list(hearing.household.people.all()))]
        told = {"source": "eoir", "decided_on": date(2021, 12, 16)}
        at = hearing.court_at + timedelta(hours=3)
        note_outcome(hearing=hearing, decisions=everybody, actor=officer, at=at, **told)
        made = packet(hearing, officer)
        lines = [line for section in made.sections for line in section.lines]
        assert all(line.when and line.source and line.recorded for line in lines)
        said = " ".join(texts(made))
        for words in ("08:30", "Text message", "Delivered", "Roll call", "First return", "in absentia"):
            assert words in said

    def test_never_writes_an_hour_without_its_clock(self, hearing, officer):
        for section in packet(hearing, officer).sections:
            for line in section.lines:
                for text in (line.when, line.recorded, line.what):
                    for found in re.finditer(r"\d\d:\d\d(?! *\((UTC|America))", text):
                        assert text[found.start() - 4 : found.start()] == "UTC−", text

    def test_has_the_words_of_messages_only_for_whoever_may_see_messages(self, hearing, officer, actor_in):
        assert "Tu cita" in " ".join(texts(packet(hearing, officer)))
        assert "Tu cita" not in " ".join(texts(packet(hearing, actor_in("protection"))))

    def test_holds_nothing_of_another_hearing_or_of_long_before(self, hearing, officer):
        Message.objects.update(plan_key="hearing:another:1:days_3:x")
        RollCallMark.objects.create(
            roll_call=roll_call(hearing),
            person=hearing.household.people.first(),
            seen="here",
            marked_at=hearing.present_at - timedelta(days=15),
            marked_by="Ana",
        )
        said = " ".join(texts(packet(hearing, officer)))
        assert "Text message" not in said
        assert "Roll call" not in said

    def test_its_digest_changes_with_any_fact_and_with_nothing_else(self, hearing, officer):
        before = packet(hearing, officer).digest
        assert packet(hearing, officer).digest == before
        Arrival.objects.update(occurred_at=NOW)
        assert packet(hearing, officer).digest != before


class TestPage:
    @pytest.fixture(autouse=True)
    def the_next_day(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def url(self, hearing):
        return reverse("docket:evidence", args=[hearing.household.uid, hearing.uid])

    def test_asks_for_a_reason_first(self, url, client_of):
        answer = client_of("hearings").post(url, {"purpose": "reopen", "language": "en", "paper": "us-letter"})
        assert answer.status_code == 422
        assert not EvidencePacket.objects.exists()

    def test_makes_a_file_and_keeps_that_it_left(self, hearing, url, client_of, django_assert_max_num_queries):
        browser = client_of("hearings")
        sent = {
            "purpose": "reopen",
            "reason": "Heard of no date",
            "language": "en",
            "paper": "us-letter",
            "uid": uuid4(),
        }
        browser.get(url)
        with django_assert_max_num_queries(30):
            answer = browser.post(url, sent)
        assert answer.content.startswith(b"%PDF")
        assert hearing.household.code not in answer["Content-Disposition"]
        noted = EvidencePacket.objects.get()
        assert (noted.reason, len(noted.digest), noted.purpose) == ("Heard of no date", 64, "reopen")
        event = Event.objects.get(type=EventType.EVIDENCE_EXPORTED)
        assert event.facts["digest"] == noted.digest
        assert "Heard" not in str(event.facts)
        assert Read.objects.filter(page="evidence.print", households=[hearing.household.uid]).exists()

    def test_is_missing_for_reception(self, url, client_of):
        assert client_of("reception").get(url).status_code == 404
