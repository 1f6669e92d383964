"""The log of what happened and who looked."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories.audit import EventFactory, ReadFactory

pytestmark = pytest.mark.django_db


class TestTheLogOnlyGrows:
    def test_an_event_is_not_changed(self):
        event = EventFactory()
        event.actor_name = "somebody else"
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            event.save()

    def test_an_event_is_not_deleted(self):
        event = EventFactory()
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            event.delete()

    def test_an_event_is_marked_as_dispatched_once(self, now):
        event = EventFactory()
        event.dispatched_at = now
        event.save()
        event.dispatched_at = None
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            event.save()

    def test_a_read_is_neither_changed_nor_deleted(self):
        read = ReadFactory()
        read.households = []
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            read.save()
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            read.delete()
