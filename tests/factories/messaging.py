"""Messages for tests: a reminder due at the moment of the story."""

import uuid
from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from messaging.models import Heartbeat, Message, Reply, ReplyAbout


class MessageFactory(DjangoModelFactory):
    """A planned reminder, due on 8 December 2021 at 17:00 UTC and of use for a week."""

    class Meta:
        model = Message

    purpose = "hearing_reminder"
    plan_key = factory.Sequence(lambda number: f"test:{number}")
    subject = factory.LazyFunction(uuid.uuid4)
    recipient = factory.LazyFunction(uuid.uuid4)
    rung = "days_7"
    due_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)
    expires_at = factory.LazyAttribute(lambda message: message.due_at + timedelta(days=7))


class HeartbeatFactory(DjangoModelFactory):
    class Meta:
        model = Heartbeat
        django_get_or_create = ("sweep",)

    sweep = "messages"
    ran_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


class ReplyFactory(DjangoModelFactory):
    """A cry for help that came at the moment of the story. `about` is the household whose number it was."""

    class Meta:
        model = Reply
        skip_postgeneration_save = True

    gateway = "twilio"
    gateway_ref = factory.Sequence(lambda number: f"SM{number}")
    channel = "sms"
    token = 7
    address = "+526561230000"
    text = "Ayuda"
    meaning = "help"
    received_at = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)

    @factory.post_generation
    def about(self, create, household, **kwargs):
        if household:
            ReplyAbout.objects.create(reply=self, subject=household.uid, recipient=household.people.first().uid)
