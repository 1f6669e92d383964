"""The floor that pages are measured against: the same sign-in, raw SQL for the same facts, decryption, and the record of the read.

No templates, no models, no rules: what a page costs beyond its floor is what it does for its reader. Served by `demo.wsgi`
while `make bench` runs, never by the product.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from cases.models import Person
from core.actors import Capability
from core.doors import StaffRequest, staff_page
from demo.bench.sql import (
    CANDIDATES,
    HEARINGS_OF_HOUSEHOLDS,
    HOUSEHOLD,
    HOUSEHOLD_EVENTS,
    HOUSEHOLD_MESSAGES,
    HOUSEHOLDS,
    HOUSEHOLDS_AFTER,
    NAMES,
    PEOPLE_OF_HOUSEHOLDS,
    SHELTERS,
    WHO_OF_PEOPLE,
)
from privacy.blind_index import tokens_of_query
from privacy.cipher import decrypt

DECRYPTED, SHOWN, INDEXED = 200, 20, 2000
SECRETS = {
    name: f"{Person._meta.label_lower}.{name}"
    for name in ("given_names", "surnames", "birth_date", "phone", "a_number")
}


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """Fifty households with their people, papers, tests, places and next hearing."""
    now, sites = timezone.now(), list(request.actor.site_ids)
    after = request.GET.get("after")
    found = _rows(HOUSEHOLDS_AFTER, [sites, sites, after]) if after else _rows(HOUSEHOLDS, [sites, sites])
    keys = [row[0] for row in found]
    members = [_opened(row) for row in _rows(PEOPLE_OF_HOUSEHOLDS, [keys])]
    hearings = _rows(HEARINGS_OF_HOUSEHOLDS, [keys, now])
    record_read(actor=request.actor, at=now, households=[row[1] for row in found], page="people")
    return _text(found, members, hearings)


@staff_page(Capability.SEE_PEOPLE)
@require_GET
def household(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One household with everything its page tells."""
    now, sites = timezone.now(), list(request.actor.site_ids)
    found = _rows(HOUSEHOLD, [uid, sites, sites])
    keys = [row[0] for row in found]
    members = [_opened(row, with_numbers=True) for row in _rows(PEOPLE_OF_HOUSEHOLDS, [keys])]
    hearings = _rows(HEARINGS_OF_HOUSEHOLDS, [keys, now])
    events, messages = _rows(HOUSEHOLD_EVENTS, [uid]), _rows(HOUSEHOLD_MESSAGES, [uid])
    record_read(actor=request.actor, at=now, households=[uid], page="household")
    return _text(found, members, hearings, events, messages)


@staff_page(Capability.SEE_PEOPLE)
@require_POST
def find(request: StaffRequest) -> HttpResponse:
    """The people who share most with what was typed, opened but not ranked."""
    now, sites = timezone.now(), list(request.actor.site_ids)
    tokens = tokens_of_query(request.POST.get("q", ""))
    weights = _rows(CANDIDATES, [[token.value for token in tokens], [token.weight for token in tokens], INDEXED])
    names = [
        (key, decrypt(bytes(given), SECRETS["given_names"]), decrypt(bytes(surnames), SECRETS["surnames"]))
        for key, given, surnames in _rows(NAMES, [[row[0] for row in weights], sites, sites, DECRYPTED])
    ]
    who = _rows(WHO_OF_PEOPLE, [[key for key, _given, _surnames in names[:SHOWN]]])
    record_read(actor=request.actor, at=now, households={row[1] for row in who}, page="find")
    return _text(names[:SHOWN], who)


@staff_page(Capability.SEE_SHELTERS)
@require_GET
def shelters(request: StaffRequest) -> HttpResponse:
    """Every shelter with its rooms, counted."""
    now = timezone.now()
    return _text(_rows(SHELTERS, [now, now, now, now, now, now, list(request.actor.site_ids)]))


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _opened(row: tuple[Any, ...], *, with_numbers: bool = False) -> tuple[Any, ...]:
    """A person's row with the names and the birth date in clear."""
    key, of, given, surnames, birth, phone, a_number, *rest = row
    opened = [
        decrypt(bytes(value), SECRETS[name]) if value is not None else b""
        for name, value in (("given_names", given), ("surnames", surnames), ("birth_date", birth))
    ]
    if with_numbers:
        opened += [decrypt(bytes(phone), SECRETS["phone"]), decrypt(bytes(a_number), SECRETS["a_number"])]
    return (key, of, *opened, *rest)


def _text(*tables: Iterable[tuple[Any, ...]]) -> HttpResponse:
    lines = (" ".join(str(value) for value in row) for table in tables for row in table)
    return HttpResponse("".join(f"<p>{escape(line)}</p>" for line in lines))
