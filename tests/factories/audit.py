"""Deeds and reads for tests, as the log keeps them."""

import uuid
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from audit.models import Event, EventType, Read
from core.actors import ActorKind


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    type = EventType.ARRIVAL_RECORDED
    subject_type = "cases.arrival"
    subject_id = 1
    household = factory.LazyFunction(uuid.uuid4)
    actor_kind = ActorKind.STAFF
    actor_id = "1"
    actor_name = "Maribel Ontiveros"
    occurred_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


class ReadFactory(DjangoModelFactory):
    class Meta:
        model = Read

    actor_kind = ActorKind.STAFF
    actor_id = "1"
    actor_name = "Maribel Ontiveros"
    page = "household"
    households = factory.LazyFunction(lambda: [uuid.uuid4()])
    at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
