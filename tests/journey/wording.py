"""What one reminder says, as the sweep asks for many."""

from datetime import datetime

from core.actors import Actor
from journey import reminder_words
from messaging.composing import Worded
from messaging.models import Message


def compose(message: Message, actor: Actor, at: datetime) -> Worded:
    """The words of `message` at `at`, or why it is not to go."""
    (said,) = reminder_words.compose([message], actor, at)
    return said
