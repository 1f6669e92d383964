"""Messages as they are planned and taken back, one or a hundred thousand at once: in sets, by the same few queries."""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from audit.actions import Happening, Subject, record_all
from audit.models import EventType
from core.actors import Actor
from messaging.models import Message, MessageQuerySet
from privacy.cipher import encrypt

MESSAGES_PER_INSERT = 5000
LABEL = Message._meta.label_lower
Status = Message.Status
Row = tuple[int, uuid.UUID, str]  # the key of a message, whom it is about, its rung

# What the model would say of each row is said once for all of them: an empty text is encrypted like any other. A column is one
# text, a line for each row: statements with thousands of values in lists are slow to read.
_INSERT = r"""
    INSERT INTO messaging_message (uid, purpose, plan_key, subject, recipient, params, rung, due_at, expires_at, status, channel,
                                   language, address, title, body, attempts, may_have_arrived_twice, gateway, gateway_ref, error_code)
    SELECT gen_random_uuid(), purpose, plan_key, subject, recipient, params, rung, due_at, expires_at, 'planned', '', '', %s, %s, %s,
           0, false, '', '', ''
    FROM unnest(string_to_array(%s, E'\n'), string_to_array(%s, E'\n'), string_to_array(%s, E'\n')::uuid[],
                string_to_array(%s, E'\n')::uuid[], string_to_array(%s, E'\n')::jsonb[], string_to_array(%s, E'\n'),
                string_to_array(%s, E'\n')::timestamptz[], string_to_array(%s, E'\n')::timestamptz[])
         WITH ORDINALITY AS plan(purpose, plan_key, subject, recipient, params, rung, due_at, expires_at, place)
    ORDER BY place
    ON CONFLICT (plan_key) DO NOTHING
    RETURNING id, plan_key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One message to plan. `plan_key` makes it the same message however often it is planned; ids only, nothing personal."""

    plan_key: str
    purpose: str
    subject: uuid.UUID
    recipient: uuid.UUID
    rung: str
    due_at: datetime
    expires_at: datetime
    params: Mapping[str, str | int] = field(default_factory=dict)


@transaction.atomic
def plan_messages(*, plans: Collection[Plan], actor: Actor, at: datetime) -> int:
    """Have each of `plans` stand as one waiting row, and return how many were planned anew. Records one event a household.

    What was sent stays as it is; what waits moves to the planned moment; what was withdrawn waits again. What another planner
    wrote in the same moment is its own to count and record.
    """
    keys = {plan_key: key for batch in _batches(list(plans)) for key, plan_key in _inserted(batch)}
    rows = [(keys[plan.plan_key], plan.subject, plan.rung) for plan in plans if plan.plan_key in keys]
    if len(rows) < len(plans):
        rows += _renewed([plan for plan in plans if plan.plan_key not in keys])
    _record_per_household(EventType.MESSAGES_PLANNED, rows, actor, at)
    return len(rows)


@transaction.atomic
def withdraw(*, messages: MessageQuerySet, actor: Actor, at: datetime) -> int:
    """Withdraw those of `messages` that still wait, and return how many. One that is being sent can no longer be held."""
    waiting: list[Row] = list(
        messages.waiting().select_for_update().order_by("pk").values_list("pk", "subject", "rung")
    )
    Message.objects.filter(pk__in=[key for key, *_ in waiting]).update(status=Status.WITHDRAWN)
    _record_per_household(EventType.MESSAGES_WITHDRAWN, waiting, actor, at)
    return len(waiting)


def _batches(plans: Sequence[Plan]) -> Iterable[Sequence[Plan]]:
    return (plans[start : start + MESSAGES_PER_INSERT] for start in range(0, len(plans), MESSAGES_PER_INSERT))


def _inserted(plans: Sequence[Plan]) -> list[tuple[int, str]]:
    """Write those of `plans` that were not there; key and plan key of each."""
    empty = [encrypt(b"", f"{LABEL}.{name}") for name in ("address", "title", "body")]
    # Those of one hearing share what they are about and their params: written out once.
    text = {uid: str(uid) for plan in plans for uid in (plan.subject, plan.recipient)}
    params = {key: json.dumps(dict(each)) for key, each in {id(plan.params): plan.params for plan in plans}.items()}
    columns = (
        [plan.purpose for plan in plans],
        [plan.plan_key for plan in plans],
        [text[plan.subject] for plan in plans],
        [text[plan.recipient] for plan in plans],
        [params[id(plan.params)] for plan in plans],
        [plan.rung for plan in plans],
        [plan.due_at.isoformat() for plan in plans],
        [plan.expires_at.isoformat() for plan in plans],
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*empty, *map("\n".join, columns)])
        return list(cursor.fetchall())


def _renewed(plans: Sequence[Plan]) -> list[Row]:
    """Bring rows that are there already to what is planned now; returns those that had been withdrawn."""
    wanted = {plan.plan_key: plan for plan in plans}
    known = Message.objects.filter(plan_key__in=wanted, status__in=(Status.PLANNED, Status.WITHDRAWN))
    moved = list(known.defer("address", "title", "body", "pieces").select_for_update().order_by("pk"))
    revived = [(each.pk, each.subject, each.rung) for each in moved if each.status == Status.WITHDRAWN]
    for message in moved:
        plan = wanted[message.plan_key]
        message.status, message.due_at, message.expires_at = Status.PLANNED, plan.due_at, plan.expires_at
    Message.objects.bulk_update(moved, ["status", "due_at", "expires_at"], batch_size=MESSAGES_PER_INSERT)
    return revived


def _record_per_household(event: EventType, messages: Iterable[Row], actor: Actor, at: datetime) -> None:
    households: dict[uuid.UUID, list[Row]] = {}
    for message in messages:
        households.setdefault(message[1], []).append(message)
    happenings = [
        Happening(
            Subject(LABEL, theirs[0][0]), at, household, {"count": len(theirs), "rungs": [rung for *_, rung in theirs]}
        )
        for household, theirs in households.items()
    ]
    if happenings:
        record_all(event, happenings, actor=actor)
