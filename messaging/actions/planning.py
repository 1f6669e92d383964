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
from core.rows import update_rows
from messaging.models import Message, MessageQuerySet
from privacy.cipher import encrypt

PLANS_PER_INSERT = 2000
LABEL = Message._meta.label_lower
Status = Message.Status
Steps = tuple[tuple[str, datetime], ...]  # rungs, each with the moment it is due
Told = tuple[uuid.UUID, list[int], list[str]]  # whom messages are about, the key of each, the rung of each

# What the model would say of each row is said once for all of them: an empty text is encrypted like any other. A column is one
# text, a line for each row: statements with thousands of values in lists are slow to read. Plans that share their steps name them
# by number.
_INSERT = r"""
    WITH plan AS (
        SELECT * FROM unnest(string_to_array(%(keys)s, E'\n'), string_to_array(%(purposes)s, E'\n'),
                             string_to_array(%(subjects)s, E'\n')::uuid[], string_to_array(%(recipients)s, E'\n')::uuid[],
                             string_to_array(%(params)s, E'\n')::jsonb[], string_to_array(%(expire)s, E'\n')::timestamptz[],
                             string_to_array(%(ladders)s, E'\n')::int[])
                      WITH ORDINALITY AS plan(key, purpose, subject, recipient, params, expires_at, ladder, place)
    ), step AS (
        SELECT * FROM unnest(string_to_array(%(step_ladders)s, E'\n')::int[], string_to_array(%(rungs)s, E'\n'),
                             string_to_array(%(due)s, E'\n')::timestamptz[])
                      WITH ORDINALITY AS step(ladder, rung, due_at, place)
    ), written AS (
        INSERT INTO messaging_message (uid, purpose, plan_key, subject, recipient, params, rung, due_at, expires_at, status, channel,
                                       language, address, title, body, attempts, may_have_arrived_twice, gateway, gateway_ref,
                                       error_code)
        SELECT gen_random_uuid(), purpose, key || rung || ':' || recipient, subject, recipient, params, rung, due_at, expires_at,
               'planned', '', '', %(address)s, %(title)s, %(body)s, 0, false, '', '', ''
        FROM plan JOIN step USING (ladder)
        ORDER BY plan.place, step.place
        ON CONFLICT (plan_key) DO NOTHING
        RETURNING id, subject, rung
    )
    SELECT subject, array_agg(id ORDER BY id), array_agg(rung ORDER BY id) FROM written GROUP BY subject ORDER BY min(id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one person is to be told of one thing: a message for each of `steps`, its rung and the moment it is due.

    `key`, the rung and the person make it the same message however often it is planned; ids only, nothing personal.
    """

    key: str
    purpose: str
    subject: uuid.UUID
    recipient: uuid.UUID
    steps: Steps
    expires_at: datetime
    params: Mapping[str, str | int] = field(default_factory=dict)

    def plan_key(self, rung: str) -> str:
        """What names its message of `rung`, as `_INSERT` does."""
        return f"{self.key}{rung}:{self.recipient}"


@transaction.atomic
def plan_messages(*, plans: Sequence[Plan], actor: Actor, at: datetime) -> int:
    """Have each step of `plans` stand as one waiting row, and return how many were planned anew. Records one event a household.

    What was sent stays as it is; what waits moves to the planned moment; what was withdrawn waits again. What another planner
    wrote in the same moment is its own to count and record.
    """
    told = [each for batch in _batches(plans) for each in _inserted(batch)]
    if _count(told) < sum(len(plan.steps) for plan in plans):
        told += _renewed(plans, apart_from=[key for _, keys, _ in told for key in keys])
    _record_per_household(EventType.MESSAGES_PLANNED, told, actor, at)
    return _count(told)


@transaction.atomic
def withdraw(*, messages: MessageQuerySet, actor: Actor, at: datetime) -> int:
    """Withdraw those of `messages` that still wait, and return how many. One that is being sent can no longer be held."""
    waiting = messages.waiting().select_for_update().order_by("pk").values_list("pk", "subject", "rung")
    told: list[Told] = [(subject, [key], [rung]) for key, subject, rung in waiting]
    Message.objects.filter(pk__in=[key for _, keys, _ in told for key in keys]).update(status=Status.WITHDRAWN)
    _record_per_household(EventType.MESSAGES_WITHDRAWN, told, actor, at)
    return _count(told)


def _count(told: Iterable[Told]) -> int:
    return sum(len(keys) for _, keys, _ in told)


def _batches(plans: Sequence[Plan]) -> Iterable[Sequence[Plan]]:
    return (plans[start : start + PLANS_PER_INSERT] for start in range(0, len(plans), PLANS_PER_INSERT))


def _inserted(plans: Sequence[Plan]) -> list[Told]:
    """Write the messages of `plans` that were not there."""
    ladders: dict[Steps, int] = {}
    numbers = [ladders.setdefault(plan.steps, len(ladders)) for plan in plans]
    steps = [(number, *step) for ladder, number in ladders.items() for step in ladder]
    columns: dict[str, Sequence[object]] = {
        "keys": [plan.key for plan in plans],
        "purposes": [plan.purpose for plan in plans],
        "subjects": [plan.subject for plan in plans],
        "recipients": [plan.recipient for plan in plans],
        "params": [json.dumps(dict(plan.params)) for plan in plans],
        "expire": [plan.expires_at.isoformat() for plan in plans],
        "ladders": numbers,
        "step_ladders": [number for number, _, _ in steps],
        "rungs": [rung for _, rung, _ in steps],
        "due": [due_at.isoformat() for _, _, due_at in steps],
    }
    given = {name: "\n".join(map(str, column)) for name, column in columns.items()}
    empty = {name: encrypt(b"", f"{LABEL}.{name}") for name in ("address", "title", "body")}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {**given, **empty})
        return list(cursor.fetchall())


def _renewed(plans: Sequence[Plan], *, apart_from: Collection[int]) -> list[Told]:
    """Bring rows that are there already to what is planned now; returns those that had been withdrawn."""
    wanted = {plan.plan_key(rung): (due_at, plan.expires_at) for plan in plans for rung, due_at in plan.steps}
    known = Message.objects.filter(plan_key__in=wanted, status__in=(Status.PLANNED, Status.WITHDRAWN))
    there = known.exclude(pk__in=apart_from).defer("address", "title", "body", "pieces")
    moved = list(there.select_for_update().order_by("pk"))
    revived = [(each.subject, [each.pk], [each.rung]) for each in moved if each.status == Status.WITHDRAWN]
    for message in moved:
        message.status, (message.due_at, message.expires_at) = Status.PLANNED, wanted[message.plan_key]
    update_rows(moved, ["status", "due_at", "expires_at"])
    return revived


def _record_per_household(event: EventType, told: Iterable[Told], actor: Actor, at: datetime) -> None:
    households: dict[uuid.UUID, tuple[list[int], list[str]]] = {}
    for household, some_keys, some_rungs in told:
        keys, rungs = households.setdefault(household, ([], []))
        keys += some_keys
        rungs += some_rungs
    happenings = [
        Happening(Subject(LABEL, keys[0]), at, household, {"count": len(keys), "rungs": rungs})
        for household, (keys, rungs) in households.items()
    ]
    if happenings:
        record_all(event, happenings, actor=actor)
