"""Many reminders at once: as many questions to the database for many families as for few."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event, EventType
from cases.models import Consent, PhoneOwner
from core.actors import Actor
from journey.handlers import follow_hearings
from messaging import actions
from messaging.models import Message
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db
SWEEPER = Actor.system("messages")
DAY = datetime(2021, 12, 13, 18, 0, tzinfo=UTC)
NIGHT = datetime(2021, 12, 14, 9, 0, tzinfo=UTC)  # 02:00 in Ciudad Juárez


@pytest.fixture
def families(household, note):
    """So many more families with a phone and a hearing on the same day."""

    def make(number):
        known = Message.objects.values("subject").distinct().count()
        for each in range(number):
            family = HouseholdFactory(site=household.site, people=1)
            phone = f"+5265612{known:03d}{each:02d}"
            PersonFactory(household=family, phone=phone, phone_owner=PhoneOwner.OWN, position=2, relation="partner")
            ConsentFactory(household=family)
            note(household=family)

    return make


def queries_of(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


class TestWhatASenderTakesInHand:
    def taken(self, families, at, before=lambda: None):
        """The queries of taking two messages in hand, and eight, that are late by half a day."""
        asked = []
        for number in (2, 8):
            Message.objects.update(status="sent", sent_at=at)
            families(number)
            Message.objects.filter(status="planned").exclude(rung="days_3").update(status="withdrawn")
            Message.objects.filter(status="planned").update(due_at=at - timedelta(hours=12))
            before()
            asked.append(queries_of(lambda: self.take(at)))
        return asked

    def take(self, at):
        self.found = actions.take_due(most=20, actor=SWEEPER, at=at)

    def test_is_worded_by_as_many_queries_for_eight_as_for_two(self, families):
        few, many = self.taken(families, DAY)
        assert (len(self.found.ready), few) == (8, many)
        assert many <= 11  # four of them savepoints

    def test_is_left_out_by_as_many(self, families):
        few, many = self.taken(families, DAY, before=lambda: Consent.objects.update(withdrawn_at=DAY))
        assert (self.found.others, few) == (8, many)

    def test_is_put_off_until_the_morning_by_as_many(self, families):
        few, many = self.taken(families, NIGHT)
        assert (self.found.others, few) == (8, many)
        assert Message.objects.filter(status="planned", error_code="quiet_hours").count() == 8


class TestOneBrokenMessage:
    def test_does_not_hold_up_those_taken_with_it(self, families):
        families(4)
        Message.objects.exclude(rung="days_3").update(status="withdrawn")
        Message.objects.filter(rung="days_3").update(due_at=DAY)
        broken = Message.objects.filter(rung="days_3").first()
        Message.objects.filter(pk=broken.pk).update(params={})
        taken = actions.take_due(most=20, actor=SWEEPER, at=DAY)
        assert (len(taken.ready), taken.others) == (3, 1)
        broken.refresh_from_db()
        assert (broken.status, broken.error_code) == ("planned", "cannot_word")


class TestManyChangesOfOneDeed:
    def test_are_followed_by_as_many_queries_for_eight_as_for_two(self, families):
        asked = []
        for number in (2, 8):
            families(number)
            Message.objects.filter(rung="days_7").update(status="sent", sent_at=DAY)
            noted = Event.objects.filter(type=EventType.HEARING_NOTED).order_by("-pk")[:number]
            Message.objects.filter(status="planned").update(status="withdrawn")
            asked.append(queries_of(lambda noted=list(noted): follow_hearings(noted)))
            assert Message.objects.filter(status="planned").count() == 4 * number
        assert asked[0] == asked[1]
