"""Writing down what happened and who looked, and telling the handlers."""

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction

from audit.handling import hear, is_heard, is_heard_by_many
from audit.models import Event, EventType, Read, site_of
from core.actors import Actor

logger = logging.getLogger(__name__)

EVENTS_PER_INSERT = 5000
_nudges: list[Callable[[], None]] = []
# A column is one text, a line for each row: statements with thousands of values in lists are slow to read.
NONE = r"\N"
_INSERT = r"""
    INSERT INTO audit_event (type, actor_kind, actor_id, actor_name, subject_type, subject_id, household, site_id, occurred_at, facts)
    SELECT %s, %s, %s, %s, subject_type, subject_id, household, site_id, occurred_at, facts
    FROM unnest(string_to_array(%s, E'\n'), string_to_array(%s, E'\n')::bigint[], string_to_array(%s, E'\n', '\N')::uuid[],
                string_to_array(%s, E'\n', '\N')::bigint[], string_to_array(%s, E'\n')::timestamptz[],
                string_to_array(%s, E'\n')::jsonb[])
         WITH ORDINALITY AS event(subject_type, subject_id, household, site_id, occurred_at, facts, place)
    ORDER BY place
"""


Fact = str | int | bool | list[int] | list[str] | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about, where its row is not at hand: its model's label and its key."""

    label: str
    pk: int
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One of many that one deed did: to what, when, of which household, with which ids, codes and counts."""

    subject: models.Model | Subject
    at: datetime
    household: uuid.UUID | None
    facts: Mapping[str, Fact]


def record(
    event: EventType,
    *,
    subject: models.Model,
    actor: Actor,
    at: datetime,
    household: uuid.UUID | None = None,
    **facts: Fact,
) -> Event:
    """Record that `actor` did `event` to `subject` at `at`, in the deed's own transaction.

    `facts` are ids, codes and counts, never anything personal. After the commit the worker is nudged where anybody wants to hear of
    it; if the broker is down the beat finds the event in the table.
    """
    saved = _event_of(event, Happening(subject, at, household, facts), actor)
    saved.save(force_insert=True)
    _nudge_after_commit(event)
    return saved


def record_all(event: EventType, happenings: Iterable[Happening], *, actor: Actor) -> None:
    """Record that `actor` did `event` to many subjects in one deed, in that deed's own transaction."""
    told = list(happenings)
    for start in range(0, len(told), EVENTS_PER_INSERT):
        _write(event, told[start : start + EVENTS_PER_INSERT], actor)
    _nudge_after_commit(event)


def _write(event: EventType, happenings: Sequence[Happening], actor: Actor) -> None:
    """In one statement: thousands come of one sheet or one announcement."""
    columns = (
        [_label_of(each.subject) for each in happenings],
        [each.subject.pk for each in happenings],
        [each.household or NONE for each in happenings],
        [site_of(each.subject) or NONE for each in happenings],
        [each.at.isoformat() for each in happenings],
        [json.dumps(each.facts) for each in happenings],
    )
    with connection.cursor() as cursor:
        lines = ["\n".join(map(str, column)) for column in columns]
        cursor.execute(_INSERT, [event.value, actor.kind.value, actor.id, actor.name, *lines])


def _label_of(subject: models.Model | Subject) -> str:
    return subject.label if isinstance(subject, Subject) else str(subject._meta.label_lower)


def _event_of(event: EventType, happening: Happening, actor: Actor) -> Event:
    return Event(
        type=event,
        subject_type=_label_of(happening.subject),
        subject_id=happening.subject.pk,
        household=happening.household,
        site_id=site_of(happening.subject),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        occurred_at=happening.at,
        facts=happening.facts,
    )


def _nudge_after_commit(event: EventType) -> None:
    if not is_heard(event):  # the beat marks it
        return
    waiting = {hook[1] for hook in connection.run_on_commit}
    for nudge in _nudges:
        if nudge not in waiting:
            transaction.on_commit(nudge, robust=True)


def record_read(*, actor: Actor, at: datetime, households: Iterable[uuid.UUID], page: str) -> None:
    """Record that `actor` saw `households` on `page` at `at`. A page that shows nobody records nothing."""
    seen = sorted(set(households))
    if seen:
        Read.objects.create(
            actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name, page=page, households=seen, at=at
        )


def nudge_after_commit(nudge: Callable[[], None]) -> None:
    """Have `nudge` called after each commit that recorded an event. The wiring uses it to wake the worker."""
    _nudges.append(nudge)


def dispatch_pending(*, at: datetime, limit: int = 200) -> int:
    """Hand waiting events to their handlers, oldest first, and return how many were heard; what nobody hears of is marked besides.

    Events are claimed, handled and marked in one transaction, so that their consequences happen exactly once, however many workers
    run and whenever one dies. An event whose handler fails stays waiting and does not hold up the others: what one deed did to many is
    heard at once, and where that fails one by one.
    """
    _pass_over_unheard(at)
    failed: list[int] = []
    done = alone_until = 0
    while done < limit:
        with transaction.atomic():
            events = _next_of_one_deed(apart_from=failed, most=limit - done, alone_until=alone_until)
            if not events:
                return done
            if _are_heard(events):
                Event.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=at)
                done += len(events)
            elif len(events) > 1:
                alone_until = events[-1].pk
            else:
                failed.append(events[0].pk)
    return done


def _pass_over_unheard(at: datetime) -> None:
    heard = [event.value for event in EventType if is_heard(event)]
    unheard = Event.objects.waiting().exclude(type__in=heard).select_for_update(skip_locked=True)
    with transaction.atomic():
        Event.objects.filter(pk__in=unheard.values("pk")).update(dispatched_at=at)


def _next_of_one_deed(*, apart_from: Sequence[int], most: int, alone_until: int) -> list[Event]:
    """The oldest waiting event and, up to `most`, those of the same deed that stand right behind it; up to `alone_until` it comes alone."""
    waiting = Event.objects.waiting().exclude(pk__in=apart_from).order_by("pk")
    first = waiting.select_for_update(skip_locked=True).first()
    if first is None:
        return []
    if first.pk <= alone_until or not is_heard_by_many(EventType(first.type)):
        return [first]
    of_one_deed = _marks(first)
    subjects, behind = {first.subject_id}, []
    for each in waiting.filter(pk__gt=first.pk)[: most - 1]:
        if _marks(each) != of_one_deed or each.subject_id in subjects:
            break
        subjects.add(each.subject_id)
        behind.append(each.pk)
    return [first, *waiting.filter(pk__in=behind).select_for_update(skip_locked=True)]


def _marks(event: Event) -> tuple[str, datetime, str, str]:
    return (event.type, event.occurred_at, event.actor_kind, event.actor_id)


def _are_heard(events: Sequence[Event]) -> bool:
    """Whether all who want to hear of `events` took them; what they did is undone where not."""
    try:
        with transaction.atomic():
            hear(events)
    except Exception:  # one broken consequence must not silence the rest; it is logged and tried again
        keys = ", ".join(str(event.pk) for event in events)
        logger.exception("handler failed for event %s (%s)", keys, events[0].type)
        return False
    return True
