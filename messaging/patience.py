"""How long a message waits after a try that failed and may succeed later."""

from datetime import timedelta

from messaging.models import Message

# How long to wait after each temporary failure; after the last one a person must call.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180))


def pause_of(message: Message) -> timedelta:
    """How long `message` waits after as many tries as it has had: up to a quarter more than the step, each message its own share.

    What failed together does not come back together to a gateway that was too busy.
    """
    share = message.uid.bytes[message.attempts % len(message.uid.bytes)] / 256
    return PAUSES[message.attempts - 1] * (1 + share / 4)
