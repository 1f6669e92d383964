"""What changes while a reminder is in the hand of a sender, and before anything has followed from it."""

from datetime import UTC, date, datetime

import pytest

from cases.actions.people import correct_person
from core.actors import Actor
from hearings.actions import change_hearing
from hearings.models import Hearing
from messaging import actions
from messaging.models import Message

SWEEPER = Actor.system("messages")
AT = datetime(2021, 12, 9, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_hand(note):
    """A reminder of the hearing, worded and not handed over yet."""
    note()
    Message.objects.filter(rung="days_7").update(due_at=AT)
    ((message, draft),) = actions.take_due(most=5, actor=SWEEPER, at=AT).ready
    return message, draft


def is_handed_over(in_hand):
    message, draft = in_hand
    return actions.hand_over(message=message, draft=draft, claim_seconds=60, actor=SWEEPER, at=AT)


class TestReminderInHand:
    def test_goes_as_it_was_worded(self, in_hand):
        assert is_handed_over(in_hand)

    def test_never_tells_a_date_that_has_changed(self, in_hand, officer):
        hearing = Hearing.objects.get()
        new = {"source": "notice", "said_on": date(2021, 12, 9), "court_on": date(2022, 1, 20)}
        change_hearing(hearing=hearing, **new, actor=officer, at=AT)
        assert not is_handed_over(in_hand)

    def test_goes_to_the_phone_that_they_have_now(self, in_hand, household, officer):
        person = household.people.get()
        correct_person(person=person, changes={"phone": "+526561239999"}, actor=officer, at=AT)
        assert not is_handed_over(in_hand)
        ((_message, draft),) = actions.take_due(most=5, actor=SWEEPER, at=AT + actions.WORDS_HOLD).ready
        assert draft.address == "+526561239999"
