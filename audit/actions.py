"""Writing down what happened and who looked, and telling the handlers."""

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction

from audit.handling import handlers_of
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

    `facts` are ids, codes and counts, never anything personal. After the commit the worker is nudged; if the broker is down the
    beat finds the event in the table.
    """
    saved = _event_of(event, Happening(subject, at, household, facts), actor)
    saved.save(force_insert=True)
    _nudge_after_commit()
    return saved


def record_all(event: EventType, happenings: Iterable[Happening], *, actor: Actor) -> None:
    """Record that `actor` did `event` to many subjects in one deed, in that deed's own transaction."""
    told = list(happenings)
    for start in range(0, len(told), EVENTS_PER_INSERT):
        _write(event, told[start : start + EVENTS_PER_INSERT], actor)
    _nudge_after_commit()


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


def _nudge_after_commit() -> None:
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
    """Hand waiting events to their handlers, oldest first, and return how many were dispatched.

    Each event is claimed, handled and marked in one transaction, so its consequences happen exactly once, however many workers
    run and whenever one dies. An event whose handler fails stays waiting and does not hold up the others.
    """
    done = 0
    failed: list[int] = []
    while done < limit:
        with transaction.atomic():
            event = (
                Event.objects.waiting()
                .exclude(pk__in=failed)
                .select_for_update(skip_locked=True)
                .order_by("pk")
                .first()
            )
            if event is None:
                return done
            try:
                with transaction.atomic():
                    for handle in handlers_of(EventType(event.type)):
                        handle(event)
            except Exception:  # one broken consequence must not silence the rest; it is logged and tried again
                logger.exception("handler failed for event %s (%s)", event.pk, event.type)
                failed.append(event.pk)
                continue
            Event.objects.filter(pk=event.pk).update(dispatched_at=at)
            done += 1
    return done
