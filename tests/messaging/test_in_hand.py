"""Messages taken by a sender and worded, and not handed over yet."""

import uuid
from datetime import timedelta

import pytest

from audit.actions import record
from audit.models import Event, EventType
from messaging import actions
from messaging.models import Message, Number
from messaging.ways import token_of
from tests.factories.messaging import MessageFactory
from tests.faults.gateways import handed_over

pytestmark = pytest.mark.django_db
Status = Message.Status


class TestInHand:
    def take(self, sweeper, clock):
        ((message, draft),) = actions.take_due(most=5, actor=sweeper, at=clock()).ready
        return {"message": message, "draft": draft, "claim_seconds": 60, "actor": sweeper}

    def test_is_taken_by_nobody_else_while_its_words_hold(self, keyed, message, sweeper, clock):
        self.take(sweeper, clock)
        assert not actions.take_due(most=5, actor=sweeper, at=clock())

    def test_may_still_be_withdrawn_and_is_not_handed_over_then(self, keyed, message, sweeper, clock):
        held = self.take(sweeper, clock)
        assert actions.withdraw(messages=Message.objects.about(message.subject), actor=sweeper, at=clock()) == 1
        assert not actions.hand_over(**held, at=clock())
        message.refresh_from_db()
        assert (message.status, message.body) == (Status.WITHDRAWN, "")

    @pytest.mark.parametrize("told", ["stopped_at", "wrong_at"])
    def test_is_not_handed_over_to_a_number_that_asked_for_silence_meanwhile(
        self, keyed, message, run, sweeper, clock, told
    ):
        held = self.take(sweeper, clock)
        number = Number.objects.create(token=token_of("sms", held["draft"].address), **{told: clock()})
        assert not actions.hand_over(**held, at=clock())
        clock.moment += actions.WORDS_HOLD
        run()
        assert handed_over() == []
        number.delete()
        again = MessageFactory(purpose="test", due_at=message.due_at)
        run()
        assert handed_over() == [again.uid]

    def test_is_worded_anew_when_something_happened_to_its_household(self, keyed, message, run, sweeper, clock, words):
        held = self.take(sweeper, clock)
        record(EventType.PERSON_CORRECTED, subject=message, actor=sweeper, at=clock(), household=message.subject)
        words["draft"] = actions.Draft(channel="sms", address="+526561230009", language="spa", body="Otra cosa.")
        assert not actions.hand_over(**held, at=clock())
        clock.moment += actions.WORDS_HOLD
        assert run() == 1
        message.refresh_from_db()
        assert (message.status, message.address, message.body) == (Status.SENT, "+526561230009", "Otra cosa.")

    @pytest.mark.parametrize("event", [EventType.MESSAGE_SENT, EventType.MESSAGES_PLANNED])
    def test_is_handed_over_though_another_message_to_its_household_went(self, keyed, message, sweeper, clock, event):
        held = self.take(sweeper, clock)
        record(event, subject=message, actor=sweeper, at=clock(), household=message.subject)
        record(EventType.PERSON_CORRECTED, subject=message, actor=sweeper, at=clock(), household=uuid.uuid4())
        assert actions.hand_over(**held, at=clock())

    def test_is_not_handed_over_once_it_was_put_to_a_later_moment(self, keyed, message, sweeper, clock):
        held = self.take(sweeper, clock)
        Message.objects.update(due_at=clock() + timedelta(hours=1))
        assert not actions.hand_over(**held, at=clock())

    def test_is_worded_anew_by_whoever_comes_first_when_its_words_hold_no_more(
        self, keyed, message, sweeper, clock, words
    ):
        held = self.take(sweeper, clock)
        clock.moment += actions.WORDS_HOLD
        assert not actions.hand_over(**held, at=clock())
        words["draft"] = actions.Draft(channel="sms", address="+526561230000", language="spa", body="Otra cosa.")
        again = self.take(sweeper, clock)
        assert not actions.hand_over(**held, at=clock())
        assert actions.hand_over(**again, at=clock())
        message.refresh_from_db()
        assert (message.status, message.body) == (Status.CLAIMED, "Otra cosa.")

    def test_leaves_nothing_in_doubt_when_its_sender_dies(self, forgetful, run, sweeper, clock, now):
        messages = [MessageFactory(purpose="test", due_at=now - timedelta(minutes=1)) for _ in range(3)]
        first, *_ = actions.take_due(most=3, actor=sweeper, at=clock()).ready
        assert actions.hand_over(message=first[0], draft=first[1], claim_seconds=60, actor=sweeper, at=clock())
        clock.pass_(seconds=61)
        run()
        assert set(handed_over()) == {message.uid for message in messages}
        twice = Message.objects.filter(status=Status.SENT, may_have_arrived_twice=True)
        assert [message.pk for message in twice] == [first[0].pk]
        assert Event.objects.filter(type=EventType.MESSAGE_UNCERTAIN).count() == 1
