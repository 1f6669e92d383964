import uuid
from datetime import timedelta

import pytest

from audit.models import Event, EventType
from messaging import actions
from messaging.composing import Later
from messaging.health import is_late, sweep_age
from messaging.models import Message
from messaging.patience import pause_of
from messaging.sweeping import sweep
from tests.factories.messaging import HeartbeatFactory, MessageFactory
from tests.faults.gateways import handed_over, taken

pytestmark = pytest.mark.django_db
Status = Message.Status


def claimed_and_lost(message, sweeper, at):
    """What a killed sender leaves behind."""
    ((taken, draft),) = actions.take_due(most=1, actor=sweeper, at=at).ready
    assert actions.hand_over(message=taken, draft=draft, claim_seconds=60, actor=sweeper, at=at)
    return taken


class TestSweep:
    def test_sends_what_is_due_and_keeps_what_was_said(self, keyed, message, run, now):
        assert run() == 1
        message.refresh_from_db()
        assert (message.status, message.sent_at, message.attempts) == (Status.SENT, now, 1)
        assert (message.body, message.address, message.gateway) == ("Lleve sus papeles.", "+526561230000", "keyed")
        assert message.gateway_ref == f"ref-{message.uid}"
        assert taken() == {message.uid}

    def test_records_that_the_household_was_told(self, keyed, message, run):
        run()
        event = Event.objects.get(type=EventType.MESSAGE_SENT)
        assert (event.household, event.facts["channel"]) == (message.subject, "sms")

    def test_keeps_words_and_number_out_of_the_log_of_events(self, keyed, message, run):
        run()
        assert not any("papeles" in str(event.facts) or "656123" in str(event.facts) for event in Event.objects.all())

    def test_leaves_what_is_not_due_yet(self, keyed, now, run):
        MessageFactory(purpose="test", due_at=now + timedelta(minutes=1))
        assert run() == 0

    def test_sends_the_longest_due_first(self, keyed, now, run):
        late, early = (MessageFactory(purpose="test", due_at=now - timedelta(minutes=m)) for m in (5, 9))
        run()
        assert handed_over() == [early.uid, late.uid]

    def test_catches_up_after_days_without_a_sweep_but_not_with_what_is_past(self, keyed, now, run):
        still = MessageFactory(purpose="test", due_at=now - timedelta(days=2), expires_at=now + timedelta(hours=1))
        past = MessageFactory(purpose="test", due_at=now - timedelta(days=2), expires_at=now)
        run()
        assert taken() == {still.uid}
        past.refresh_from_db()
        assert (past.status, past.error_code) == (Status.SKIPPED, "expired")

    def test_leaves_out_what_the_composer_withholds(self, keyed, message, run, words, skip):
        words["draft"] = skip
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.SKIPPED, "superseded")
        assert not handed_over()

    def test_puts_off_what_is_not_to_go_yet_and_counts_no_try(self, keyed, message, run, words, clock):
        words["draft"] = Later(clock() + timedelta(hours=9), "quiet_hours")
        assert run() == 1
        message.refresh_from_db()
        assert (message.status, message.error_code, message.attempts) == (Status.PLANNED, "quiet_hours", 0)
        words["draft"] = actions.Draft(channel="sms", address="+526561230000", language="spa", body="Hola.")
        assert run() == 0
        clock.pass_(hours=9)
        assert run() == 1
        assert taken() == {message.uid}

    def test_never_sends_words_that_give_the_reader_away(self, keyed, message, run, words):
        words["draft"] = actions.Draft(channel="sms", address="+52656", language="spa", body="Vaya a la corte")
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.FAILED, "gives_away")
        assert not handed_over()

    def test_goes_on_when_one_message_cannot_be_worded(self, keyed, message, run, words, now):
        words["draft"] = ValueError("boom")
        run()
        message.refresh_from_db()
        assert (message.status, message.next_try_at) == (Status.PLANNED, now + pause_of(message))

    def test_waits_where_no_gateway_carries_the_channel(self, settings, message, run):
        settings.MESSAGE_GATEWAYS = ["smtp"]
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.PLANNED, "no_gateway")

    def test_beats_even_when_nothing_was_due(self, keyed, run, clock, now):
        run()
        clock.pass_(seconds=20)
        assert sweep_age(clock()) == timedelta(seconds=20)


class TestTemporaryFailure:
    def test_tries_again_with_growing_pauses(self, keyed, message, run, clock):
        (keyed / "busy").touch()
        pauses = []
        for _ in range(3):
            run()
            message.refresh_from_db()
            pauses.append(message.next_try_at - clock())
            clock.moment = message.next_try_at
        for step, pause in zip(actions.PAUSES[:3], pauses, strict=True):
            assert step <= pause <= step * 1.25
        (keyed / "busy").unlink()
        run()
        message.refresh_from_db()
        assert (message.status, message.attempts) == (Status.SENT, 4)
        assert len(set(handed_over())) == 1

    def test_brings_each_back_at_a_moment_of_its_own_and_always_at_the_same(self):
        uid = uuid.uuid4()
        assert pause_of(Message(uid=uid, attempts=2)) == pause_of(Message(uid=uid, attempts=2))
        spread = {pause_of(Message(uid=uuid.uuid4(), attempts=5)) for _ in range(200)}
        assert len(spread) > 80
        assert max(spread) - min(spread) > actions.PAUSES[4] / 6

    def test_does_not_try_before_its_pause_is_over(self, keyed, message, run, clock):
        (keyed / "busy").touch()
        run()
        clock.pass_(seconds=30)
        assert run() == 0

    def test_becomes_a_call_for_a_person_after_the_last_pause(self, keyed, message, run, clock):
        (keyed / "busy").touch()
        for _ in range(len(actions.PAUSES) + 1):
            run()
            message.refresh_from_db()
            clock.moment = message.next_try_at or clock.moment
        assert (message.status, message.error_code) == (Status.FAILED, "busy")

    def test_gives_up_at_once_when_the_next_try_would_be_too_late(self, keyed, now, run):
        message = MessageFactory(purpose="test", due_at=now, expires_at=now + timedelta(seconds=30))
        (keyed / "busy").touch()
        run()
        message.refresh_from_db()
        assert message.status == Status.FAILED


class TestPermanentFailure:
    def test_fails_at_once_and_is_recorded(self, keyed, message, run):
        (keyed / "refuse").touch()
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code, message.attempts) == (Status.FAILED, "no_such_number", 1)
        assert Event.objects.filter(type=EventType.MESSAGE_FAILED, household=message.subject).exists()


class TestAbandonedClaim:
    def test_is_left_alone_while_it_holds(self, keyed, message, run, sweeper, clock):
        claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=59)
        assert run() == 0

    def test_is_settled_as_sent_where_the_gateway_had_it(self, keyed, message, run, sweeper, clock):
        claimed_and_lost(message, sweeper, clock())
        (keyed / "taken").mkdir()
        (keyed / "taken" / str(message.uid)).touch()
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.may_have_arrived_twice) == (Status.SENT, False)
        assert not handed_over()
        assert Event.objects.filter(type=EventType.MESSAGE_UNCERTAIN).exists()

    def test_is_sent_with_the_same_id_where_the_gateway_never_had_it(self, keyed, message, run, sweeper, clock):
        claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.may_have_arrived_twice) == (Status.SENT, False)
        assert handed_over() == [message.uid]

    def test_is_sent_once_more_and_shown_as_such_where_nobody_knows(self, forgetful, message, run, sweeper, clock):
        claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.may_have_arrived_twice) == (Status.SENT, True)
        assert handed_over() == [message.uid]
        assert message.pill.tone == "warn"

    def test_becomes_a_call_when_it_is_lost_twice_and_nobody_knows(self, forgetful, message, run, sweeper, clock):
        claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=61)
        actions.recover_expired_claims(actor=sweeper, at=clock())
        held = actions.claim_uncertain(claim_seconds=60, actor=sweeper, at=clock())
        assert actions.claim_resend(message=held, gateway_knows=False, actor=sweeper, at=clock())
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.FAILED, "uncertain_twice")

    def test_is_not_sent_again_once_it_is_of_no_use(self, forgetful, run, sweeper, clock, now):
        message = MessageFactory(purpose="test", due_at=now, expires_at=now + timedelta(seconds=90))
        claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=100)
        run()
        message.refresh_from_db()
        assert (message.status, message.error_code) == (Status.FAILED, "fate_unknown")
        assert not handed_over()

    def test_keeps_the_words_that_were_first_said(self, forgetful, message, run, sweeper, clock, words):
        claimed_and_lost(message, sweeper, clock())
        words["draft"] = actions.Draft(channel="sms", address="+520000000000", language="spa", body="Otra cosa.")
        clock.pass_(seconds=61)
        run()
        message.refresh_from_db()
        assert message.body == "Lleve sus papeles."


class TestClaim:
    def test_can_no_longer_be_settled_by_one_who_lost_it(self, keyed, message, run, sweeper, clock):
        lost = claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=61)
        run()
        late = {"message": lost, "actor": sweeper, "at": clock()}
        assert not actions.settle_sent(ref="x", **late)
        assert not actions.settle_failed(code="busy", try_again=True, **late)
        assert not actions.settle_unknown(code="broke", **late)
        assert Event.objects.filter(type=EventType.MESSAGE_SENT).count() == 1

    def test_may_still_be_settled_by_a_slow_sender_before_anyone_looked(self, keyed, message, sweeper, clock):
        slow = claimed_and_lost(message, sweeper, clock())
        clock.pass_(seconds=61)
        actions.recover_expired_claims(actor=sweeper, at=clock())
        assert actions.settle_sent(message=slow, ref="x", actor=sweeper, at=clock())


class TestPlanMessages:
    HOUSEHOLD, PERSON = uuid.UUID(int=1), uuid.UUID(int=2)
    SPAN = timedelta(days=1)

    def plan(self, now, key="hearing:1:1:", household=HOUSEHOLD, rungs=("days_7",), due_at=None):
        return actions.Plan(
            key=key,
            purpose="test",
            subject=household,
            recipient=self.PERSON,
            steps=tuple((rung, due_at or now) for rung in rungs),
            expires_at=now + self.SPAN,
            params={"hearing": "1"},
        )

    def there(self, plan, **facts):
        return MessageFactory(plan_key=plan.plan_key("days_7"), **facts)

    def test_plans_each_step_once(self, sweeper, now):
        plans = [self.plan(now, rungs=("days_7", "days_3")), self.plan(now, "hearing:2:1:")]
        assert actions.plan_messages(plans=plans, actor=sweeper, at=now) == 3
        assert actions.plan_messages(plans=plans, actor=sweeper, at=now) == 0
        rows = Message.objects.order_by("pk").values_list("plan_key", "rung", "due_at", "expires_at", "params")
        keys = [f"hearing:{key}:{self.PERSON}" for key in ("1:1:days_7", "1:1:days_3", "2:1:days_7")]
        same = (now, now + self.SPAN, {"hearing": "1"})
        assert list(rows) == [(key, key.split(":")[3], *same) for key in keys]

    def test_records_one_event_a_household(self, sweeper, now):
        plans = [self.plan(now, str(n), uuid.UUID(int=n % 2)) for n in range(6)]
        actions.plan_messages(plans=plans, actor=sweeper, at=now)
        events = Event.objects.filter(type=EventType.MESSAGES_PLANNED)
        assert [event.facts["count"] for event in events] == [3, 3]
        assert set(events.values_list("subject_id", flat=True)) < set(Message.objects.values_list("pk", flat=True))

    def test_records_what_is_new_and_what_waits_again_as_one(self, sweeper, now):
        plan = self.plan(now, rungs=("days_7", "days_3"))
        self.there(plan, status=Status.WITHDRAWN, subject=self.HOUSEHOLD, rung="days_7")
        assert actions.plan_messages(plans=[plan], actor=sweeper, at=now) == 2
        event = Event.objects.get(type=EventType.MESSAGES_PLANNED)
        assert (event.facts["count"], sorted(event.facts["rungs"])) == (2, ["days_3", "days_7"])

    def test_does_not_send_again_what_was_sent(self, sweeper, now):
        plan = self.plan(now)
        self.there(plan, status=Status.SENT, sent_at=now)
        assert actions.plan_messages(plans=[plan], actor=sweeper, at=now) == 0
        assert Message.objects.get().status == Status.SENT

    def test_has_wait_again_what_was_withdrawn(self, sweeper, now):
        plan = self.plan(now)
        self.there(plan, status=Status.WITHDRAWN)
        assert actions.plan_messages(plans=[plan], actor=sweeper, at=now) == 1
        assert Message.objects.get().status == Status.PLANNED

    def test_moves_what_waits_to_the_planned_moment(self, sweeper, now):
        later = self.plan(now, due_at=now + timedelta(hours=2))
        self.there(later)
        assert actions.plan_messages(plans=[later], actor=sweeper, at=now) == 0
        assert Message.objects.get().due_at == now + timedelta(hours=2)


class TestWithdraw:
    def test_takes_back_what_still_waits_and_nothing_else(self, keyed, message, run, sweeper, now):
        run()
        waiting = MessageFactory(purpose="test", subject=message.subject, due_at=now + timedelta(days=1))
        taken_back = actions.withdraw(messages=Message.objects.about(message.subject), actor=sweeper, at=now)
        waiting.refresh_from_db()
        message.refresh_from_db()
        assert (taken_back, waiting.status, message.status) == (1, Status.WITHDRAWN, Status.SENT)

    def test_is_not_sent_afterwards(self, keyed, message, run, sweeper, now):
        actions.withdraw(messages=Message.objects.about(message.subject), actor=sweeper, at=now)
        assert run() == 0


class TestHealth:
    def test_is_late_when_no_sweep_ever_ran(self, now):
        assert is_late(now)
        assert sweep_age(now) is None

    def test_is_late_when_the_last_sweep_is_long_past(self, now):
        HeartbeatFactory(ran_at=now - timedelta(minutes=1))
        assert not is_late(now)
        assert is_late(now + timedelta(minutes=5))


@pytest.mark.django_db(transaction=True)
class TestSendersSideBySide:
    def test_send_each_message_once(self, keyed, sweeper, clock, now):
        messages = [MessageFactory(purpose="test", due_at=now - timedelta(minutes=1)) for _ in range(24)]
        assert sweep(actor=sweeper, clock=clock, senders=6) == 24
        assert sorted(handed_over()) == sorted(message.uid for message in messages)
        assert set(Message.objects.values_list("status", flat=True)) == {Status.SENT}
