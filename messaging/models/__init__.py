"""Messages that go out, numbers that must not be used, replies that come in."""

from messaging.models.messages import Heartbeat, Message, MessageQuerySet, is_due
from messaging.models.numbers import Number, NumberQuerySet
from messaging.models.replies import Reply, ReplyAbout, ReplyAboutQuerySet, ReplyQuerySet

__all__ = [
    "Heartbeat",
    "Message",
    "MessageQuerySet",
    "Number",
    "NumberQuerySet",
    "Reply",
    "ReplyAbout",
    "ReplyAboutQuerySet",
    "ReplyQuerySet",
    "is_due",
]
