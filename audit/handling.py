"""Who wants to hear of what: rooms above register here, so that deeds need not know them."""

from collections import defaultdict
from collections.abc import Callable

from audit.models import Event, EventType

Handler = Callable[[Event], None]

_handlers: dict[EventType, list[Handler]] = defaultdict(list)


def on(*events: EventType) -> Callable[[Handler], Handler]:
    """Have the decorated function called with each of `events`, once, in the transaction that marks it dispatched."""

    def register(handler: Handler) -> Handler:
        for event in events:
            _handlers[event].append(handler)
        return handler

    return register


def handlers_of(event: EventType) -> tuple[Handler, ...]:
    """The functions that want to hear of `event`, in the order of registration."""
    return tuple(_handlers[event])
