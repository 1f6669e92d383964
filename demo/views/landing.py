"""The floor of logging a family: the same sign-in, the same envelope opened, the same rows written by SQL, nothing asked."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from psycopg2.extras import execute_values

from audit.models import Event
from cases.models import Arrival, Consent, Household, Person, SearchToken, StepTaken
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from privacy.blind_index import token_of_number, tokens_of_name
from privacy.cipher import encrypt
from privacy.fields import encrypted_fields
from privacy.sealing import open_sealed
from tablets.models import Delivery

Changes = Callable[[int], dict[str, Any]]


@staff_page(Capability.LOG_ARRIVAL)
@require_POST
def land(request: StaffRequest) -> HttpResponse:
    """Write the rows of the household `?like=` once more, with the names and numbers of the entry that was sent."""
    (item,) = json.loads(request.body)["items"]
    fields = json.loads(open_sealed(item["sealed"], f"{item['id']}|arrival".encode()))["fields"]
    household = _write(UUID(request.GET["like"]), fields, UUID(item["id"]))
    result = {"id": item["id"], "status": "received", "household": str(household)}
    return JsonResponse({"now": timezone.now().isoformat(), "results": [result]})


@transaction.atomic
def _write(like: UUID, fields: dict[str, list[str]], entry: UUID) -> UUID:
    uid = uuid4()
    own, arrivals, people, steps, consents, events, deliveries = _rows_like(like)
    (key,) = _again(Household, own, lambda _: {"uid": uid})
    of = {"household_id": key}
    (arrival,) = _again(Arrival, arrivals, lambda _: {**of, "uid": entry})
    written = [_person(fields, position) for position in range(1, len(people) + 1)]
    keys = _again(Person, people, lambda n: {**of, "uid": uuid4(), **_secrets(written[n])})
    lines = "".join(
        f"{person}\t{token.value}\n" for person, names in zip(keys, written, strict=True) for token in _tokens(names)
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {SearchToken._meta.db_table} (person_id, value) FROM STDIN", StringIO(lines))
    _again(StepTaken, steps, lambda n: {"person_id": keys[n], "arrival_id": arrival})
    _again(Consent, consents, lambda _: of)
    _again(Event, events, lambda _: {"household": uid})
    _again(Delivery, deliveries, lambda _: {**of, "uid": entry})
    return uid


def _person(fields: dict[str, list[str]], position: int) -> dict[str, str]:
    given = fields[f"p{position}-given_names"][0]
    phone = fields["phone"][0] if position == 1 else ""
    return {"given_names": given, "surnames": fields["p1-surnames"][0], "birth_date": "1990-01-01", "phone": phone}


def _secrets(written: dict[str, str]) -> dict[str, bytes]:
    return {
        str(field.column): encrypt(written.get(field.name, "").encode(), field.purpose)
        for field in encrypted_fields(Person)
    }


def _tokens(written: dict[str, str]) -> list[Any]:
    tokens = tokens_of_name(written["given_names"], written["surnames"])
    return [*tokens, token_of_number(written["phone"], "phone")] if written["phone"] else list(tokens)


@cache
def _rows_like(like: UUID) -> tuple[list[Any], ...]:
    """The rows that the product wrote for one household, table by table. Read once a process."""
    found = Household.objects.get(uid=like)
    asked: Sequence[tuple[type[models.Model], str, object]] = (
        (Household, "id", found.pk),
        (Arrival, "household_id", found.pk),
        (Person, "household_id", found.pk),
        (StepTaken, "person_id", [person.pk for person in found.people.order_by("pk")]),
        (Consent, "household_id", found.pk),
        (Event, "household", found.uid),
        (Delivery, "household_id", found.pk),
    )
    return tuple(_rows(model, column, value) for model, column, value in asked)


def _rows(model: type[models.Model], column: str, value: object) -> list[Any]:
    query = f"SELECT {', '.join(_columns(model))} FROM {model._meta.db_table} WHERE {column} = ANY(%s) ORDER BY id"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(query, [value if isinstance(value, list) else [value]])
        return list(cursor.fetchall())


def _again(model: type[models.Model], rows: list[Any], changes: Changes) -> list[int]:
    """Insert `rows` once more with what `changes` says for each, in one statement; their new keys."""
    columns = _columns(model)
    values = [
        [new.get(column, old) for column, old in zip(columns, row, strict=True)]
        for row, new in ((row, changes(n)) for n, row in enumerate(rows))
    ]
    query = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES %s RETURNING id"  # nosec B608
    with connection.cursor() as cursor:
        return [key for (key,) in execute_values(cursor.cursor, query, values, fetch=True)]


def _columns(model: type[models.Model]) -> list[str]:
    """All columns but the key."""
    return [str(field.column) for field in model._meta.local_concrete_fields if not field.primary_key]
