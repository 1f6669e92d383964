"""The worker's door to the outbox."""

import pytest

from audit import handling, tasks
from audit.models import Event, EventType

pytestmark = pytest.mark.django_db


class TestDispatchEvents:
    def test_goes_on_until_nothing_waits(self, monkeypatch, now):
        monkeypatch.setattr(tasks, "AT_ONCE", 2)
        monkeypatch.setitem(handling._handlers, EventType.STAY_BEGUN, [lambda event: None])
        Event.objects.bulk_create(
            Event(
                type=EventType.STAY_BEGUN,
                subject_type="x",
                subject_id=number,
                actor_kind="system",
                actor_id="x",
                actor_name="x",
                occurred_at=now,
            )
            for number in range(5)
        )
        assert tasks.dispatch_events() == 5
        assert not Event.objects.waiting().exists()
