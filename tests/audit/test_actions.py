"""Recording deeds and reads, and handing deeds to those who want to hear of them."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import handling
from audit.actions import dispatch_pending, nudge_after_commit, record, record_read
from audit.models import Event, EventType, Read
from core.actors import Actor
from tests.factories.audit import EventFactory
from tests.factories.cases import HouseholdFactory

ACTOR = Actor.system("test")


@pytest.fixture
def heard(monkeypatch):
    """The keys of the events that a handler of placed families heard."""
    found = []
    monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, [lambda event: found.append(event.pk)])
    return found


class Together(list):
    """What a handler of many placed families heard at a time; it breaks on `bad`."""

    bad = None

    def __call__(self, events):
        keys = [event.pk for event in events]
        if self.bad in keys:
            raise ValueError("broken")
        self.append(keys)


@pytest.fixture
def together(monkeypatch):
    found = Together()
    monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, [])
    monkeypatch.setitem(handling._many, EventType.STAY_BEGUN, [found])
    return found


def placed(**facts):
    return EventFactory(type=EventType.STAY_BEGUN, **facts)


@pytest.mark.django_db
class TestRecord:
    def test_keeps_who_what_and_both_moments(self, now):
        household = HouseholdFactory()
        event = record(
            EventType.STEP_TAKEN, subject=household, actor=ACTOR, at=now, household=household.uid, step="tested"
        )
        event.refresh_from_db()
        assert (event.type, event.subject_type, event.subject_id) == ("step.taken", "cases.household", household.pk)
        assert (event.actor_kind, event.actor_name, event.facts) == ("system", "test", {"step": "tested"})
        assert event.occurred_at == now
        assert event.recorded_at > now  # by the clock of the database

    def test_finds_the_site_of_the_subject(self, now):
        household = HouseholdFactory(people=1)
        arrival = household.arrivals.get()
        assert record(EventType.STEP_TAKEN, subject=household, actor=ACTOR, at=now).site_id == household.site_id
        assert record(EventType.ARRIVAL_RECORDED, subject=arrival, actor=ACTOR, at=now).site_id == household.site_id

    def test_is_undone_with_its_deed(self, now):
        household = HouseholdFactory()
        with transaction.atomic():
            record(EventType.STEP_TAKEN, subject=household, actor=ACTOR, at=now)
            transaction.set_rollback(True)
        assert not Event.objects.exists()

    def test_nudges_nobody_for_what_nobody_wants_to_hear(self, now, monkeypatch, django_capture_on_commit_callbacks):
        nudges = []
        monkeypatch.setattr("audit.actions._nudges", [lambda: nudges.append(1)])
        with django_capture_on_commit_callbacks(execute=True):
            record(EventType.MESSAGE_SENT, subject=HouseholdFactory(), actor=ACTOR, at=now)
        assert not nudges

    def test_nudges_once_after_the_commit_however_many_events(
        self, now, monkeypatch, django_capture_on_commit_callbacks
    ):
        nudges = []
        monkeypatch.setattr("audit.actions._nudges", [])
        nudge_after_commit(lambda: nudges.append(1))
        household = HouseholdFactory()
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(3):
                record(EventType.STEP_TAKEN, subject=household, actor=ACTOR, at=now)
            assert not nudges
        assert nudges == [1]


@pytest.mark.django_db
class TestRecordRead:
    def test_is_one_row_a_page(self, now):
        seen = [uuid.uuid4() for _ in range(3)]
        record_read(actor=ACTOR, at=now, households=[*seen, seen[0]], page="reception")
        assert sorted(Read.objects.get().households) == sorted(seen)

    def test_of_nobody_is_none(self, now):
        record_read(actor=ACTOR, at=now, households=[], page="reception")
        assert not Read.objects.exists()

    def test_is_found_by_household(self, now):
        first, second = uuid.uuid4(), uuid.uuid4()
        record_read(actor=ACTOR, at=now, households=[first, second], page="reception")
        record_read(actor=ACTOR, at=now, households=[second], page="household")
        assert Read.objects.of_household(first).count() == 1
        assert Read.objects.of_household(second).count() == 2


@pytest.mark.django_db
class TestDispatchPending:
    def test_hands_events_on_oldest_first_and_once(self, now, heard):
        keys = [placed().pk for _ in range(3)]
        assert dispatch_pending(at=now) == 3
        assert dispatch_pending(at=now) == 0
        assert heard == keys

    def test_marks_what_nobody_wants_to_hear_of(self, now, heard):
        event = EventFactory(type=EventType.PLACES_LOADED)
        dispatch_pending(at=now)
        event.refresh_from_db()
        assert event.dispatched_at == now

    def test_stops_at_its_limit(self, now, heard):
        for _ in range(5):
            placed()
        assert dispatch_pending(at=now, limit=2) == 2
        assert Event.objects.waiting().count() == 3

    def test_undoes_the_consequences_of_a_handler_that_fails_and_goes_on(self, now, monkeypatch):
        bad, good = placed(), placed()

        def handler(event):
            HouseholdFactory(prefix="XX")
            if event.pk == bad.pk:
                raise ValueError("broken")

        monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, [handler])
        assert dispatch_pending(at=now) == 1
        bad.refresh_from_db()
        good.refresh_from_db()
        assert (bad.dispatched_at, good.dispatched_at) == (None, now)
        assert type(HouseholdFactory.create()).objects.filter(prefix="XX").count() == 1

    def test_tells_at_once_what_one_deed_did_to_many(self, now, together):
        deed = [placed(occurred_at=now, subject_id=number).pk for number in range(3)]
        later = placed(occurred_at=now + timedelta(minutes=1)).pk
        assert dispatch_pending(at=now) == 4
        assert together == [deed, [later]]

    def test_tells_what_is_about_the_same_thing_one_after_the_other(self, now, together):
        first, again = (placed(occurred_at=now, subject_id=7).pk for _ in range(2))
        dispatch_pending(at=now)
        assert together == [[first], [again]]

    def test_keeps_the_order_of_what_stands_between(self, now, together):
        first = placed(occurred_at=now, subject_id=1).pk
        between = EventFactory(type=EventType.STEP_TAKEN, occurred_at=now)
        last = placed(occurred_at=now, subject_id=2).pk
        dispatch_pending(at=now)
        assert together == [[first], [last]]
        assert not Event.objects.filter(pk=between.pk).waiting()

    def test_finds_the_one_of_many_that_breaks_and_goes_on(self, now, together):
        first, bad, last = (placed(occurred_at=now, subject_id=number) for number in range(3))
        together.bad = bad.pk
        assert dispatch_pending(at=now) == 2
        assert together == [[first.pk], [last.pk]]
        assert [event.pk for event in Event.objects.waiting()] == [bad.pk]

    def test_takes_as_many_queries_for_many_as_for_two(self, now, together):
        asked = []
        for number in (2, 30):
            for each in range(number):
                placed(occurred_at=now, subject_id=each)
            with CaptureQueriesContext(connection) as queries:
                assert dispatch_pending(at=now) == number
            asked.append(len(queries))
        assert asked[0] == asked[1] < 20

    def test_tries_a_failed_event_again(self, now, monkeypatch, heard):
        event = placed()
        hears = list(handling._handlers[EventType.STAY_BEGUN])
        monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, [lambda event: 1 / 0])
        assert dispatch_pending(at=now) == 0
        monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, hears)
        assert dispatch_pending(at=now + timedelta(minutes=1)) == 1
        assert heard == [event.pk]


@pytest.mark.django_db(transaction=True)
class TestDispatchersSideBySide:
    def test_handle_each_event_once(self, now, heard):
        keys = [placed().pk for _ in range(40)]
        start = threading.Barrier(4)

        def dispatcher():
            try:
                start.wait()
                while dispatch_pending(at=now, limit=5):
                    pass
            finally:
                connection.close()

        threads = [threading.Thread(target=dispatcher) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(heard) == keys
