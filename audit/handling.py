"""Who wants to hear of what: rooms above register here, so that deeds need not know them."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from audit.models import Event, EventType

Handler = Callable[[Event], None]
ManyHandler = Callable[[Sequence[Event]], None]

_handlers: dict[EventType, list[Handler]] = defaultdict(list)
_many: dict[EventType, list[ManyHandler]] = defaultdict(list)


def on(*events: EventType) -> Callable[[Handler], Handler]:
    """Have the decorated function called with each of `events`, once, in the transaction that marks it dispatched."""

    def register(handler: Handler) -> Handler:
        for event in events:
            _handlers[event].append(handler)
        return handler

    return register


def on_many(*events: EventType) -> Callable[[ManyHandler], ManyHandler]:
    """The same for what one deed does to many at once: called with those of its events that follow one another, or with a single one.

    All of them are of one type and moment and each is about something else. Called before those that hear one by one.
    """

    def register(handler: ManyHandler) -> ManyHandler:
        for event in events:
            _many[event].append(handler)
        return handler

    return register


def is_heard(event: EventType) -> bool:
    """Whether anybody wants to hear of `event`."""
    return bool(_handlers[event] or _many[event])


def is_heard_by_many(event: EventType) -> bool:
    """Whether anybody wants to hear at once of all of `event` that one deed did."""
    return bool(_many[event])


def hear(events: Sequence[Event]) -> None:
    """Tell everybody who wants to hear of `events`, which are all of one type, in the order of registration."""
    kind = EventType(events[0].type)
    for handle_many in _many[kind]:
        handle_many(events)
    for handle in _handlers[kind]:
        for event in events:
            handle(event)
